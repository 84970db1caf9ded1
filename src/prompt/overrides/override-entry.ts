/** The entries of a file of overrides, read field by field. */
import { didYouMean, isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import { overridesInvalid, shown } from "./overrides-error.ts";

/** An entry that is about to be read, with its place for errors. */
export interface PlacedEntry {
  readonly value: JsonValue;
  readonly file: string;
  /** Like `["sections", "a/b"]`. */
  readonly place: readonly string[];
}

/** Names that are not known are compared with those that are, so their number has a limit. */
const mostNames = 2_000;

/** The texts of an entry for a tool. */
export interface ToolTexts {
  readonly description: string | undefined;
  /** By the param's name. */
  readonly params: Readonly<Record<string, string>>;
}

/** The hash that an entry was written against. */
export function expectedHash(entry: PlacedEntry, field: "expected_hash" | "expected_contract_hash"): string {
  const value = objectIn(entry)[field];
  if (typeof value === "string" && /^[0-9a-f]{64}$/.test(value)) return value;
  throw overridesInvalid(entry.file, [...entry.place, field], {
    problem: "The hash is not well formed",
    expected: "64 digits of 0-9 and a-f",
    received: shown(value),
    fix: "Take it from a seeded file.",
    example: `${JSON.stringify(field)}: "00b00008e83f…"`,
  });
}

/** The body of an entry for a section. */
export function bodyIn(entry: PlacedEntry): string {
  const fields = objectIn(entry);
  refuseOthers(entry, fields, ["expected_hash", "body"]);
  return textIn(fields.body, entry, ["body"]);
}

/** The texts of an entry for a tool; `null` stands for one that is not replaced. */
export function toolTextsIn(entry: PlacedEntry): ToolTexts {
  const fields = objectIn(entry);
  refuseOthers(entry, fields, ["expected_contract_hash", "description", "param_descriptions"]);
  const { description = null, param_descriptions: params = null } = fields;
  return {
    description: description === null ? undefined : textIn(description, entry, ["description"]),
    params: params === null ? {} : textsIn(params, entry, "param_descriptions"),
  };
}

function textsIn(value: JsonValue, entry: PlacedEntry, field: string): Readonly<Record<string, string>> {
  const texts = objectIn({ ...entry, value, place: [...entry.place, field] });
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, textIn(text, entry, [field, name])] as const),
  );
}

/** The fields of an object that is not larger than any that makes sense. */
export function objectIn({ value, file, place }: PlacedEntry): JsonObject {
  const names = isJsonObject(value) ? Object.keys(value).length : 0;
  if (isJsonObject(value) && names <= mostNames) return value;
  throw overridesInvalid(file, place, {
    problem: names === 0 ? "This is not an object" : "There are too many names",
    expected: names === 0 ? "an object" : `at most ${mostNames} names`,
    received: names === 0 ? shown(value) : `${names} names`,
    example: `${JSON.stringify(place.at(-1))}: {}`,
  });
}

function textIn(value: JsonValue | undefined, { file, place }: PlacedEntry, field: readonly string[]): string {
  if (typeof value === "string") return value;
  throw overridesInvalid(file, [...place, ...field], {
    problem: "This is not a text",
    expected: "a text",
    received: shown(value),
    example: `${JSON.stringify(field.at(-1))}: "…"`,
  });
}

function refuseOthers({ file, place }: PlacedEntry, fields: JsonObject, known: readonly string[]): void {
  for (const name of Object.keys(fields)) {
    if (known.includes(name)) continue;
    throw overridesInvalid(file, [...place, name], {
      problem: "The entry has a field that nobody reads",
      expected: known.join(", "),
      received: shown(name),
      fix: didYouMean(name, known) || "Take it away.",
      example: `${JSON.stringify(known.at(-1))}: …`,
    });
  }
}
