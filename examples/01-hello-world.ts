/**
 * Hello, world: one section, one typed answer. Runs offline on a scripted model.
 * With a key in the environment: OPENAI_API_KEY=… npx node --conditions=source examples/01-hello-world.ts gpt-5.2
 */
import { definePrompt, section } from "weakincentives";
import { modelAdapter } from "weakincentives/adapter";
import { autoAdapter } from "weakincentives/adapter/auto";
import { sayJson, scriptedModel } from "weakincentives/model/scripted";
import { z } from "zod";

const greeting = definePrompt({
  ns: "examples",
  key: "hello-world",
  output: z.object({ greeting: z.string() }),
  sections: [
    section({
      key: "task",
      title: "Task",
      params: z.object({ name: z.string() }),
      body: "Greet {{name}} in one short sentence.",
    }),
  ],
});

const name = process.argv[2];
const adapter =
  name === undefined
    ? modelAdapter(scriptedModel([sayJson({ greeting: "Hello, Ada, and welcome." })]))
    : await autoAdapter({ model: name, env: process.env });

const { output } = await adapter.evaluate(greeting.bind({ name: "Ada" }));
console.log(output.greeting);
