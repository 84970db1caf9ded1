/** Writes values into texts that were cut at their placeholders. */
import { WinkError } from "../base/index.ts";
import type { SectionNode } from "./compiled-template.ts";
import type { Parts } from "./placeholder.ts";

/** The text with its values exactly as they are; throws `RENDER_FAILED` for one that is no text, number or boolean. */
export function fillText(parts: Parts, params: object, path: string): string {
  return filled(parts, params) ?? refuseValue(parts, params, path);
}

/**
 * The body of each section that its params decide, by the index of its node: filled once when a prompt is bound. Undefined
 * where only a render can know: it is made from state, or params are missing or cannot be written, which is told there.
 */
export function fillBodies(
  nodes: readonly SectionNode[],
  values: readonly (object | WinkError)[],
): readonly (string | undefined)[] {
  return nodes.map(({ section: { body } }, index) => {
    const params = values[index];
    if (body.kind === "state" || params === undefined) return undefined;
    return body.parts.length > 1 && params instanceof WinkError ? undefined : filled(body.parts, params);
  });
}

/** Undefined when a value cannot be written. */
function filled(parts: Parts, params: object): string | undefined {
  const values = params as Readonly<Record<string, unknown>>; // as: an object's keys may be read
  let text = parts[0] ?? "";
  for (let part = 1; part < parts.length; part += 2) {
    const value = values[parts[part] as string]; // as: odd indexes are names
    if (!isWritable(value)) return undefined;
    text += value;
    text += parts[part + 1];
  }
  return text;
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
    example: `params: z.object({ ${name}: z.array(z.string()).transform((all) => all.join(", ")) })`,
    details: { section: path, placeholder: name },
  });
}
