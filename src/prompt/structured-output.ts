/** Finds the JSON in a model's final answer and checks it against the output schema. */
import {
  extraKeys,
  type FieldProblem,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Parsed,
  parseAsync,
  parseJson,
  shownValue,
} from "../base/index.ts";
import { fencedBlocks } from "./json-fence.ts";
import { findJson } from "./json-finder.ts";
import type { CompiledOutput } from "./output.ts";

/** What {@link parseOutput} gives: the typed output, or what is wrong with which field. */
export type ParsedOutput<Output> =
  | { readonly ok: true; readonly output: Output }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Reads the output from a final answer: a fenced `json` block, the whole text, or JSON in it. Keys that the schema does not
 * name are refused at every level, as the provider was told; `z.looseObject` allows them. Never throws.
 */
export async function parseOutput(compiled: CompiledOutput, text: string): Promise<ParsedOutput<unknown>> {
  const { container, schema } = compiled;
  const found = locate(compiled, text);
  if (!found.ok) return { ok: false, problems: [found.problem] };
  const answer = asAsked(compiled, found.value);
  if (answer === undefined) {
    const expected = container === "array" ? "a list, or an object with a list under `items`" : "an object";
    const message = `expected ${expected}, received ${kindOf(found.value)}`;
    return { ok: false, problems: [{ path: "", message, expected, received: shownValue(found.value) }] };
  }
  if (container === "object") return outputOf(await parseAsync(schema, answer));
  const beside = extraKeys(aroundItems, answer);
  const parsed = await parseAsync(schema, answer.items);
  const within = parsed.ok ? [] : parsed.problems.map((problem) => ({ ...problem, path: `items${problem.path}` }));
  return parsed.ok && beside.length === 0 ? outputOf(parsed) : { ok: false, problems: [...beside, ...within] };
}

const outputOf = (parsed: Parsed<unknown>): ParsedOutput<unknown> =>
  parsed.ok ? { ok: true, output: parsed.value } : parsed;

/** The object in which a list stands. */
const aroundItems: JsonObject = { type: "object", properties: { items: true }, additionalProperties: false };

/** A value in the form that is asked for, be it right or wrong within: a bare list is put under `items`. */
function asAsked({ container }: CompiledOutput, value: JsonValue): JsonObject | undefined {
  if (container === "object") return isJsonObject(value) ? value : undefined;
  if (Array.isArray(value)) return { items: value };
  return isJsonObject(value) && Array.isArray(value.items) ? value : undefined;
}

type Located =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problem: FieldProblem };

/** A fence is a promise: when its content is no JSON, nothing else is tried. */
function locate(compiled: CompiledOutput, text: string): Located {
  const blocks = fencedBlocks(text);
  if (blocks.length > 0) {
    const parsed = blocks.map((block) => parseJson(block.trim()));
    const whole = parsed.find(({ ok }) => ok) ?? parsed.at(-1);
    if (whole?.ok) return whole;
    return noJson(`the fenced block is not JSON: ${whole?.problem ?? ""}`, shownValue(blocks.at(-1)));
  }
  const trimmed = text.trim();
  if (trimmed === "") return noJson("expected JSON, received an empty answer", "an empty answer");
  const whole = parseJson(trimmed);
  if (whole.ok) return whole;
  const embedded = findJson(trimmed, (value) => decides(compiled, value));
  if (embedded !== undefined) return { ok: true, value: embedded };
  return noJson(`expected JSON, found none (${whole.problem})`, shownValue(trimmed));
}

const noJson = (message: string, received: string): Located => ({
  ok: false,
  problem: { path: "", message, expected: "JSON", received },
});

/**
 * Whether JSON found in a text is the answer, be it right or wrong. For a list, objects without one are passed over. For
 * an object all JSON counts, so that `[1] {"title":"t"}` is refused: a public case (structured_output-162) asks for it.
 */
const decides = (compiled: CompiledOutput, value: JsonValue): boolean =>
  compiled.container === "object" || asAsked(compiled, value) !== undefined;

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
