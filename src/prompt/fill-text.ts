/** Writes values into texts that were cut at their placeholders. */
import { WinkError } from "../base/index.ts";
import type { SectionNode } from "./compiled-template.ts";
import type { Parts } from "./placeholder.ts";

/** The text with its values exactly as they are; throws `RENDER_FAILED` for one that is no text, number or boolean. */
export function fillText(parts: Parts, params: object, path: string): string {
  return filled(parts, params) ?? refuseValue(parts, params, path);
}

/** A section in full: what it has of heading, body and examples of its tools, with a blank line between them. */
export function fullText({ heading, examples }: Pick<SectionNode, "heading" | "examples">, body: string): string {
  // joined, not added up: a text of one piece is what renders put together fastest
  return [heading, body, examples].filter((text) => text !== "").join("\n\n");
}

/** The text of a section that is the same for all params; undefined for others. */
export function fixedText(node: Pick<SectionNode, "heading" | "examples" | "section">): string | undefined {
  const { body } = node.section;
  return body.kind === "parts" && body.parts.length === 1 ? fullText(node, body.parts[0] ?? "") : undefined;
}

/**
 * The text of each section that its params decide, by the index of its node: filled once when a prompt is bound. Undefined
 * where only a render can know: it is made from state, or params are missing or cannot be written, which is told there.
 */
export function fillSections(
  nodes: readonly SectionNode[],
  values: readonly (object | WinkError)[],
): readonly (string | undefined)[] {
  return nodes.map((node, index) => {
    const params = values[index];
    const { body } = node.section;
    if (node.text !== undefined || body.kind === "state") return node.text;
    if (params === undefined || params instanceof WinkError) return undefined;
    const text = filled(body.parts, params);
    return text === undefined ? undefined : fullText(node, text);
  });
}

/** Undefined when a value cannot be written. */
function filled(parts: Parts, params: object): string | undefined {
  const values = params as Readonly<Record<string, unknown>>; // as: an object's keys may be read
  const pieces: (string | number | boolean)[] = [...parts];
  for (let part = 1; part < parts.length; part += 2) {
    const value = values[parts[part] as string]; // as: odd indexes are names
    if (!isWritable(value)) return undefined;
    pieces[part] = value;
  }
  return pieces.join("");
}

const isWritable = (value: unknown): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

function refuseValue(parts: Parts, params: object, path: string): never {
  const values = params as Readonly<Record<string, unknown>>; // as: an object's keys may be read
  const name = parts.find((part, index) => index % 2 === 1 && !isWritable(values[part])) ?? "";
  const value = values[name];
  throw new WinkError("RENDER_FAILED", {
    at: `section "${path}"`,
    problem: `The placeholder {{${name}}} cannot be written`,
    expected: "text, a number or a boolean",
    received:
      value === undefined ? "nothing" : Array.isArray(value) ? "a list" : value === null ? "null" : typeof value,
    fix: "Let the schema give out text: .default(…) for what may be missing, .transform(…) for the rest.",
    example:
      value === undefined
        ? `params: z.object({ ${name}: z.string().default("none") })`
        : `params: z.object({ ${name}: z.array(z.string()).transform((all) => all.join(", ")) })`,
    details: { section: path, placeholder: name },
  });
}
