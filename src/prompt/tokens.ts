/** What each part of a rendered prompt costs in tokens. */
import type { CountTokens } from "../limits/index.ts";
import type { PromptTokens, RenderedPrompt } from "./rendered-prompt.ts";

type Countable = Pick<RenderedPrompt, "system" | "first" | "sections" | "tools" | "output">;

/** Counts the tokens of each section's text and tools. */
export function countPromptTokens(rendered: Countable, count: CountTokens): PromptTokens {
  const { output } = rendered;
  const ofTool = new Map(
    rendered.tools.map(({ name, description, parameters }) => [
      name,
      count(JSON.stringify({ name, description, parameters })),
    ]),
  );
  const sections = rendered.sections.map(({ path, part, start, end, tools }) => ({
    path,
    text: count(rendered[part].slice(start, end)),
    tools: sum(tools.map((name) => ofTool.get(name) ?? 0)),
  }));
  const owned = sum(sections.map(({ tools }) => tools));
  const rest = sum(ofTool.values()) - owned + (output === undefined ? 0 : count(JSON.stringify(output.jsonSchema)));
  return { total: sum(sections.map(({ text }) => text)) + owned + rest, sections, rest };
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
