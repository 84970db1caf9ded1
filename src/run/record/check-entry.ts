import { isJsonObject, type JsonValue, shownValue, WinkError } from "../../base/index.ts";
import type { JournalEntry, JournalStep } from "../../journal/index.ts";

/** What a field must hold, in words. */
const kinds = {
  text: "a text",
  number: "a whole number",
  count: "a whole number from 1 on",
  object: "an object",
  list: "a list",
  message: "a message with `content`",
  wait: "milliseconds, from 0 on",
  amount: "a number, from 0 on",
} as const;
type Kind = keyof typeof kinds;

/** What must be there of each entry that a run is gone on with, or may be (`?`); journals may be edited by anyone. */
const fieldsOf: Readonly<Partial<Record<JournalStep["type"], Readonly<Record<string, Kind>>>>> = {
  "run/started": { prompt: "text", definition: "text", session: "object", model: "object" },
  "resources/saved": { resources: "object" },
  "content/kept": { name: "text" },
  "prompt/rendered": { system: "text", first: "message", tools: "list", sections: "list", summaries: "list" },
  "tools/joined": { turn: "number", tools: "list" },
  "model/requested": { turn: "number", digest: "text", "model?": "object" },
  "model/failed": { turn: "number", error: "object", "waitMs?": "wait", "fallback?": "object" },
  "model/responded": { turn: "number", message: "message", finish: "text", usage: "object", "cost?": "amount" },
  "tool/intended": {
    turn: "number",
    index: "number",
    call: "text",
    name: "text",
    effects: "text",
    snapshots: "object",
  },
  "tool/finished": {
    turn: "number",
    index: "number",
    call: "text",
    name: "text",
    status: "text",
    result: "object",
    events: "list",
    changes: "object",
  },
  "question/asked": { turn: "number", index: "number", call: "text", question: "text", kind: "text" },
  "question/answered": { question: "text" },
  "answer/refused": { question: "text" },
  "repair/requested": { message: "message" },
  "wrap-up/begun": { turn: "number", stage: "text", message: "message" },
  "wrap-up/lifted": { turn: "number", message: "message" },
  "context/dropped": { turn: "number", calls: "list", "tools?": "list" },
  "context/summarised": {
    turn: "number",
    messages: "count",
    message: "message",
    "tools?": "list",
    "model?": "object",
    "usage?": "object",
    "cost?": "amount",
  },
  "run/finished": { status: "text" },
};

/** The same as lists, put together once. */
const fields = new Map(
  Object.entries(fieldsOf).map(([type, kinds]) => [
    type,
    Object.entries(kinds).map(([name, kind]) => ({ name: name.replace("?", ""), kind, mayMiss: name.endsWith("?") })),
  ]),
);

/** Throws `JOURNAL_INVALID` for an entry that lacks what a run needs of it. */
export function checkEntry(entry: JournalEntry): void {
  const { type, seq } = entry;
  const values = entry as unknown as Readonly<Record<string, JsonValue>>; // as: entries are plain data
  for (const { name, kind, mayMiss } of fields.get(type) ?? []) {
    if (is(values[name], kind) || (mayMiss && values[name] === undefined)) continue;
    throw new WinkError("JOURNAL_INVALID", {
      at: `entry ${seq}`,
      problem: `The entry of type ${type} has no \`${name}\` as it should be`,
      expected: kinds[kind],
      received: values[name] === undefined ? "nothing" : shownValue(values[name]),
      details: { entry: seq, type, field: name },
    });
  }
}

function is(value: JsonValue | undefined, kind: Kind): boolean {
  if (kind === "text") return typeof value === "string";
  if (kind === "number") return Number.isSafeInteger(value);
  if (kind === "count") return Number.isSafeInteger(value) && Number(value) >= 1;
  if (kind === "wait" || kind === "amount") return typeof value === "number" && value >= 0;
  if (kind === "list") return Array.isArray(value);
  return isJsonObject(value) && (kind === "object" || Array.isArray(value.content));
}
