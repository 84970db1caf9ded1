/**
 * A quick look that tells of most values that `extraKeys` would find nothing in them, so that its careful walk is left for
 * the few that may hold more. What it looks at is worked out of the JSON Schema once.
 */
import { choicesOf, isContainer, listOf, pointedAt } from "./extra-keys.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";

/** Tells whether a value surely has no key without a place. False says nothing: look closely. */
export type KeyCheck = (value: unknown) => boolean;

/** What a schema says of objects and of lists: the forms of which one holds. One without any is looked at closely. */
interface Shape {
  /** Everything is allowed. */
  readonly open: boolean;
  readonly objects: readonly ObjectForm[];
  readonly lists: readonly ListForm[];
}

interface ObjectForm {
  readonly fields: ReadonlyMap<string, Field>;
  /** What other keys hold; they are refused without one. */
  readonly rest: Shape | undefined;
}

interface Field {
  readonly shape: Shape;
  /** What a key such as `kind` may hold. */
  readonly only: readonly unknown[] | undefined;
}

interface ListForm {
  readonly first: readonly Shape[];
  readonly rest: Shape;
}

/** Deeper values are looked at closely, which needs no stack. */
const deepest = 100;

/** Works out the check for a JSON Schema (draft 2020-12) as `extraKeys` takes it. */
export function keyCheck(root: JsonObject): KeyCheck {
  const shape = shapesOf(root)(root);
  return (value) => !isContainer(value) || fits(shape, value, 0);
}

function fits(shape: Shape, value: object, depth: number): boolean {
  if (shape.open) return true;
  if (depth > deepest) return false;
  if (Array.isArray(value)) {
    const [list, ...others] = shape.lists;
    return list !== undefined && others.length === 0 && fitsList(list, value, depth);
  }
  const fields = value as Readonly<Record<string, unknown>>; // as: any object may be asked for its own keys
  const [only, ...others] =
    shape.objects.length > 1 ? shape.objects.filter((form) => takes(form, fields)) : shape.objects;
  // of several that may hold none is chosen: trying one after the other would take time without bounds
  return only !== undefined && others.length === 0 && fitsObject(only, fields, depth);
}

function fitsObject(form: ObjectForm, value: Readonly<Record<string, unknown>>, depth: number): boolean {
  // the fastest loop there is; an inherited key that has no place only makes it look closely
  for (const key in value) {
    const inner = value[key];
    const shape = shapeAt(form, key, inner);
    if (shape === undefined || (isContainer(inner) && !fits(shape, inner, depth + 1))) return false;
  }
  return true;
}

/** Whether a form may hold, as far as can be said without looking into the fields. */
const takes = (form: ObjectForm, value: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(value).every((key) => shapeAt(form, key, value[key]) !== undefined);

/** The shape of what stands under a key, or undefined where it may not stand there. */
function shapeAt({ fields, rest }: ObjectForm, key: string, inner: unknown): Shape | undefined {
  const field = fields.get(key);
  if (field === undefined) return inner === undefined ? openShape : rest;
  return inner === undefined || field.only === undefined || field.only.includes(inner) ? field.shape : undefined;
}

const fitsList = ({ first, rest }: ListForm, value: readonly unknown[], depth: number): boolean =>
  value.every((item, index) => !isContainer(item) || fits(first[index] ?? rest, item, depth + 1));

/** Words by which a schema says something itself, and not only through others. */
const ownWords: readonly string[] =
  "type const enum properties patternProperties additionalProperties prefixItems items".split(" ");

const openShape: Shape = { open: true, objects: [], lists: [] };

/** Makes shapes of the schemas of one document; those that hold themselves are made once. */
function shapesOf(root: JsonObject): (schema: JsonValue) => Shape {
  const made = new Map<JsonValue, Shape>();
  const shapeOf = (schema: JsonValue): Shape => {
    const known = made.get(schema);
    if (known !== undefined) return known;
    const objects: ObjectForm[] = [];
    const lists: ListForm[] = [];
    const nodes = alternatives(schema, root, new Set());
    if (nodes.length === 1 && nodes[0] === true) return openShape;
    const shape: Shape = { open: false, objects, lists };
    made.set(schema, shape); // before it is filled, because it may hold itself
    for (const node of nodes) {
      if (!isJsonObject(node) || node.const !== undefined || node.enum !== undefined) continue;
      const types = node.type === undefined ? ["object", "array"] : listOf(node.type);
      if (types.includes("object") && node.patternProperties === undefined) objects.push(objectForm(node, shapeOf));
      if (types.includes("array")) lists.push(listForm(node, shapeOf));
    }
    return shape;
  };
  return shapeOf;
}

/** The schemas of which one holds in the place of this one; none where several hold together. */
function alternatives(schema: JsonValue, root: JsonObject, seen: Set<JsonValue>): readonly JsonValue[] {
  if (!isJsonObject(schema) || seen.has(schema)) return [schema === true];
  seen.add(schema);
  const parts = [...(typeof schema.$ref === "string" ? [pointedAt(root, schema.$ref)] : []), ...listOf(schema.allOf)];
  const choices = [...listOf(schema.anyOf), ...listOf(schema.oneOf)];
  const others = parts.length > 0 ? parts : choices;
  const isOwn = ownWords.some((word) => schema[word] !== undefined);
  if (others.length === 0) return [isOwn ? schema : true];
  if (isOwn || parts.length > 1 || (parts.length > 0 && choices.length > 0)) return [];
  return others.flatMap((other) => alternatives(other, root, seen));
}

function objectForm(node: JsonObject, shapeOf: (schema: JsonValue) => Shape): ObjectForm {
  const { properties, additionalProperties: others = true } = node;
  const fields = Object.entries(isJsonObject(properties) ? properties : {}).map(([key, property]) => {
    return [key, { shape: shapeOf(property), only: isJsonObject(property) ? choicesOf(property) : undefined }] as const;
  });
  return { fields: new Map(fields), rest: others === false ? undefined : shapeOf(others) };
}

const listForm = ({ prefixItems, items = true }: JsonObject, shapeOf: (schema: JsonValue) => Shape): ListForm => ({
  first: listOf(prefixItems).map(shapeOf),
  rest: shapeOf(items),
});
