import { isUtf8 } from "node:buffer";
import { isJsonObject, type JsonObject, messageFrom, WinkError } from "../base/index.ts";
import { entryVersion, type JournalEntry } from "./entry.ts";

/** An object with a type, or what is wrong with the text. */
export type ParsedObject =
  | { readonly ok: true; readonly value: JsonObject & { readonly type: string } }
  | { readonly ok: false; readonly problem: string };

/** Parses one text of a journal; `what` is its word for it, such as "line". */
export function parseObject(text: string | Buffer, what: string): ParsedObject {
  if (typeof text !== "string" && !isUtf8(text)) return { ok: false, problem: `The ${what} is not UTF-8` };
  let value: unknown;
  try {
    // however long and deep: the limits for texts from outside were kept where it came in
    value = JSON.parse(text.toString("utf8"));
  } catch (error) {
    return { ok: false, problem: `The ${what} is not JSON: ${messageFrom(error)}` };
  }
  if (!isJsonObject(value) || !hasType(value)) return { ok: false, problem: `The ${what} is not an entry` };
  return { ok: true, value };
}

const hasType = (value: JsonObject): value is JsonObject & { readonly type: string } => typeof value.type === "string";

/** What is wrong with the version of an object; undefined when this release reads it. */
export function versionProblem({ v }: JsonObject): string | undefined {
  if (typeof v === "number" && v <= entryVersion) return undefined;
  return `The entry has version ${String(v)}, this release reads up to ${entryVersion}`;
}

/** What is wrong with the number of an entry. */
export function numberProblem({ seq }: JsonObject, expected: number): string | undefined {
  return seq === expected ? undefined : `The entry has number ${String(seq)} where ${expected} was expected`;
}

/** Takes an object of a known version for an entry. */
export function asEntry(value: JsonObject): JournalEntry {
  return value as unknown as JournalEntry; // as: its frame was looked at; whoever needs more of an entry looks at that (`RunRecord`)
}

/** Parses the text of the entry that has a number. Throws `JOURNAL_INVALID` naming the place and the entry. */
export function parseEntry(text: string, seq: number, at: string): JournalEntry {
  const parsed = parseObject(text, "entry");
  if (!parsed.ok) throw invalidEntry(at, seq, parsed.problem);
  const { value } = parsed;
  const problem = versionProblem(value) ?? numberProblem(value, seq) ?? epochProblem(value);
  if (problem !== undefined) throw invalidEntry(at, seq, problem);
  return asEntry(value);
}

const epochProblem = ({ epoch }: JsonObject): string | undefined =>
  Number.isInteger(epoch) ? undefined : `The entry has the epoch ${JSON.stringify(epoch)}`;

/** The error for an entry, which is counted from 0. */
export function invalidEntry(at: string, entry: number, problem: string): WinkError {
  return new WinkError("JOURNAL_INVALID", { at: `${at}, entry ${entry}`, problem, details: { entry } });
}
