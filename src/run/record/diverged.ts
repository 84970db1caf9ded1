import { type JsonValue, WinkError } from "../../base/index.ts";
import type { ModelRequested } from "../../journal/index.ts";
import type { Message } from "../../model/index.ts";
import type { Recorded } from "./recorded.ts";
import { recordedMessages } from "./recorded-messages.ts";
import type { RunRecord } from "./run-record.ts";

/** Where two sides differ, and what each says. */
interface Divergence {
  /** The number of the recorded entry, if there is one. */
  readonly entry: number | undefined;
  readonly what: string;
  readonly recorded: JsonValue;
  readonly now: JsonValue;
}

/** Makes the error of a replay that does otherwise than recorded. Both sides are shown from just before where they part. */
export function diverged(runId: string, { entry, what, recorded, now }: Divergence): WinkError {
  const [before, after] = [shown(recorded), shown(now)];
  const parting = partingOf(before, after);
  return new WinkError("REPLAY_DIVERGED", {
    at: entry === undefined ? `run "${runId}"` : `run "${runId}", entry ${entry}`,
    problem: `The replay does otherwise than the journal says: ${what}`,
    expected: around(before, parting),
    received: around(after, parting),
    details: { run: runId, entry: entry ?? null, what, recorded, now },
  });
}

/** The error for an answer of the record that was given to other messages: shows the first message that is another. */
export function messagesDiverged(
  runId: string,
  record: RunRecord,
  { seq, turn }: Recorded<ModelRequested>,
  messages: readonly Message[],
): WinkError {
  const before = recordedMessages(record, turn);
  const isSame = before.length === messages.length && JSON.stringify(before) === JSON.stringify(messages);
  if (isSame) return edited(runId, { seq, turn });
  const place = before.findIndex((message, index) => JSON.stringify(message) !== JSON.stringify(messages[index]));
  const at = place === -1 ? Math.min(before.length, messages.length - 1) : place;
  return diverged(runId, {
    entry: seq,
    what: `message ${at + 1} before the request of turn ${turn}`,
    recorded: plain(before[at]),
    now: plain(messages[at]),
  });
}

/** The error for a journal whose messages are not those that the model was asked with: their digest says so. */
export function edited(runId: string, { seq, turn }: Pick<Recorded<ModelRequested>, "seq" | "turn">): WinkError {
  return new WinkError("JOURNAL_INVALID", {
    at: `run "${runId}", entry ${seq}`,
    problem: `The journal was edited: the messages before turn ${turn} are not those that the model was asked with`,
    expected: "messages of the digest in the entry",
    received: "messages of another digest",
    details: { run: runId, entry: seq, turn },
  });
}

const plain = (message: Message | undefined): JsonValue =>
  message === undefined ? null : (message as unknown as JsonValue); // as: messages are plain data
const shown = (value: JsonValue): string =>
  typeof value === "string" ? value : value === null ? "nothing" : JSON.stringify(value);

/** How much is shown around the place where two texts part, in characters. */
const shownBefore = 60;
const shownAfter = 240;

function partingOf(a: string, b: string): number {
  let place = 0;
  while (place < a.length && a[place] === b[place]) place++;
  return place;
}

function around(text: string, place: number): string {
  const [from, to] = [Math.max(0, place - shownBefore), place + shownAfter];
  return `${from > 0 ? "…" : ""}${text.slice(from, to)}${text.length > to ? "…" : ""}`;
}
