/** What the Messages API asks of a request, as a check that lists everything that is wrong with one. */
import { isJsonObject, type JsonObject } from "../../../base/index.ts";
import {
  checkFields,
  checkNumber,
  given,
  isFilled,
  isFilledList,
  names,
  type Report,
  shown,
  textOf,
} from "../checks.ts";
import { checkStrictSchema, type SchemaRules } from "../schema-rules.ts";
import { checkCachePoints } from "./cache-points.ts";
import { checkThinking, type GivenThinking } from "./given-thinking.ts";
import { checkTurns } from "./turns-check.ts";

const bodyFields = names(
  "model,max_tokens,messages,cache_control,container,diagnostics,inference_geo,metadata,output_config,service_tier,speed," +
    "stop_sequences,stream,system,thinking,tool_choice,tools",
);
/** Where a request says which version of the API it is written for. */
export const versionHeader = "anthropic-version";
const sampling = names("temperature,top_k,top_p");
/** The versions of the API, and what each takes beside the common fields. */
const versions = new Map([
  ["2023-06-01", sampling],
  ["2026-10-21", new Set<string>()],
]);
const toolFields = names(
  "name,description,input_schema,type,cache_control,strict,allowed_callers,defer_loading,eager_input_streaming,input_examples",
);
const strictMode: SchemaRules = {
  unknown: names(
    "oneOf,not,if,then,else,minimum,maximum,exclusiveMinimum,exclusiveMaximum,multipleOf,minLength,maxLength,maxItems,uniqueItems," +
      "contains,prefixItems,patternProperties,propertyNames,minProperties,maxProperties,dependentRequired,dependentSchemas",
  ),
  formats: names("date-time,time,date,duration,email,hostname,uri,ipv4,ipv6,uuid"),
  complete: false,
  deepest: Number.POSITIVE_INFINITY,
};

/** Reports everything that is wrong with the body of a request. */
export function checkMessages(
  body: JsonObject,
  version: string | readonly string[] | undefined,
  thinking: GivenThinking,
  report: Report,
): void {
  const ofVersion = versions.get(String(version));
  if (ofVersion === undefined) report(`${versionHeader} is none of ${[...versions.keys()].join(", ")}`);
  checkFields(body, [bodyFields, ofVersion ?? sampling], "", report);
  if (!isFilled(body.model)) report("model is not a name");
  if (!Number.isInteger(body.max_tokens) || Number(body.max_tokens) < 0) report("max_tokens is not a number of tokens");
  checkSystem(body, report);
  checkTurns(body.messages, version === "2023-06-01", report);
  checkTools(body, report);
  checkChoice(body, report);
  checkThinkingMode(body, report);
  checkThinking(body, thinking, report);
  checkCachePoints(body, report);
  checkOutput(body, report);
  checkNumber(body, "temperature", 0, 1, report);
  checkNumber(body, "top_p", 0, 1, report);
}

function checkSystem({ system }: JsonObject, report: Report): void {
  if (!given(system) || typeof system === "string") return;
  if (!Array.isArray(system)) {
    report("system is neither a text nor a list");
    return;
  }
  for (const [index, block] of system.entries()) {
    const text = isJsonObject(block) && block.type === "text" ? block.text : undefined;
    if (typeof text !== "string" || text.trim() === "") report(`system[${index}] is no text, or an empty one`);
  }
}

function checkTools({ tools }: JsonObject, report: Report): void {
  if (!given(tools)) return;
  if (!Array.isArray(tools)) {
    report("tools is not a list");
    return;
  }
  const taken = new Set<unknown>();
  for (const [index, tool] of tools.entries()) {
    if (!isJsonObject(tool)) {
      report(`tools[${index}] is no tool`);
      continue;
    }
    const { input_schema: schema, name, strict, type } = tool;
    if (given(type) && type !== "custom") continue; // one of the provider's own
    const at = `tools[${index}] (${shown(name)})`;
    checkFields(tool, [toolFields], `${at}: `, report);
    if (typeof name !== "string" || !/^[a-zA-Z0-9_-]{1,128}$/.test(name)) report(`${at}: not a name`);
    if (taken.has(name)) report(`${at}: the name is taken`);
    taken.add(name);
    if (!isJsonObject(schema) || schema.type !== "object") {
      report(`${at}: input_schema is no schema of an object`);
      continue;
    }
    for (const key of ["anyOf", "oneOf", "allOf"]) if (key in schema) report(`${at}: ${key} at the top of the schema`);
    if (strict === true) checkStrictSchema(schema, strictMode, `${at}.input_schema`, report);
  }
}

function checkChoice({ tool_choice: choice, tools }: JsonObject, report: Report): void {
  if (!given(choice)) return;
  if (!isFilledList(tools)) {
    report("tool_choice without tools");
    return;
  }
  const { name, type } = isJsonObject(choice) ? choice : {};
  if (typeof type !== "string" || !["auto", "any", "tool", "none"].includes(type)) {
    report("tool_choice is of no known form");
  } else if (type === "tool" && !tools.some((tool) => isJsonObject(tool) && tool.name === name)) {
    report("tool_choice names no tool of the list");
  }
}

/** What thinking does not go together with. */
function checkThinkingMode(body: JsonObject, report: Report): void {
  const { max_tokens: max, thinking, tool_choice: choice } = body;
  if (!given(thinking)) return;
  const { budget_tokens: budget, type } = isJsonObject(thinking) ? thinking : {};
  if (type === "disabled" || type === "between_tools") return;
  if (type === "enabled") {
    if (typeof budget !== "number" || budget < 1024) report("thinking: budget_tokens is less than 1024");
    else if (typeof max === "number" && budget >= max) report("thinking: budget_tokens is not less than max_tokens");
  } else if (type !== "adaptive") {
    report("thinking is of no known form");
    return;
  }
  if (given(body.temperature) && body.temperature !== 1) report("temperature with thinking");
  if (given(body.top_k)) report("top_k with thinking");
  if (typeof body.top_p === "number" && body.top_p < 0.95) report("top_p below 0.95 with thinking");
  if (isJsonObject(choice) && (choice.type === "any" || choice.type === "tool"))
    report("a forced tool choice with thinking");
}

function checkOutput({ output_config: config }: JsonObject, report: Report): void {
  if (!given(config)) return;
  if (!isJsonObject(config)) {
    report("output_config is not an object");
    return;
  }
  checkFields(config, [names("effort,format")], "output_config: ", report);
  const { effort, format } = config;
  if (given(effort) && !["low", "medium", "high", "xhigh", "max"].includes(textOf(effort))) {
    report("output_config.effort is unknown");
  }
  if (!given(format)) return;
  const { schema, type } = isJsonObject(format) ? format : {};
  if (type !== "json_schema" || !isJsonObject(schema)) report("output_config.format is of no known form");
  else checkStrictSchema(schema, strictMode, "output_config.format", report);
}
