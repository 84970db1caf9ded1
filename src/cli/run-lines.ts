/** The steps of a run as lines, in the order of its journal. Texts are whole, and redacted. */
import { type JsonValue, parseJson, redact, redactDeep } from "../base/index.ts";
import type {
  JournalEntry,
  ModelFailed,
  ModelRequested,
  ModelResponded,
  PromptRendered,
  RunFinished,
  ToolFinished,
  ToolIntended,
} from "../journal/index.ts";
import { type RunRecord, shownName } from "../run/index.ts";
import { canRunAgain } from "../tool/index.ts";
import { countText, durationText } from "./times.ts";

/** One step. */
export interface RunLine {
  /** The number of its entry. */
  readonly entry: number;
  /** Milliseconds since the run began. */
  readonly after: number;
  readonly what: string;
  /** What a call was made with; null for other steps. */
  readonly given: string | null;
  readonly text: string;
}

/** Writes one line for each step that people ask about; `record` is made of the same entries. */
export function runLines(entries: readonly JournalEntry[], record: RunRecord): readonly RunLine[] {
  const began = entries[0]?.at ?? 0;
  const context: Context = { entries, kept: record.kept, intents: new Map(), answers: new Map() };
  const lines: RunLine[] = [];
  let epoch = entries[0]?.epoch;
  for (const [index, entry] of entries.entries()) {
    const add = (what: string, text: string, given?: string): void => {
      const clean = given === undefined ? null : redact(given);
      lines.push({ entry: entry.seq, after: entry.at - began, what: redact(what), given: clean, text: redact(text) });
    };
    // an answer from outside opens the journal as well, but the run does not go on by it
    if (entry.epoch !== epoch && entry.type !== "question/answered") {
      add("resumed", "the run goes on here");
      epoch = entry.epoch;
    }
    const line = lineOf(entry, index, context);
    if (line !== undefined) add(...line);
  }
  return lines;
}

interface Context {
  readonly entries: readonly JournalEntry[];
  readonly kept: RunRecord["kept"];
  /** The newest intent of each place. */
  readonly intents: Map<string, ToolIntended>;
  readonly answers: Map<number, ModelResponded>;
}

type Line = readonly [what: string, text: string, given?: string];

function lineOf(entry: JournalEntry, index: number, context: Context): Line | undefined {
  switch (entry.type) {
    case "run/started": {
      const { prompt, model, params } = entry;
      return ["began", `${prompt} on ${shownName(model)}, params ${json(params)}`];
    }
    case "prompt/rendered":
      return ["rendered", renderedText(entry)];
    case "tools/joined":
      return [`turn ${entry.turn}`, `tools joined: ${entry.tools.map(({ name }) => name).join(", ")}`];
    case "model/requested":
      return [`turn ${entry.turn}`, askedText(entry)];
    case "model/responded":
      context.answers.set(entry.turn, entry);
      return [`turn ${entry.turn}`, answeredText(entry)];
    case "model/failed":
      return [`turn ${entry.turn}`, failedText(entry)];
    case "tool/intended":
      context.intents.set(`${entry.turn}.${entry.index}`, entry);
      return cutOffLine(entry, index, context);
    case "tool/finished":
      return finishedLine(entry, context);
    case "tool/undone":
      return [`  ${entry.name}`, entry.ok ? "undone" : `could not be undone: ${entry.error ?? ""}`];
    case "question/asked":
      return [`  ${entry.name}`, `asks (${entry.question}): ${json(entry.ask)}`];
    case "question/answered":
      return ["answer", `to ${entry.question}: ${json(entry.answer)}`];
    case "answer/refused":
      return ["answer", `to ${entry.question} refused: ${entry.problem}`];
    case "repair/requested":
      return ["repair", messageText(entry.message)];
    case "wrap-up/begun":
    case "wrap-up/lifted":
      return ["wrap-up", messageText(entry.message)];
    case "context/dropped":
      return [
        "context",
        `results left out: ${entry.calls.join(", ")} (${entry.tokens} tokens, room for ${entry.most})`,
      ];
    case "context/summarised":
      return ["context", messageText(entry.message)];
    case "run/finished":
      return ["end", endText(entry)];
    default:
      return undefined; // contents and what resources held: large, and of no interest by themselves
  }
}

/** JSON with its secrets redacted by their names, which a text alone may not tell. */
const json = (value: JsonValue): string => JSON.stringify(redactDeep(value)) ?? "";

function renderedText({ sections, tools, system, first }: PromptRendered): string {
  const names = tools.map(({ name }) => name).join(", ");
  return `sections ${sections.join(", ")}; tools ${names === "" ? "none" : names}\n${system}\n${messageText(first)}`;
}

const messageText = ({ content }: PromptRendered["first"]): string =>
  content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n");

const askedText = ({ messages, model }: ModelRequested): string =>
  `${model === undefined ? "asked" : `${shownName(model)} asked`} with ${countText(messages, "message")}`;

function failedText({ error, attempt, waitMs, fallback, summary }: ModelFailed): string {
  const which = attempt === undefined || attempt === 1 ? "" : ` to attempt ${attempt}`;
  const again = waitMs === undefined ? "" : `, asked again after ${durationText(waitMs)}`;
  const other = fallback === undefined ? "" : `, ${shownName(fallback)} stands in`;
  return `no ${summary === undefined ? "answer" : "summary"}${which}${again}${other}: ${errorText(error)}`;
}

function answeredText({ message, finish }: ModelResponded): string {
  const parts = message.content.map((part) => (part.type === "text" ? part.text : `→ ${part.name}`));
  const ending = finish === "stop" || finish === "tool-calls" ? "" : ` (${finish})`;
  return `answered${ending}: ${parts.join(" ")}`;
}

/** A call that was begun and has no end there: it was cut off. One that asks, or has ended, is told of there. */
function cutOffLine(intent: ToolIntended, at: number, { entries }: Context): Line | undefined {
  const { turn, index: place, name, arguments: given } = intent;
  let next: JournalEntry | undefined;
  for (let index = at + 1; next === undefined && index < entries.length; index++) {
    const entry = entries[index];
    // it waits again: its answer was of another form
    if (entry?.type === "answer/refused" && entry.question.startsWith(`${intent.call}/`)) return undefined;
    if (entry !== undefined && "index" in entry && entry.turn === turn && entry.index === place) next = entry;
  }
  if (next?.type === "tool/finished" || next?.type === "question/asked") return undefined;
  const then =
    next === undefined
      ? "begun, and no end in the journal"
      : canRunAgain(intent.effects)
        ? "cut off, and begun again"
        : "cut off";
  return [`  ${name}`, then, json(given)];
}

function finishedLine(entry: ToolFinished, { kept, intents, answers }: Context): Line {
  const { turn, index, status, content, result } = entry;
  const text = content === undefined ? result.text : Buffer.from(kept(content)).toString("utf8");
  const calls = answers.get(turn)?.message.content.filter((part) => part.type === "tool-call");
  const intent = intents.get(`${turn}.${index}`);
  const given = intent === undefined ? asJson(calls?.[index]?.arguments ?? "") : json(intent.arguments);
  return [`  ${entry.name}`, `${status}: ${text}`, given];
}

function asJson(text: string): string {
  const parsed = parseJson(text);
  return parsed.ok ? json(parsed.value) : text;
}

function endText({ status, output = null, text = "", reason, problem, error }: RunFinished): string {
  const said = output === null ? text : json(output);
  const limit = reason !== undefined && problem !== undefined ? `${reason}: ${problem}` : reason;
  const why = error === undefined ? (limit ?? said) : errorText(error);
  return why === "" ? status : `${status}: ${why}`;
}

const errorText = ({ code, message }: { readonly [name: string]: JsonValue }): string =>
  `${String(code)}: ${String(message)}`;
