/** Finds the JSON in a model's final answer and checks it against the output schema. */
import {
  type FieldProblem,
  isJsonObject,
  type JsonValue,
  messageFrom,
  type Parsed,
  parse,
  parseJson,
} from "../base/index.ts";
import { fencedBlocks } from "./json-fence.ts";
import { findJson } from "./json-finder.ts";
import type { CompiledOutput } from "./output.ts";

/** What {@link parseOutput} gives: the typed output, or what is wrong with which field. */
export type ParsedOutput<Output> =
  | { readonly ok: true; readonly output: Output }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Reads the output from a final answer: a fenced `json` block, the whole text, or JSON in it. */
export function parseOutput(compiled: CompiledOutput, text: string): ParsedOutput<unknown> {
  const found = locate(compiled, text);
  if (!found.ok) return { ok: false, problems: [{ path: "", message: found.problem }] };
  const unwrapped = unwrap(compiled, found.value);
  if (unwrapped === undefined) {
    const expected = compiled.container === "array" ? "a list, or an object with a list under `items`" : "an object";
    return { ok: false, problems: [{ path: "", message: `expected ${expected}, received ${kindOf(found.value)}` }] };
  }
  const parsed = checked(compiled, unwrapped);
  if (parsed.ok) return { ok: true, output: parsed.value };
  if (compiled.container === "object") return { ok: false, problems: parsed.problems };
  return { ok: false, problems: parsed.problems.map(({ path, message }) => ({ path: `items${path}`, message })) };
}

/** A schema whose own functions throw does not fit either: the model may still mend its answer. */
function checked({ schema }: CompiledOutput, value: JsonValue): Parsed<unknown> {
  try {
    return parse(schema, value);
  } catch (error) {
    return { ok: false, problems: [{ path: "", message: messageFrom(error) }] };
  }
}

function unwrap({ container }: CompiledOutput, value: JsonValue): JsonValue | undefined {
  if (container === "object") return isJsonObject(value) ? value : undefined;
  if (Array.isArray(value)) return value;
  return isJsonObject(value) && Array.isArray(value.items) ? value.items : undefined;
}

type Located = { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly problem: string };

/** A fence is a promise: when its content is no JSON, nothing else is tried. */
function locate(compiled: CompiledOutput, text: string): Located {
  const blocks = fencedBlocks(text);
  if (blocks.length > 0) {
    const parsed = blocks.map((block) => parseJson(block.trim()));
    const whole = parsed.find(({ ok }) => ok) ?? parsed.at(-1);
    if (whole?.ok) return whole;
    return { ok: false, problem: `the fenced block is not JSON: ${whole?.problem ?? ""}` };
  }
  const trimmed = text.trim();
  if (trimmed === "") return { ok: false, problem: "expected JSON, received an empty answer" };
  const whole = parseJson(trimmed);
  if (whole.ok) return whole;
  const embedded = findJson(trimmed, (value) => decides(compiled, value));
  return embedded === undefined
    ? { ok: false, problem: `expected JSON, received text without any (${whole.problem})` }
    : { ok: true, value: embedded };
}

/**
 * Whether JSON found in a text is the answer, be it right or wrong. For a list, objects without one are passed over. For
 * an object all JSON counts, so that `[1] {"title":"t"}` is refused: a public case (structured_output-162) asks for it.
 */
const decides = (compiled: CompiledOutput, value: JsonValue): boolean =>
  compiled.container === "object" || unwrap(compiled, value) !== undefined;

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
