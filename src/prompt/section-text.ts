/** Writes one section: heading, then body or summary. */
import { WinkError } from "../base/index.ts";
import type { Prompt } from "./bind.ts";
import type { SectionNode } from "./compiled-template.ts";
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
  const { section, heading, examples } = node;
  if (states[index] === "summary" && section.summary !== undefined) {
    const summary = joined(section.summary.parts, prompt, index);
    return `${summary === "" ? heading : `${heading}\n\n${summary}`}\n\n---\n\n${notice(nodes, index, states)}`;
  }
  const body = bodyText(prompt, index, session);
  const text = body === "" ? heading : `${heading}\n\n${body}`;
  return examples === "" ? text : `${text}\n\n${examples}`;
}

function bodyText(prompt: Prompt, index: number, session: SessionView): string {
  const { section, path } = prompt.template.nodes[index] as SectionNode; // as: index is that of a node
  const { body } = section;
  if (body.kind === "parts") return joined(body.parts, prompt, index);
  const written = calling(path, "the body", () => body.text.write(contextOf(prompt, index, session)));
  if (typeof written === "string") return written;
  throw wrongKind(path, "the body", "a text, at once", written, `body: { text: "plan/v1", write: () => "…" }`);
}

/** Says how the model gets to see what a summary stands for. */
function notice(nodes: readonly SectionNode[], index: number, states: readonly SectionState[]): string {
  const { path, descendants } = nodes[index] as SectionNode; // as: index is that of a node
  const children: string[] = [];
  for (let below = index + 1; below <= index + descendants; below++) {
    const node = nodes[below] as SectionNode; // as: descendants stand behind their section
    if (node.parent === index && states[below] !== "off") children.push(node.section.key);
  }
  const what = bringsTools(nodes, index, states)
    ? `call open_sections with "${path}" to see it in full and to get its tools`
    : `call read_section with "${path}" to read it in full`;
  const below = children.length === 0 ? "" : ` It also holds: ${children.join(", ")}.`;
  return `[This is a summary: ${what}.${below}]`;
}

/** Whether a section or one below it that is not off brings tools. */
export function bringsTools(nodes: readonly SectionNode[], index: number, states: readonly SectionState[]): boolean {
  const { subtreeTools, descendants } = nodes[index] as SectionNode; // as: index is that of a node
  if (!subtreeTools) return false;
  for (let at = index; at <= index + descendants; at++) {
    if (states[at] !== "off" && (nodes[at]?.section.tools.length ?? 0) > 0) return true;
  }
  return false;
}

/** A text with its placeholders written; values stand there exactly as they are. */
function joined(parts: Parts, prompt: Prompt, index: number): string {
  if (parts.length === 1) return parts[0] ?? "";
  const params = paramsOf(prompt, index) as Readonly<Record<string, unknown>>; // as: an object's keys may be read
  let text = parts[0] ?? "";
  for (let part = 1; part < parts.length; part += 2) {
    const name = parts[part] as string; // as: odd indexes are names
    const value = params[name];
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw unwritable(prompt.template.nodes[index]?.path ?? "", name, value, Object.keys(params));
    }
    text += value;
    text += parts[part + 1];
  }
  return text;
}

function unwritable(path: string, name: string, value: unknown, names: readonly string[]): WinkError {
  return new WinkError("RENDER_FAILED", {
    at: `section "${path}"`,
    problem: `The placeholder {{${name}}} cannot be written`,
    expected: "text, a number or a boolean",
    received:
      value === undefined ? "nothing" : Array.isArray(value) ? "a list" : value === null ? "null" : typeof value,
    fix: "Let the schema give out text: .default(…) for what may be missing, .transform(…) for the rest.",
    example: `params: z.object({ ${name}: z.array(z.string()).transform((all) => all.join(", ")) })`,
    details: { section: path, placeholder: name, params: [...names] },
  });
}
