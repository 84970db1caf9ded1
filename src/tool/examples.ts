/** Checks one example of a tool, and writes what a model would see of its result. */
import {
  bareProblem,
  extraKeys,
  isJsonObject,
  type JsonObject,
  messageFrom,
  type ParseOptions,
  parse,
  problemsText,
  type Schema,
  shownValue,
} from "../base/index.ts";
import type { ExampleCall, Tool, ToolExample } from "./definition.ts";
import { jsonCopy } from "./json-copy.ts";
import { isLabel } from "./label.ts";

/** What is wrong with one field of an example. */
export interface ExampleProblem {
  readonly field: "description" | "params" | "result";
  readonly problem: string;
  readonly expected: string;
  readonly received: string;
}

/** What {@link compileExample} gives. */
export type CompiledExample = Compiled<ToolExample>;

type Compiled<Value> = { readonly ok: true; readonly value: Value } | ({ readonly ok: false } & ExampleProblem);

/** What an example is checked against. */
type Contract = Pick<Tool, "params" | "parameters" | "result" | "render">;

/** Checks an example against its tool. Never throws: whose example it is, the caller knows better. */
export function compileExample(tool: Contract, call: ExampleCall<unknown, unknown>): CompiledExample {
  const description: unknown = call?.description; // code without types may give anything
  if (typeof description !== "string" || !isLabel(description, 200)) {
    return {
      ok: false,
      field: "description",
      problem: "The description is not well formed",
      expected: "1 to 200 printable ASCII characters without space around them",
      received: shownValue(description),
    };
  }
  const params = checkParams(tool, call.params);
  if (!params.ok) return params;
  const output = renderResult(tool, call.result);
  if (!output.ok) return output;
  return { ok: true, value: { description, params: params.value, output: output.value } };
}

/** The params as a model would give them: as JSON, before the schema fills in what was left out. */
function checkParams({ params: schema, parameters }: Contract, given: unknown): Compiled<JsonObject> {
  const wrong = (problem: string): Compiled<never> => ({
    ok: false,
    field: "params",
    problem,
    expected: formOf(parameters),
    received: shownValue(given),
  });
  const copy = jsonCopy(given);
  if (!copy.ok) return wrong(`The params are not plain data: ${copy.problem}`);
  const params = copy.value;
  if (!isJsonObject(params)) return wrong("The params are not an object");
  if (schema === undefined) {
    const extra = extraKeys(parameters, params);
    return extra.length === 0 ? { ok: true, value: params } : wrong(`The params do not fit: ${problemsText(extra)}`);
  }
  const checked = tryParse(schema, params);
  return checked.ok ? { ok: true, value: params } : wrong(`The params do not fit: ${checked.problem}`);
}

/** What the model would see, had the handler returned this. */
function renderResult(tool: Contract, given: unknown): Compiled<string> {
  const wrong = (problem: string, expected: string, received = shownValue(given)): Compiled<never> => ({
    ok: false,
    field: "result",
    problem,
    expected,
    received,
  });
  let value = given;
  if (tool.result !== undefined) {
    const checked = tryParse(tool.result, given, { extra: "ignore" }); // as for what a handler returns
    if (!checked.ok) return wrong(`The result does not fit: ${checked.problem}`, "what the handler may return");
    value = checked.value;
  } else if (typeof given !== "string") return wrong("The result is not text", "text: the tool declares no `result`");
  let output: unknown;
  try {
    output = tool.render(value);
  } catch (error) {
    return wrong(`\`render\` threw: ${messageFrom(error)}`, "text for every result");
  }
  if (typeof output === "string") return { ok: true, value: output };
  if (output instanceof Promise) output.catch(() => undefined); // its end does not matter any more, but must not be an unhandled rejection
  return wrong(
    "`render` gave no text",
    "text, at once",
    output instanceof Promise ? "a promise" : `a value of type ${typeof output}`,
  );
}

type Tried = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string };

/** Parses with a schema that may be asynchronous or throw. */
function tryParse(schema: Schema, value: unknown, options?: ParseOptions): Tried {
  try {
    const parsed = parse(schema, value, options);
    return parsed.ok ? parsed : { ok: false, problem: problemsText(parsed.problems) };
  } catch (error) {
    return { ok: false, problem: bareProblem(error) };
  }
}

/** The names that a JSON Schema asks for, as they are written in code: `{ path, limit? }`. */
function formOf({ properties, required }: JsonObject): string {
  if (!isJsonObject(properties)) return "what the tool takes";
  const needed = Array.isArray(required) ? required : [];
  const names = Object.keys(properties).map((name) => (needed.includes(name) ? name : `${name}?`));
  return names.length === 0 ? "{}, because the tool takes nothing" : `{ ${names.join(", ")} }`;
}
