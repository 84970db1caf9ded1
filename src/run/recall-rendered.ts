/** What was rendered when a run began, put together from its journal and the prompt's present code. */
import type { PromptRendered } from "../journal/index.ts";
import { disclosureTools, type Prompt, type RenderedPrompt, shownStates, visibility } from "../prompt/index.ts";
import type { Tool } from "../tool/index.ts";

/** Gives the recorded texts and tools; handlers, slices and schemas are those of the code. Tools that are gone are left out. */
export function recallRendered(prompt: Prompt, known: PromptRendered): RenderedPrompt {
  const { template } = prompt;
  const { nodes } = template;
  const said = known.answers ?? saidIn(known);
  const answers = nodes.map(({ path }) => said[path] ?? "off");
  const enabled = nodes.filter((_node, index) => answers[index] !== "off");
  const all = new Map(nodes.flatMap(({ section }) => section.tools).map((tool) => [tool.name, tool]));
  for (const tool of disclosureTools(prompt, answers, shownStates(template, answers))) all.set(tool.name, tool);
  const tools: Tool[] = [];
  for (const { name, description, parameters } of known.tools) {
    const tool = all.get(name);
    if (tool !== undefined) tools.push({ ...tool, description, parameters }); // as the model was told
  }
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
