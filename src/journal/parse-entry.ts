import { isUtf8 } from "node:buffer";
import { isJsonObject, type JsonObject, type JsonValue, jsonProblem, shownValue, WinkError } from "../base/index.ts";
import { entryVersion, type JournalEntry } from "./entry.ts";

/** What is wrong with an entry. */
export type EntryProblem = Readonly<Record<"problem" | "expected" | "received", string>>;

/** An object with a type, or what is wrong with the text. */
export type ParsedObject =
  | { readonly ok: true; readonly value: JsonObject & { readonly type: string } }
  | { readonly ok: false; readonly wrong: EntryProblem };

/** Parses one text of a journal; `what` is its word for it, such as "line". */
export function parseObject(text: string | Buffer, what: string): ParsedObject {
  const refused = (expected: string, received: string): ParsedObject => ({
    ok: false,
    wrong: { problem: `The ${what} cannot be read`, expected, received },
  });
  if (typeof text !== "string" && !isUtf8(text)) return refused("UTF-8", "other bytes");
  const json = text.toString("utf8");
  let value: unknown;
  try {
    // however long and deep: the limits for texts from outside were kept where it came in
    value = JSON.parse(json);
  } catch {
    return refused("JSON", jsonProblem(json, json.includes("\n"))); // `what` is told with its number, which is enough for one line
  }
  if (!isJsonObject(value) || !hasType(value)) return refused("an entry", "other JSON");
  return { ok: true, value };
}

const hasType = (value: JsonObject): value is JsonObject & { readonly type: string } => typeof value.type === "string";

/** What is wrong with the version of an object; undefined when this release reads it. */
export function versionProblem({ v }: JsonObject): EntryProblem | undefined {
  if (typeof v === "number" && v <= entryVersion) return undefined;
  return different("version", `${entryVersion} or earlier`, v);
}

/** What is wrong with the number of an entry. */
export function numberProblem({ seq }: JsonObject, expected: number): EntryProblem | undefined {
  return seq === expected ? undefined : different("number", String(expected), seq);
}

/** Takes an object of a known version for an entry. */
export function asEntry(value: JsonObject): JournalEntry {
  return value as unknown as JournalEntry; // as: its frame was looked at; whoever needs more of an entry looks at that (`RunRecord`)
}

/** Parses the text of the entry that has a number. Throws `JOURNAL_INVALID` naming the place and the entry. */
export function parseEntry(text: string, seq: number, at: string): JournalEntry {
  const parsed = parseObject(text, "entry");
  if (!parsed.ok) throw invalidEntry(at, seq, parsed.wrong);
  const { value } = parsed;
  const problem = versionProblem(value) ?? numberProblem(value, seq) ?? epochProblem(value);
  if (problem !== undefined) throw invalidEntry(at, seq, problem);
  return asEntry(value);
}

const epochProblem = ({ epoch }: JsonObject): EntryProblem | undefined =>
  Number.isInteger(epoch) ? undefined : different("epoch", "a whole number", epoch);

/** Another value of a field than the one that was expected. */
export const different = (field: string, expected: string, received: JsonValue | undefined): EntryProblem => ({
  problem: `The ${field} of the entry is not right`,
  expected,
  received: shownValue(received),
});

/** The error for an entry, which is counted from 0. */
export function invalidEntry(at: string, entry: number, wrong: EntryProblem): WinkError {
  return new WinkError("JOURNAL_INVALID", { ...wrong, at: `${at}, entry ${entry}`, details: { entry } });
}
