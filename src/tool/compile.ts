/** Checks a tool's definition once and fills in its defaults. */
// any: the definition's types were checked by `tool`; here it is only data
import { inputJsonSchema, type JsonObject, type Schema, WinkError } from "../base/index.ts";
import type { Effects, KeyedToolContext } from "./context.ts";
import type { Tool } from "./definition.ts";

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
]);
const allEffects: readonly string[] = ["none", "workspace", "idempotent", "compensable", "external"];

/** Makes a tool from a definition, or throws `TOOL_INVALID`. */
export function compileTool(definition: LooseDefinition): Tool {
  const { name, description, effects, params, result, timeoutMs = 120_000 } = definition;
  const refuse = (problem: string, expected: string, received: string, cause?: unknown): never => {
    throw new WinkError("TOOL_INVALID", {
      at: `tool "${name}"`,
      problem,
      expected,
      received,
      details: { tool: name },
      cause,
    });
  };
  if (!/^[a-z0-9_-]{1,64}$/.test(name))
    refuse("The name is not well formed", "1 to 64 of a-z, 0-9, _ and -", JSON.stringify(name));
  if (!/^[\x20-\x7e]{1,200}$/.test(description) || description.trim() !== description) {
    refuse(
      "The description is not well formed",
      "1 to 200 printable ASCII characters without space around them",
      `${description.length} characters`,
    );
  }
  if (!allEffects.includes(effects))
    refuse("The effects are not declared", allEffects.join(", "), JSON.stringify(effects));
  if (typeof definition.handler !== "function")
    refuse("The handler is missing", "a function", typeof definition.handler);
  for (const borrowed of Object.keys(definition.resources ?? {})) {
    if (contextNames.has(borrowed))
      refuse(
        `A resource cannot be called "${borrowed}": the context has that name itself`,
        "another name",
        JSON.stringify(borrowed),
      );
  }
  if (effects === "compensable" && typeof definition.undo !== "function")
    refuse("A compensable tool must give `undo`", "a function", typeof definition.undo);
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0)
    refuse("The time-out is wrong", "a positive number of milliseconds", String(timeoutMs));
  const parameters = params === undefined ? noParameters : schemaOf(params, refuse);
  if (
    params !== undefined &&
    parameters.type !== "object" &&
    parameters.anyOf === undefined &&
    parameters.oneOf === undefined &&
    parameters.allOf === undefined
  ) {
    refuse(
      "The parameters are not an object",
      "a schema of an object",
      `one of type ${JSON.stringify(parameters.type)}`,
    );
  }
  return {
    name,
    description,
    effects,
    params,
    result,
    parameters,
    resources: definition.resources ?? {},
    timeoutMs,
    onUnknown: definition.onUnknown ?? "tell",
    render: definition.render ?? renderValue,
    handler: definition.handler,
    undo: definition.undo,
    reconcile: definition.reconcile,
  };
}

function schemaOf(
  schema: Schema,
  refuse: (problem: string, expected: string, received: string, cause: unknown) => never,
): JsonObject {
  try {
    return inputJsonSchema(schema);
  } catch (cause) {
    return refuse(
      "The parameters have no JSON Schema",
      "a schema of JSON values",
      WinkError.is(cause) ? (cause.parts.received ?? "") : "",
      cause,
    );
  }
}

/** What a model sees of a value when the tool does not say: text as it is, anything else as compact JSON. */
function renderValue(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
