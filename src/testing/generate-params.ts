/** Draws, and what generated tools, sections and prompts are made of: texts that tests are hard on, and params. */
import { isJsonObject, type JsonObject, type JsonValue, type Schema, type SchemaIssue, sha256 } from "../base/index.ts";

/**
 * Gives a whole number from 0 to `most`. All that is generated is made from such numbers alone; zeros make the simplest.
 * With fast-check: `(most) => g(fc.nat, most)`, where `g` is a value of `fc.gen()`.
 */
export type Draw = (most: number) => number;

/** Draws by a seed: the same seed gives the same numbers on every machine. */
export function seededDraw(seed: number | string): Draw {
  let count = 0;
  return (most) => Number.parseInt(sha256(`${seed}\n${count++}`).slice(0, 12), 16) % (most + 1);
}

/** A param of a generated section or tool. */
export interface GeneratedParam {
  readonly name: string;
  /** What its schema gives out. */
  readonly value: string | number | boolean;
  /** What its schema gives out when it is not given; undefined for one that must be given. */
  readonly fallback: string | number | boolean | undefined;
  /** Whether it is given. */
  readonly given: boolean;
}

/** Generates up to `most` params. */
export function generateParams(draw: Draw, prefix: string, most: number): readonly GeneratedParam[] {
  return Array.from({ length: draw(most) }, (_, index) => generateParam(draw, `${prefix}_${index + 1}`));
}

function generateParam(draw: Draw, name: string): GeneratedParam {
  const type = draw(2);
  const one = (): GeneratedParam["value"] =>
    type === 0 ? generateText(draw, [`{{${name}}}`, `{{ ${name} }}`]) : type === 1 ? pick(draw, numbers) : flip(draw);
  const value = one();
  const use = draw(2); // without a default; with one that is not used; with one that is
  return { name, value, fallback: use === 0 ? undefined : use === 1 ? one() : value, given: use !== 2 };
}

const numbers = [0, 1, -1, 1.5, 1e21, 5e-324, Number.MAX_SAFE_INTEGER];

/** Generates a text of pieces that mean something to templates, replacements, Markdown, JSON or terminals. */
export function generateText(draw: Draw, more: readonly string[] = []): string {
  const known = [...pieces, ...more];
  return Array.from({ length: draw(2) }, () => pick(draw, known)).join("");
}

const braces = ["{", "{{", "{{{{", "}}", "{{name}}", "{{ name }}", "${name}", "$", "$$", "$&", "$1", "$`", "%s"];
const markup = [
  "`",
  "```",
  "\n````json\n{}\n````\n",
  "## 0. 0 (s0)",
  "\n\n---\n\n",
  "[This is a summary: ",
  "Tools:\n- ",
];
const quotes = ['"', "'", "\\", "\\n", "\\u0041", "</system>", "<!--", "<body 0>", "__proto__", "constructor"];
const characters = [
  " ",
  "\t",
  "\n",
  "\r\n",
  "\n\n",
  "\u0000",
  "\u001b[31m",
  "\u2028",
  "\u202e",
  "\ufeff",
  "e\u0301",
  "👩‍💻",
];
const pieces = ["plain", "long ".repeat(1_000), ...braces, ...markup, ...quotes, ...characters];

/** One item of a list that is not empty. */
export function pick<Item>(draw: Draw, items: readonly Item[]): Item {
  return items[draw(items.length - 1)] as Item; // as: the index is below the length
}

/** True in one of two cases. */
export function flip(draw: Draw): boolean {
  return draw(1) === 1;
}

/** Values of params by name. */
export type ParamValues = Readonly<Record<string, GeneratedParam["value"]>>;

/** What is given for params, by name. */
export function givenOf(params: readonly GeneratedParam[]): ParamValues {
  return Object.fromEntries(params.flatMap(({ name, value, given }) => (given ? [[name, value]] : [])));
}

/** The schema of an object with these params and no others. */
export function schemaOf(params: readonly GeneratedParam[]): Schema<ParamValues, ParamValues> {
  const properties: JsonObject = Object.fromEntries(
    params.map(({ name, value, fallback }): [string, JsonValue] => [
      name,
      fallback === undefined ? { type: typeof value } : { type: typeof value, default: fallback },
    ]),
  );
  const schema = (required: readonly GeneratedParam[]) => (): JsonObject => ({
    type: "object",
    properties,
    required: required.map(({ name }) => name),
    additionalProperties: false,
  });
  const needed = params.filter(({ fallback }) => fallback === undefined);
  return {
    "~standard": {
      version: 1,
      vendor: "weakincentives",
      validate: (value) => checkAll(params, value),
      jsonSchema: { input: schema(needed), output: schema(params) },
    },
  };
}

function checkAll(
  params: readonly GeneratedParam[],
  value: unknown,
): { readonly value: ParamValues } | { readonly issues: readonly SchemaIssue[] } {
  if (!isJsonObject(value)) return { issues: [{ message: "expected an object" }] };
  const names = params.map(({ name }) => name);
  const issues: SchemaIssue[] = Object.keys(value)
    .filter((key) => !names.includes(key))
    .map((key) => ({ message: "is not known", path: [key] }));
  const values: Record<string, GeneratedParam["value"]> = {};
  for (const param of params) {
    const given = Object.hasOwn(value, param.name) ? value[param.name] : param.fallback;
    if (typeof given === typeof param.value)
      values[param.name] = given as GeneratedParam["value"]; // as: it has its type
    else issues.push({ message: `expected a ${typeof param.value}`, path: [param.name] });
  }
  return issues.length > 0 ? { issues } : { value: values };
}
