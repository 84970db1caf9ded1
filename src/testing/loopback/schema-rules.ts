/** The part of JSON Schema that a provider's strict mode takes, as rules that a schema is checked by. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import type { Report } from "./checks.ts";

/** What a strict mode asks of a schema. In all of them an object names its fields and takes no others. */
export interface SchemaRules {
  /** Keywords that it has no word for. */
  readonly unknown: ReadonlySet<string>;
  readonly formats: ReadonlySet<string>;
  /** Every field of an object must be required, and every list must say what it holds. */
  readonly complete: boolean;
  /** How many objects may stand in each other. */
  readonly deepest: number;
}

/** Reports what of an object's schema a strict mode does not take, at every level. */
export function checkStrictSchema(schema: JsonObject, rules: SchemaRules, at: string, report: Report): void {
  if ("anyOf" in schema) report(`${at}: strict, but anyOf stands at the top`);
  checkNode(schema, rules, at, 0, report);
}

function checkNode(node: JsonValue | undefined, rules: SchemaRules, at: string, depth: number, report: Report): void {
  if (!isJsonObject(node)) {
    report(`${at}: strict, but no schema`);
    return;
  }
  if (typeof node.$ref === "string") return;
  for (const key of Object.keys(node)) {
    if (rules.unknown.has(key)) report(`${at}: ${key} is unknown to strict mode`);
  }
  const { format, properties, type } = node;
  if (!["type", "anyOf", "allOf", "enum", "const"].some((key) => key in node))
    report(`${at}: strict, but without a type`);
  if (typeof format === "string" && !rules.formats.has(format)) {
    report(`${at}: the format ${format} is unknown to strict mode`);
  }
  const isObject = type === "object" || (Array.isArray(type) && type.includes("object"));
  if (isObject || properties !== undefined) checkObject(node, rules, at, report);
  if (isObject && depth > rules.deepest) {
    report(`${at}: more than ${rules.deepest} objects in each other`);
    return;
  }
  const isArray = type === "array" || (Array.isArray(type) && type.includes("array"));
  if (node.items !== undefined || (isArray && rules.complete)) {
    checkNode(node.items, rules, `${at}.items`, depth, report);
  }
  for (const key of ["anyOf", "allOf"]) {
    const list = node[key];
    if (!Array.isArray(list)) continue;
    for (const [index, inner] of list.entries()) checkNode(inner, rules, `${at}.${key}[${index}]`, depth, report);
  }
  for (const key of ["properties", "$defs", "definitions"]) {
    const inner = node[key];
    if (!isJsonObject(inner)) continue;
    const below = key === "properties" ? depth + 1 : depth;
    for (const [name, value] of Object.entries(inner)) checkNode(value, rules, `${at}.${name}`, below, report);
  }
}

function checkObject(node: JsonObject, rules: SchemaRules, at: string, report: Report): void {
  const { properties = {}, required = [] } = node;
  if (node.additionalProperties !== false) report(`${at}: strict, but additionalProperties is not false`);
  if (!isJsonObject(properties) || !Array.isArray(required)) {
    report(`${at}: fields of no known form`);
    return;
  }
  if (rules.complete && !Object.keys(properties).every((name) => required.includes(name))) {
    report(`${at}: strict, but not all is required`);
  }
}
