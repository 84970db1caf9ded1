/** Keeps what a model is sent within its context window: old results are left out first, then older turns are summed up. */
import { addUsage } from "../../limits/index.ts";
import { type ModelRequest, type ToolResultPart, textOf, type UserMessage } from "../../model/index.ts";
import type { Tally } from "../ask-model.ts";
import type { Frame } from "../frame.ts";
import { nameOf, shownName } from "../model-line.ts";
import { asTold, specOf } from "../tool-spec.ts";
import { askForSummary, summaryName, type WrittenSummary } from "./ask-for-summary.ts";
import type { ContextRoom, ContextWindow } from "./context-window.ts";
import { callList, conversationText } from "./conversation-text.ts";
import { readResultName, readResultTool } from "./read-result.ts";

/** Shorter results stay: what would stand for them is hardly shorter. */
const shortResult = 400;

/** Whether the next request is another than it was, or can only be too large. */
export type Fit = "same" | "changed" | "too-large";

/** What is counted, and for what there is room. */
interface Fitting {
  readonly frame: Frame;
  readonly window: ContextWindow;
  readonly room: ContextRoom;
  /** The request as it is now. */
  request: ModelRequest;
  tokens: number;
  /** Whether the count is more than a guess by length. */
  isTold: boolean;
}

/**
 * Makes room for the next request after a turn, by what the record says of it and, where the record ends, by what is counted. Each step
 * is journalled, and takes so much away that the next is far off: what a provider has cached of the conversation changes seldom.
 */
export async function fitContext(frame: Frame, request: ModelRequest, turn: number, tally: Tally): Promise<Fit> {
  const { context: window, models, spending, mode, record } = frame;
  const isRecalled = recallSteps(frame, turn, tally);
  if (window === undefined) return isRecalled ? "changed" : "same";
  const sent: ModelRequest = isRecalled
    ? { ...request, messages: frame.transcript.sent, tools: offered(frame) }
    : request;
  const room = window.roomOf(models.current, spending.longestAnswer);
  if (room === undefined) return isRecalled ? "changed" : "same";
  if (mode !== "live" || record.responses.has(turn + 1)) {
    window.counter.reckon(sent); // so that what the provider said of it can be taken
    return isRecalled ? "changed" : "same";
  }
  const fitting: Fitting = { frame, window, room, request: sent, ...window.counter.count(models.current, sent) };
  if (fitting.tokens <= room.actAbove) return isRecalled ? "changed" : "same";
  await leaveOutResults(fitting, turn, window.keepTurns);
  if (fitting.tokens > room.downTo) await sumUp(fitting, turn, tally);
  if (fitting.tokens > room.actAbove) await leaveOutResults(fitting, turn, 0);
  return fitting.isTold && fitting.tokens > room.most ? "too-large" : "changed";
}

const offered = ({ wrapUp, tools }: Frame): ModelRequest["tools"] => wrapUp.offered(tools.values());

/** Counts again when something was left out. */
function countAgain(fitting: Fitting): void {
  const { frame, window } = fitting;
  fitting.request = { ...fitting.request, messages: frame.transcript.sent, tools: offered(frame) };
  Object.assign(fitting, window.counter.count(frame.models.current, fitting.request));
}

/** Leaves out the oldest results, as many as need be, but none of the newest turns. */
async function leaveOutResults(fitting: Fitting, turn: number, keepTurns: number): Promise<void> {
  const { frame, window, room } = fitting;
  const { transcript, journal, feed, clock, tools } = frame;
  const perReckoned = fitting.tokens / window.counter.reckon(fitting.request);
  let surplus = (fitting.tokens - room.downTo) / perReckoned;
  const calls: string[] = [];
  for (const { role, content } of transcript.sent.slice(0, placeOfNewest(transcript.sent, keepTurns))) {
    if (role !== "tool") continue;
    for (const { id, text } of content) {
      if (surplus <= 0 || text.length <= shortResult) continue;
      calls.push(id);
      surplus -= window.counter.ofText(text);
    }
  }
  if (calls.length === 0) return;
  const joins = !tools.has(readResultName);
  const tool = readResultTool(transcript.messages);
  const step = { type: "context/dropped", turn, calls, tokens: fitting.tokens, most: Math.floor(room.most) } as const;
  await journal.append(joins ? { ...step, tools: [specOf(tool)] } : step);
  if (joins) tools.set(tool.name, tool);
  transcript.leaveOut(calls, standIn);
  feed.add({ ...step, at: clock.now() });
  countAgain(fitting);
}

const standIn = ({ id, text }: ToolResultPart): string =>
  `[${text.length} characters are left out here, to make room. ${readResultName} gives them again, with call: ${JSON.stringify(id)}]`;

/** Where the newest turns begin in a list of messages: at their first answer. */
function placeOfNewest(messages: readonly { readonly role: string }[], turns: number): number {
  let place = messages.length;
  for (let left = turns; left > 0 && place > 0; left--)
    place = messages.findLastIndex(({ role }, index) => index < place && role === "assistant");
  return Math.max(0, place);
}

/** Lets a summary stand for all but the newest turns. */
async function sumUp(fitting: Fitting, turn: number, tally: Tally): Promise<void> {
  const { frame, window, room } = fitting;
  const { transcript, journal, feed, clock } = frame;
  const messages = placeOfNewest(transcript.messages, window.keepTurns);
  if (messages <= Math.max(1, transcript.summarised)) return;
  const part = transcript.sent.slice(0, placeOfNewest(transcript.sent, window.keepTurns));
  const count = (text: string): number => window.counter.ofText(text);
  const said = conversationText(fitting.request.system, part, room.downTo, count);
  const written = window.summaries ? await askForSummary(frame, said, turn) : undefined;
  const text = summaryText(written, callList(transcript.messages.slice(1, messages)));
  const message: UserMessage = { role: "user", content: [{ type: "text", text }] };
  const { tokens } = fitting;
  const step = { type: "context/summarised", turn, tokens, most: Math.floor(room.most) } as const;
  await journal.append({
    ...step,
    messages,
    message,
    ...(written && { model: nameOf(written.model), usage: written.usage }),
    ...(written?.cost !== undefined && { cost: written.cost }),
  });
  transcript.summarise({ messages, message });
  if (written !== undefined) tally.usage = addUsage(tally.usage, written.usage);
  tally.cost = frame.spending.cost;
  feed.add({
    ...step,
    at: clock.now(),
    text,
    ...(written && { model: shownName(written.model), usage: written.usage }),
  });
  countAgain(fitting);
}

function summaryText(written: WrittenSummary | undefined, calls: string): string {
  const notes = written === undefined ? "" : `Your notes of them:\n\n${written.text}\n\n`;
  return `Earlier turns are left out here, to make room. ${notes}The calls that you made in them; ${readResultName} gives their results again:\n\n${calls}`;
}

/** Takes the steps after a turn from the record. Gives whether there were any. */
function recallSteps(frame: Frame, turn: number, tally: Tally): boolean {
  const { record, transcript, tools, feed, spending } = frame;
  const known = record.contexts.get(turn);
  if (known === undefined) return false;
  for (const step of known) {
    const { at, tokens, most } = step;
    if (step.type === "context/dropped") {
      const joining = step.tools === undefined ? [] : asTold([readResultTool(transcript.messages)], step.tools);
      for (const tool of joining) tools.set(tool.name, tool);
      transcript.leaveOut(step.calls, standIn);
      feed.add({ type: step.type, at, turn, calls: step.calls, tokens, most });
      continue;
    }
    const { message, model, usage, cost } = step;
    transcript.summarise({ messages: Math.min(step.messages, transcript.messages.length), message });
    if (model !== undefined && usage !== undefined) {
      spending.count({ usage, cost }, summaryName(frame, turn), model);
      tally.usage = addUsage(tally.usage, usage);
      tally.cost = spending.cost;
    }
    const told = { type: step.type, at, turn, text: textOf(message), tokens, most } as const;
    feed.add(model === undefined ? told : { ...told, model: shownName(model), usage });
  }
  return true;
}
