/** Hello with a tool: the model looks a word up before it answers, and every step can be watched. */
import { definePrompt, fail, ok, section, tool } from "weakincentives";
import { modelAdapter } from "weakincentives/adapter";
import { callTools, sayJson, scriptedModel } from "weakincentives/model/scripted";
import { z } from "zod";

const greetings: ReadonlyMap<string, string> = new Map([
  ["english", "Hello"],
  ["french", "Bonjour"],
  ["german", "Guten Tag"],
]);

const lookUp = tool({
  name: "look_up_greeting",
  description: "Tell how people greet each other in a language.",
  effects: "none",
  params: z.object({ language: z.string().describe("in English, like 'french'") }),
  result: z.object({ word: z.string() }),
  handler({ language }) {
    const word = greetings.get(language.toLowerCase());
    // What is expected to fail is a value: the model reads the sentence and can act on it.
    return word === undefined
      ? fail(`Unknown language. Known are: ${[...greetings.keys()].join(", ")}.`)
      : ok({ word });
  },
});

const greeting = definePrompt({
  ns: "examples",
  key: "hello-with-tool",
  output: z.object({ greeting: z.string() }),
  sections: [
    section({ key: "manners", title: "Manners", body: "Look words up; never guess them.", tools: [lookUp] }),
    section({
      key: "task",
      title: "Task",
      params: z.object({ name: z.string(), language: z.string() }),
      body: "Greet {{name}} in {{language}}.",
    }),
  ],
});

// Stands in for a language model: it plays these answers in order, and checks what it is told in between.
const model = scriptedModel([
  callTools([{ name: "look_up_greeting", arguments: { language: "Klingon" } }]),
  callTools([{ name: "look_up_greeting", arguments: { language: "French" } }], {
    expect: { results: [{ failed: true, text: "Known are" }] },
  }),
  sayJson({ greeting: "Bonjour, Ada!" }, { expect: { results: [{ failed: false, text: "Bonjour" }] } }),
]);

const run = modelAdapter(model).run(greeting.bind({ name: "Ada", language: "French" }));
for await (const step of run.events()) {
  if (step.type === "tool/finished") console.log(`${step.name}: ${step.status}, the model reads: ${step.text}`);
}
const outcome = await run.outcome;
console.log(outcome.status === "completed" ? outcome.output.greeting : `The run ended ${outcome.status}.`);
model.assertComplete(); // the script was played to its end
