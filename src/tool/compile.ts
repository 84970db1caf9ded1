/** Checks a tool's definition once and fills in its defaults. */
// any: the definition's types were checked by `tool`; here it is only data
import { didYouMean, inputJsonSchema, type JsonObject, type Schema, shownValue, WinkError } from "../base/index.ts";
import type { Effects, KeyedToolContext } from "./context.ts";
import type { ExampleCall, Tool, ToolExample } from "./definition.ts";
import { compileExample } from "./examples.ts";
import { isLabel } from "./label.ts";

/** A definition of a tool with its types forgotten. */
export interface LooseDefinition {
  readonly name: string;
  readonly description: string;
  readonly effects: Effects;
  readonly params?: Schema;
  readonly result?: Schema;
  readonly resources?: Tool["resources"];
  readonly render?: (value: any) => string;
  readonly timeoutMs?: number;
  readonly costly?: boolean;
  readonly overridable?: boolean;
  readonly examples?: readonly ExampleCall<unknown, unknown>[];
  readonly handler: Tool["handler"];
  readonly undo?: Tool["undo"];
  readonly reconcile?: Tool["reconcile"];
  readonly onUnknown?: "tell" | "suspend";
}

const noParameters: JsonObject = { type: "object", properties: {}, additionalProperties: false };
/** What every handler's context holds beside its resources. */
const contextNames: ReadonlySet<string> = new Set<keyof KeyedToolContext>([
  "session",
  "signal",
  "clock",
  "random",
  "newId",
  "logger",
  "runId",
  "callId",
  "key",
  "suspend",
]);
const allEffects: readonly string[] = ["none", "workspace", "idempotent", "compensable", "external"];

/** What is wrong with a definition, and one that works in its place. */
interface Wrong extends Readonly<Record<"problem" | "expected" | "received" | "example", string>> {
  readonly fix?: string | undefined;
  /** Which field, where the definition has many of the kind. */
  readonly field?: string;
  readonly cause?: unknown;
}

type Refuse = (wrong: Wrong) => never;

/** Makes a tool from a definition, or throws `TOOL_INVALID`. */
export function compileTool(definition: LooseDefinition): Tool {
  const { name, description, effects, params, result } = definition;
  const refuse: Refuse = ({ field, ...wrong }) => {
    const at = `tool "${name}"`;
    throw new WinkError("TOOL_INVALID", {
      ...wrong,
      at: field === undefined ? at : `${at}, ${field}`,
      details: field === undefined ? { tool: name } : { tool: name, field },
    });
  };
  checkWords(definition, refuse);
  checkConduct(definition, refuse);
  const tool: Tool = {
    name,
    description,
    effects,
    params,
    result,
    parameters: params === undefined ? noParameters : parametersOf(params, refuse),
    resources: definition.resources ?? {},
    timeoutMs: definition.timeoutMs ?? 120_000,
    onUnknown: definition.onUnknown ?? "tell",
    costly: definition.costly ?? false,
    overridable: definition.overridable ?? true,
    examples: [],
    render: definition.render ?? renderValue,
    handler: definition.handler,
    undo: definition.undo,
    reconcile: definition.reconcile,
  };
  return { ...tool, examples: compileExamples(tool, definition.examples ?? [], refuse) };
}

/** What the model is told. */
function checkWords({ name, description }: LooseDefinition, refuse: Refuse): void {
  if (!/^[a-z0-9_-]{1,64}$/.test(name)) {
    refuse({
      problem: "The name is not well formed",
      expected: "1 to 64 of a-z, 0-9, _ and -",
      received: JSON.stringify(name),
      example: 'name: "read_file"',
    });
  }
  if (!isLabel(description, 200)) {
    refuse({
      problem: "The description is not well formed",
      expected: "1 to 200 printable ASCII characters without space around them",
      received: shownValue(description),
      example: 'description: "Read one file of the repository."',
    });
  }
}

/** What it does, and what it needs for that. */
function checkConduct(definition: LooseDefinition, refuse: Refuse): void {
  const { effects, timeoutMs } = definition;
  if (!allEffects.includes(effects)) {
    refuse({
      problem: "The effects are not declared",
      expected: allEffects.join(", "),
      received: JSON.stringify(effects),
      fix: didYouMean(String(effects), allEffects) || undefined,
      example: 'effects: "none"',
    });
  }
  if (typeof definition.handler !== "function") {
    refuse({
      problem: "The handler is missing",
      expected: "a function",
      received: typeof definition.handler,
      example: "handler: ({ path }) => ok(path)",
    });
  }
  for (const borrowed of Object.keys(definition.resources ?? {})) {
    if (!contextNames.has(borrowed)) continue;
    refuse({
      problem: `A resource cannot be called "${borrowed}": the context has that name itself`,
      expected: "another name",
      received: JSON.stringify(borrowed),
      example: "resources: { fs: files }",
    });
  }
  if (effects === "compensable" && typeof definition.undo !== "function") {
    refuse({
      problem: "A compensable tool must give `undo`",
      expected: "a function",
      received: typeof definition.undo,
      example: "undo: async ({ name }, _value, { key }) => remove(name, key)",
    });
  }
  if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs > 0)) {
    refuse({
      problem: "The time-out is wrong",
      expected: "a positive number of milliseconds",
      received: String(timeoutMs),
      example: "timeoutMs: 30_000",
    });
  }
}

function parametersOf(params: Schema, refuse: Refuse): JsonObject {
  const example = "params: z.object({ path: z.string() })";
  let parameters: JsonObject;
  try {
    parameters = inputJsonSchema(params);
  } catch (cause) {
    return refuse({
      problem: "The parameters have no JSON Schema",
      expected: "a schema of JSON values",
      received: WinkError.is(cause) ? (cause.parts.received ?? "") : "",
      example,
      cause,
    });
  }
  const { type, anyOf, oneOf, allOf } = parameters;
  if (type === "object" || anyOf !== undefined || oneOf !== undefined || allOf !== undefined) return parameters;
  return refuse({
    problem: "The parameters are not an object",
    expected: "a schema of an object",
    received: `one of type ${JSON.stringify(type)}`,
    example,
  });
}

function compileExamples(
  tool: Tool,
  calls: readonly ExampleCall<unknown, unknown>[],
  refuse: Refuse,
): readonly ToolExample[] {
  return calls.map((call, index) => {
    const compiled = compileExample(tool, call);
    if (compiled.ok) return compiled.value;
    const { ok: _ok, field, ...wrong } = compiled;
    return refuse({
      ...wrong,
      field: `examples[${index}].${field}`,
      example: 'examples: [{ description: "A short file", params: { path: "notes.md" }, result: "# Notes" }]',
    });
  });
}

/** What a model sees of a value when the tool does not say: text as it is, bytes as UTF-8, anything else as compact JSON. */
function renderValue(value: unknown): string {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
