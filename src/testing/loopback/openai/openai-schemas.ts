/** What OpenAI asks of names, functions and schemas, in both of its APIs. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../base/index.ts";
import { given, isFilledList, names, type Report, shown } from "../checks.ts";
import { checkStrictSchema, type SchemaRules } from "../schema-rules.ts";

const namePattern = /^[a-zA-Z0-9_-]{1,64}$/;

const strictMode: SchemaRules = {
  unknown: names(
    "allOf,contains,contentEncoding,contentMediaType,contentSchema,default,dependentRequired,dependentSchemas,dependencies,if,then,else," +
      "maxContains,maxLength,maxProperties,minContains,minLength,minProperties,not,oneOf,patternProperties,prefixItems,propertyNames," +
      "unevaluatedItems,unevaluatedProperties,uniqueItems",
  ),
  formats: names("date-time,time,date,duration,email,hostname,ipv4,ipv6,uuid"),
  complete: true,
  deepest: 10,
};

/** Checks a function that is offered: its name, which goes into `taken`, and the schema of its params. */
export function checkFunction(fn: JsonObject, taken: Set<JsonValue>, place: string, report: Report): void {
  const { name, parameters, strict } = fn;
  const at = `${place} (${shown(name)})`;
  if (typeof name !== "string" || !namePattern.test(name)) {
    report(`${at}: not a name`);
    return;
  }
  if (taken.has(name)) report(`${at}: the name is taken`);
  taken.add(name);
  if (given(strict) && typeof strict !== "boolean") report(`${at}: strict is neither true nor false`);
  if (given(parameters)) checkSchema(parameters, strict === true, `${at}.parameters`, report);
  else if (strict === true) report(`${at}: strict, but without parameters`);
}

/** Checks a form of answers: `{ name, schema, strict }`. */
export function checkSchemaFormat(format: JsonObject, at: string, report: Report): void {
  const { name, schema, strict } = format;
  if (typeof name !== "string" || !namePattern.test(name)) report(`${at}: not a name`);
  checkSchema(schema, strict === true, at, report);
}

function checkSchema(schema: JsonValue | undefined, strict: boolean, at: string, report: Report): void {
  if (!isJsonObject(schema) || schema.type !== "object") {
    report(`${at}: no schema of an object`);
    return;
  }
  if (strict) checkStrictSchema(schema, strictMode, at, report);
}

/** Checks the list of tools, and what is said of their choice. `check` is given each tool and the names that are taken. */
export function checkToolList(
  body: JsonObject,
  check: (tool: JsonObject, taken: Set<JsonValue>, at: string) => void,
  chosen: (choice: JsonObject) => JsonValue | undefined,
  report: Report,
): void {
  const { tools, tool_choice: choice } = body;
  if (!given(tools)) {
    for (const key of ["tool_choice", "parallel_tool_calls"]) if (given(body[key])) report(`${key} without tools`);
    return;
  }
  if (!isFilledList(tools)) {
    report("tools is not a filled list");
    return;
  }
  const taken = new Set<JsonValue>();
  for (const [index, tool] of tools.entries()) {
    if (isJsonObject(tool)) check(tool, taken, `tools[${index}]`);
    else report(`tools[${index}] is no tool`);
  }
  if (!given(choice)) return;
  if (typeof choice === "string") {
    if (!["auto", "none", "required"].includes(choice)) report(`tool_choice: unknown word ${choice}`);
  } else if (!isJsonObject(choice)) report("tool_choice is of no known form");
  else if (choice.type === "function" && !taken.has(chosen(choice) ?? null))
    report("tool_choice names no tool of the list");
}

/** A request for JSON without a schema must speak of JSON, or the model may never end. */
export function checkSpeaksOfJson(messages: JsonValue | undefined, at: string, report: Report): void {
  if (!/json/i.test(JSON.stringify(messages ?? ""))) report(`${at}: json_object, but no message speaks of JSON`);
}
