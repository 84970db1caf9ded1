/** Writes one section: heading, then body or summary. */
import type { Prompt } from "./bind.ts";
import type { SectionNode } from "./compiled-template.ts";
import { fillText, fullText } from "./fill-text.ts";
import type { Parts } from "./placeholder.ts";
import { calling, contextOf, paramsOf, type SectionState, type SessionView, wrongKind } from "./section-states.ts";

/** The text of one section, without those below it. Its state is `full` or `summary`. */
export function sectionText(
  prompt: Prompt,
  index: number,
  states: readonly SectionState[],
  session: SessionView,
): string {
  const { nodes } = prompt.template;
  const node = nodes[index] as SectionNode; // as: index is that of a node
  const { summary } = node.section;
  if (states[index] === "summary" && summary !== undefined) {
    const text = fillText(summary.parts, paramsFor(summary.parts, prompt, index), node.path);
    return summaryText(nodes, index, states, text);
  }
  return prompt.texts[index] ?? fullText(node, bodyText(prompt, index, session));
}

/** A section that shows its summary, and how the model gets to see what that stands for. */
export function summaryText(
  nodes: readonly SectionNode[],
  index: number,
  states: readonly SectionState[],
  summary: string,
): string {
  const { heading } = nodes[index] as SectionNode; // as: index is that of a node
  const text = fullText({ heading, examples: "" }, summary);
  return `${text}\n\n---\n\n${notice(nodes, index, states)}`;
}

function bodyText(prompt: Prompt, index: number, session: SessionView): string {
  const { section, path } = prompt.template.nodes[index] as SectionNode; // as: index is that of a node
  const { body } = section;
  if (body.kind === "parts") return fillText(body.parts, paramsFor(body.parts, prompt, index), path);
  const written = calling(path, "the body", () => body.text.write(contextOf(prompt, index, session)));
  if (typeof written === "string") return written;
  throw wrongKind(path, "the body", "a text, at once", written, `body: { text: "plan/v1", write: () => "…" }`);
}

/** The params that a text needs: none when it shows none, so that they may be missing. */
const paramsFor = (parts: Parts, prompt: Prompt, index: number): object =>
  parts.length === 1 ? {} : paramsOf(prompt, index);

/** Says how the model gets to see what a summary stands for. */
function notice(nodes: readonly SectionNode[], index: number, states: readonly SectionState[]): string {
  const { path, descendants } = nodes[index] as SectionNode; // as: index is that of a node
  const children: string[] = [];
  for (let below = index + 1; below <= index + descendants; below++) {
    const node = nodes[below] as SectionNode; // as: descendants stand behind their section
    if (node.parent === index && states[below] !== "off") children.push(node.path);
  }
  const what = bringsTools(nodes, index, states)
    ? `call open_sections with "${path}" to see it in full and to get its tools`
    : `call read_section with "${path}" to read it in full`;
  const below = children.length === 0 ? "" : ` It also holds: ${children.join(", ")}.`;
  return `[This is a summary: ${what}.${below}]`;
}

/** Whether a section or one below it that is not off brings tools. */
export function bringsTools(nodes: readonly SectionNode[], index: number, states: readonly SectionState[]): boolean {
  const { descendants } = nodes[index] as SectionNode; // as: index is that of a node
  return nodes
    .slice(index, index + descendants + 1)
    .some(({ toolNames }, below) => states[index + below] !== "off" && toolNames.length > 0);
}
