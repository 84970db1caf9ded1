/** What was rendered when a run began, put together from its journal and the prompt's present code. */
import type { PromptRendered } from "../journal/index.ts";
import { disclosureTools, type Prompt, type RenderedPrompt, shownStates, visibility } from "../prompt/index.ts";
import { asTold } from "./tool-spec.ts";

/** Gives the recorded texts and tools; handlers, slices and schemas are those of the code. Tools that are gone are left out. */
export function recallRendered(prompt: Prompt, known: PromptRendered): RenderedPrompt {
  const { template } = prompt;
  const { nodes } = template;
  const said = known.answers ?? saidIn(known);
  const answers = nodes.map(({ path }) => said[path] ?? "off");
  const enabled = nodes.filter((_node, index) => answers[index] !== "off");
  const offered = disclosureTools(prompt, answers, shownStates(template, answers));
  const tools = asTold([...nodes.flatMap(({ section }) => section.tools), ...offered], known.tools);
  return {
    system: known.system,
    first: known.first.content.map((part) => (part.type === "text" ? part.text : "")).join(""),
    sections: [],
    tools,
    slices: [...enabled.flatMap(({ section }) => section.slices), ...(template.summaries ? [visibility] : [])],
    output: template.output,
    answers,
    tokens: undefined,
  };
}

/** Version 1 tells only which sections were shown. */
function saidIn({ sections, summaries }: PromptRendered): Readonly<Record<string, "full" | "summary">> {
  return Object.fromEntries(sections.map((path) => [path, summaries.includes(path) ? "summary" : "full"]));
}
