import { type FieldProblem, NotPlain, type Parsed, parse, plainCopy } from "../base/index.ts";
import type { Slice } from "./slice.ts";

/** An item from outside as its slice keeps it: what the schema gives out, plain and frozen; or what does not fit. */
export function keptItem<Item>(slice: Slice<Item>, item: unknown): Parsed<Item> {
  const parsed = parse(slice.item, item);
  if (!parsed.ok) return parsed;
  try {
    return { ok: true, value: plainCopy(parsed.value) };
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    const problem: FieldProblem = { path: error.path, message: error.message };
    return { ok: false, problems: [problem] };
  }
}
