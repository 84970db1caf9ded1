/** What the checks of all protocols share. Each report is one sentence that says where and what. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";

/** Takes one thing that is wrong. */
export type Report = (problem: string) => void;

/** How many reports of one request are kept. */
const mostReports = 100;

/** Runs checks and gives what they report, or as much of it as anybody reads. */
export function reported(check: (report: Report) => void): readonly string[] {
  const problems: string[] = [];
  check((problem) => {
    if (problems.length < mostReports) problems.push(problem);
  });
  return problems;
}

/** A value as a text, whatever was sent where a text should stand. */
export const textOf = (value: JsonValue | undefined): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");

/** A value as reports tell it: a short text. */
export function shown(value: JsonValue | undefined): string {
  const text = textOf(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** Names of fields, written with commas between them. */
export const names = (list: string): ReadonlySet<string> => new Set(list.split(","));

/** Whether a field was given: null counts as left out. */
export const given = (value: JsonValue | undefined): value is JsonValue => value !== undefined && value !== null;

/** Whether a value is a text with something in it. */
export const isFilled = (value: JsonValue | undefined): value is string => typeof value === "string" && value !== "";

/** Whether a value is a list with something in it. */
export const isFilledList = (value: JsonValue | undefined): value is readonly JsonValue[] =>
  Array.isArray(value) && value.length > 0;

/** The objects in a list; none in what is no list. */
export const objectsIn = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** The calls of a conversation, as a check meets them. */
export interface CallLedger {
  called(id: JsonValue, at: string): void;
  answered(id: JsonValue, at: string): void;
  /** Says that all results must have come. */
  settled(at: string): void;
}

/** Reports calls whose id an earlier one had, results that nobody waits for, and calls without a result. */
export function callLedger(report: Report): CallLedger {
  const seen = new Set<JsonValue>();
  const open = new Set<JsonValue>();
  return {
    called(id, at) {
      if (seen.has(id)) report(`${at}: the id ${shown(id)} stands twice`);
      seen.add(id);
      open.add(id);
    },
    answered(id, at) {
      if (!open.delete(id)) report(`${at}: a result for ${shown(id)}, which nobody waits for`);
    },
    settled(at) {
      if (open.size > 0) report(`${at}no result for ${[...open].map(shown).join(", ")}`);
      open.clear();
    },
  };
}

/** Reports fields that stand in none of the sets of known ones. */
export function checkFields(
  value: JsonObject,
  known: readonly ReadonlySet<string>[],
  at: string,
  report: Report,
): void {
  for (const key of Object.keys(value)) {
    if (!known.some((fields) => fields.has(key))) report(`${at}unknown field ${shown(key)}`);
  }
}

/** Reports a field that is given and is no number between two bounds. */
export function checkNumber(body: JsonObject, name: string, min: number, max: number, report: Report): void {
  const value = body[name];
  if (given(value) && !(typeof value === "number" && value >= min && value <= max)) {
    report(`${name} is no number from ${min} to ${max}`);
  }
}

/** Reports parts of a message whose type is not among those that may stand there, or that lack what their type names. */
export function checkParts(
  content: JsonValue | undefined,
  types: Readonly<Record<string, string>>,
  at: string,
  report: Report,
): void {
  if (typeof content === "string") return;
  if (!isFilledList(content)) {
    report(`${at}: content is neither a text nor a filled list`);
    return;
  }
  for (const [index, part] of content.entries()) {
    const type = isJsonObject(part) ? part.type : undefined;
    const needed = typeof type === "string" && Object.hasOwn(types, type) ? types[type] : undefined;
    if (!isJsonObject(part) || needed === undefined) report(`${at}.content[${index}]: unknown part ${shown(type)}`);
    else if (needed !== "" && !given(part[needed]))
      report(`${at}.content[${index}]: a part ${shown(type)} without ${needed}`);
  }
}
