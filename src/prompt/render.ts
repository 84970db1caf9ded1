/** Rendering: a bound prompt and a session become the text, tools and output form that go to a model. */
import { messageFrom, WinkError } from "../base/index.ts";
import { createSession, type SessionAccess, type Slice } from "../session/index.ts";
import type { Tool } from "../tool/index.ts";
import type { Prompt } from "./bind.ts";
import type { SectionNode } from "./compiled-template.ts";
import type { CompiledOutput } from "./output.ts";
import type { Parts } from "./placeholder.ts";

/** A rendered section and where its text stands. */
export interface RenderedSection {
  readonly path: string;
  readonly number: string;
  /** Which text it stands in, and from where to where, in UTF-16 units. */
  readonly part: "system" | "first";
  readonly start: number;
  readonly end: number;
}

/** What goes to a model. */
export interface RenderedPrompt {
  /** The leading run of stable sections: the same for all params, so that providers can cache it. May be empty. */
  readonly system: string;
  /** The other sections: the first user message. */
  readonly first: string;
  /** Enabled sections, in order. */
  readonly sections: readonly RenderedSection[];
  /** Tools of enabled sections, in order. */
  readonly tools: readonly Tool[];
  /** Slices of enabled sections, in order. */
  readonly slices: readonly Slice[];
  readonly output: CompiledOutput | undefined;
}

/** What the first user message says when all sections are stable. */
const begin = "Begin.";

/** Renders a prompt, over an empty session unless one is given. Throws `RENDER_FAILED` naming the section whose function threw. */
export function renderPrompt(prompt: Prompt, session: Pick<SessionAccess, "query"> = createSession()): RenderedPrompt {
  const { nodes, output } = prompt.template;
  const texts = { system: "", first: "" };
  const sections: RenderedSection[] = [];
  const tools: Tool[] = [];
  const slices: Slice[] = [];
  let part: "system" | "first" = "system";
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index] as SectionNode; // as: index is below the length
    const params = prompt.values[index] as object; // as: there is one value a node
    if (!isStable(node)) part = "first"; // also when it is disabled: what follows would else change places between runs
    if (!isEnabled(node, params, session)) {
      index += node.descendants;
      continue;
    }
    const body = bodyText(node, params, session);
    const before = texts[part] === "" ? "" : "\n\n";
    const start = texts[part].length + before.length;
    texts[part] += body === "" ? `${before}${node.heading}` : `${before}${node.heading}\n\n${body}`;
    sections.push({ path: node.path, number: node.number, part, start, end: texts[part].length });
    for (const tool of node.section.tools) tools.push(tool);
    for (const slice of node.section.slices) slices.push(slice);
  }
  return { system: texts.system, first: texts.first === "" ? begin : texts.first, sections, tools, slices, output };
}

/** A section without params and without text from state reads the same in every run. */
function isStable({ section }: SectionNode): boolean {
  return section.params === undefined && section.enabled === undefined && section.body.kind === "parts";
}

function isEnabled({ section, path }: SectionNode, params: object, session: Pick<SessionAccess, "query">): boolean {
  if (section.enabled === undefined) return true;
  return calling(path, "enabled", "boolean", () => section.enabled?.({ params, session }));
}

function bodyText({ section, path }: SectionNode, params: object, session: Pick<SessionAccess, "query">): string {
  const { body } = section;
  if (body.kind === "state") return calling(path, "the body", "string", () => body.text.write({ params, session }));
  return joined(body.parts, params as Readonly<Record<string, unknown>>, path); // as: an object's keys may be read
}

function joined(parts: Parts, params: Readonly<Record<string, unknown>>, path: string): string {
  let text = parts[0] ?? "";
  for (let index = 1; index < parts.length; index += 2) {
    const name = parts[index] as string; // as: odd indexes are names
    const value = params[name];
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw new WinkError("RENDER_FAILED", {
        at: `section "${path}"`,
        problem: `The placeholder {{${name}}} cannot be written`,
        expected: "text, a number or a boolean",
        received: value === undefined ? "nothing" : Array.isArray(value) ? "a list" : typeof value,
        details: { section: path, placeholder: name },
      });
    }
    text += value;
    text += parts[index + 1];
  }
  return text;
}

interface TypeNames {
  readonly boolean: boolean;
  readonly string: string;
}

function calling<Name extends keyof TypeNames>(
  path: string,
  what: string,
  expected: Name,
  call: () => unknown,
): TypeNames[Name] {
  let value: unknown;
  try {
    value = call();
  } catch (cause) {
    throw new WinkError("RENDER_FAILED", {
      at: `section "${path}"`,
      problem: `The function for ${what} threw: ${messageFrom(cause)}`,
      details: { section: path },
      cause,
    });
  }
  if (typeof value === expected) return value as TypeNames[Name]; // as: the type was just seen
  if (value instanceof Promise) value.catch(() => undefined); // its end does not matter any more, but must not be an unhandled rejection
  throw new WinkError("RENDER_FAILED", {
    at: `section "${path}"`,
    problem: `The function for ${what} gave something else`,
    expected: `a ${expected}, at once`,
    received: value instanceof Promise ? "a promise" : typeof value,
    details: { section: path },
  });
}
