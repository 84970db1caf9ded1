/**
 * Finds the keys of a JSON value for which its JSON Schema (draft 2020-12) has no place, at any depth. Types and values
 * are not judged: that is for the schema's own library, which may drop such keys without a word.
 */
import { type FieldProblem, mostProblems, unknownKey } from "./field-problem.ts";
import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "./json-value.ts";

/** A schema that may hold for a value, those that hold beside it, and those of which one holds beside it. */
interface Rule {
  readonly node: JsonObject;
  readonly all: readonly Rule[];
  readonly any: readonly Rule[];
}

/** What schemas say of a key or an index, and the schemas of which one holds for what stands there. */
interface Said {
  readonly word: "allows" | "refuses" | "nothing";
  readonly inner: readonly JsonValue[];
}

/** An object or list that is being read. */
interface Level {
  readonly value: JsonArray | JsonObject;
  readonly rules: readonly Rule[];
  readonly entries: Iterator<[string | number, unknown]>;
  /** The key or index of what is being read. */
  step: string | number;
}

/**
 * Tells the keys that a JSON Schema refuses by `additionalProperties: false`, in the order of the value, 100 at most. A key
 * is allowed when any part of an `allOf` or any branch of a union names it; branches that cannot hold, by their type or
 * by a constant such as `kind`, do not count. A schema that says nothing of other keys allows all. A key that holds
 * `undefined` is none, and what stands in itself is read once.
 */
export function extraKeys(schema: JsonObject, value: unknown): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const levels: Level[] = []; // not by calling itself: depth is what may be hostile
  const open = new Set<unknown>();
  const enter = (inner: unknown, schemas: readonly JsonValue[]): void => {
    if (!isContainer(inner) || open.has(inner) || schemas.includes(true)) return;
    const rules = branches([...new Set(schemas.map((one) => target(schema, one)))], inner, schema, []);
    if (rules.length === 0) return;
    const entries = Array.isArray(inner) ? inner.entries() : Object.entries(inner).values();
    levels.push({ value: inner, rules, entries, step: "" });
    open.add(inner);
  };
  enter(value, [schema]);
  for (let level = levels.at(-1); level !== undefined && problems.length < mostProblems; level = levels.at(-1)) {
    const next = level.entries.next();
    if (next.done) {
      levels.pop();
      open.delete(level.value);
      continue;
    }
    const [step, inner] = next.value;
    if (inner === undefined) continue;
    level.step = step;
    const said = saidByOne(level.rules, step);
    if (said.word === "refuses") {
      const path = levels.map((open) => open.step);
      problems.push(unknownKey(path, value, [...new Set(namesIn(level.rules))]));
    } else enter(inner, said.inner);
  }
  return problems;
}

/** Whether a value may hold others: an object or a list. */
export const isContainer = (value: unknown): value is JsonArray | JsonObject =>
  typeof value === "object" && value !== null;

/** The schemas that can hold for a value; of those that its type allows, the ones whose constants agree with it, if any. */
function branches(
  schemas: readonly JsonValue[],
  value: JsonArray | JsonObject,
  root: JsonObject,
  above: readonly JsonValue[],
): readonly Rule[] {
  const rules = schemas.map((schema) => ruleOf(schema, value, root, above)).filter((rule) => rule !== undefined);
  if (rules.length < 2) return rules;
  const agreeing = rules.filter((rule) => agrees(rule, value));
  return agreeing.length > 0 ? agreeing : rules;
}

/** A schema with what it is made of, or undefined when it cannot hold for a value of this type. */
function ruleOf(
  schema: JsonValue,
  value: JsonArray | JsonObject,
  root: JsonObject,
  above: readonly JsonValue[],
): Rule | undefined {
  if (schema === false || above.includes(schema)) return undefined; // a circle adds nothing to what it began with
  const node = isJsonObject(schema) ? schema : {};
  const type = Array.isArray(value) ? "array" : "object";
  if (node.type !== undefined && !listOf(node.type).includes(type)) return undefined;
  if (!isAmongChoices(node, value)) return undefined;
  const parts = [...(typeof node.$ref === "string" ? [pointedAt(root, node.$ref)] : []), ...listOf(node.allOf)];
  const choices = [...listOf(node.anyOf), ...listOf(node.oneOf)];
  if (parts.length === 0 && choices.length === 0) return { node, all: [], any: [] };
  const inside = [...above, schema];
  const all = parts.map((part) => ruleOf(part, value, root, inside)).filter((rule) => rule !== undefined);
  const any = branches(choices, value, root, inside);
  if (all.length < parts.length || (choices.length > 0 && any.length === 0)) return undefined;
  return { node, all, any };
}

/** A keyword's list, or its one value as a list. */
export const listOf = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** What a schema that is nothing but a reference stands for: many references to one schema are one. */
const target = (root: JsonObject, schema: JsonValue): JsonValue =>
  isJsonObject(schema) && typeof schema.$ref === "string" && Object.keys(schema).length === 1
    ? pointedAt(root, schema.$ref)
    : schema;

/** What a reference within the schema leads to; everything is allowed when it leads nowhere. */
export function pointedAt(root: JsonObject, reference: string): JsonValue {
  let node: JsonValue = root;
  for (const step of reference.split("/").slice(1)) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (!isContainer(node) || !Object.hasOwn(node, key)) return true;
    node = (node as JsonObject)[key] as JsonValue; // as: a list has its indexes for keys, and the key was just found
  }
  return node;
}

/** Whether the constants that a schema asks for, such as a `kind`, are those of the value. */
function agrees({ node, all, any }: Rule, value: JsonArray | JsonObject): boolean {
  const own = Object.entries(isJsonObject(node.properties) ? node.properties : {}).every(
    ([key, property]) =>
      !isJsonObject(property) || !Object.hasOwn(value, key) || isAmongChoices(property, (value as JsonObject)[key]), // as: the key was just found
  );
  return (
    own && all.every((rule) => agrees(rule, value)) && (any.length === 0 || any.some((rule) => agrees(rule, value)))
  );
}

/** The constants of which a schema asks for one, if it does. */
export function choicesOf({ const: only, enum: choices }: JsonObject): JsonArray | undefined {
  if (only !== undefined) return [only];
  return Array.isArray(choices) ? choices : undefined;
}

/** Lists and objects are not compared: they may be equal. */
function isAmongChoices(node: JsonObject, value: JsonValue | undefined): boolean {
  const allowed = choicesOf(node);
  if (allowed === undefined || value === undefined) return true;
  return allowed.some((choice) => (isContainer(choice) ? isContainer(value) : choice === value));
}

/** What schemas say of which one holds: what one allows is allowed, and what one leaves open is open. */
function saidByOne(rules: readonly Rule[], step: string | number): Said {
  const [first] = rules;
  if (first !== undefined && rules.length === 1) return saidByAll(first, step);
  const said = rules.map((rule) => saidByAll(rule, step));
  return { word: firstOf(["allows", "nothing", "refuses"], said), inner: said.flatMap(({ inner }) => inner) };
}

/** What schemas say that hold together: what one names is allowed, and what nobody names is refused when one refuses it. */
function saidByAll({ node, all, any }: Rule, step: string | number): Said {
  const own = typeof step === "number" ? saidOfItem(node, step) : saidOfKey(node, step);
  if (all.length === 0 && any.length === 0) return own;
  const said = [own, ...all.map((rule) => saidByAll(rule, step)), ...(any.length > 0 ? [saidByOne(any, step)] : [])];
  const word = firstOf(["allows", "refuses", "nothing"], said);
  return { word, inner: said.flatMap((one) => (one.word === word ? one.inner : [])) };
}

const firstOf = (order: readonly Said["word"][], said: readonly Said[]): Said["word"] =>
  order.find((word) => said.some((one) => one.word === word)) ?? "nothing";

const nothing: Said = { word: "nothing", inner: [true] };

function saidOfItem({ prefixItems, items }: JsonObject, index: number): Said {
  const schema = listOf(prefixItems)[index] ?? items;
  return schema === undefined ? nothing : { word: "allows", inner: [schema] };
}

function saidOfKey({ properties, patternProperties, additionalProperties }: JsonObject, key: string): Said {
  const inner = Object.entries(isJsonObject(patternProperties) ? patternProperties : {})
    .filter(([pattern]) => matches(pattern, key))
    .map(([, schema]) => schema);
  const named = isJsonObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (named !== undefined) inner.push(named);
  if (inner.length > 0) return { word: "allows", inner };
  if (additionalProperties === undefined) return nothing;
  return additionalProperties === false
    ? { word: "refuses", inner: [] }
    : { word: "allows", inner: [additionalProperties] };
}

function matches(pattern: string, key: string): boolean {
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(pattern, flags).test(key);
    } catch {
      // a pattern of the other dialect
    }
  }
  return true; // a pattern that nobody can read refuses nothing
}

/** The names that schemas have places for. */
function namesIn(rules: readonly Rule[]): readonly string[] {
  return rules.flatMap(({ node, all, any }) => [
    ...Object.keys(isJsonObject(node.properties) ? node.properties : {}),
    ...namesIn(all),
    ...namesIn(any),
  ]);
}
