/** Keeps what a model is sent within its context window: old results are left out first, then older turns are summed up. */
import { addUsage } from "../../limits/index.ts";
import { type ModelRequest, textOf } from "../../model/index.ts";
import type { Frame } from "../frame.ts";
import { shownName } from "../model-line.ts";
import type { LimitReached } from "../outcome.ts";
import { requestNow } from "../request-now.ts";
import type { Tally } from "../tally.ts";
import { asTold } from "../tool-spec.ts";
import { failedSummaryEvent, summaryName } from "./ask-for-summary.ts";
import type { ContextRoom } from "./context-window.ts";
import { type Fitting, standIn } from "./fitting.ts";
import { leaveOutResults } from "./leave-out-results.ts";
import { readResultTool } from "./read-result.ts";
import { sumUp } from "./sum-up.ts";

/**
 * Makes room for the next request after a turn, by what the record says of it and, where the record ends, by what is counted. What is
 * sent, and the tools, may be others from then on. Gives the limit when the request does not fit.
 */
export async function fitContext(
  frame: Frame,
  request: ModelRequest,
  turn: number,
  tally: Tally,
): Promise<LimitReached | undefined> {
  const { mode, record } = frame;
  recallSteps(frame, turn, tally);
  if (mode === "live" && !record.responses.has(turn + 1)) return makeRoom(frame, request, turn, tally);
  // so that what the provider said of it can be taken
  if (roomOf(frame) !== undefined) frame.context?.counter.reckon(requestNow(request, frame));
  return undefined;
}

/**
 * Makes room by what is counted. Each step is journalled, and takes so much away that the next is far off: what a provider has cached
 * of the conversation changes seldom. Gives the limit when the request does not fit even then.
 */
export async function makeRoom(
  frame: Frame,
  request: ModelRequest,
  turn: number,
  tally: Tally,
): Promise<LimitReached | undefined> {
  const { context: window, models } = frame;
  const room = roomOf(frame);
  if (window === undefined || room === undefined) return undefined;
  const sent = requestNow(request, frame);
  const fitting: Fitting = { frame, window, room, request: sent, count: window.counter.count(models.current, sent) };
  if (fitting.count.tokens <= room.actAbove) return undefined;
  await leaveOutResults(fitting, turn, window.keepTurns);
  if (fitting.count.tokens > room.downTo) await sumUp(fitting, turn, tally);
  if (fitting.count.tokens > room.actAbove) await leaveOutResults(fitting, turn, 0);
  const { least } = fitting.count;
  if (least <= room.most) return undefined;
  const [needed, there, all] = [Math.ceil(least), Math.floor(room.most), room.window];
  const problem = `The next request needs ${needed} tokens at least, whatever is left out; ${shownName(models.current)} has room for ${there} of its ${all}, beside the answer.`;
  return { reason: "context-window", problem };
}

const roomOf = ({ context, models, spending }: Frame): ContextRoom | undefined =>
  context?.roomOf(models.current, spending.longestAnswer);

/** Takes the steps after a turn from the record. */
function recallSteps(frame: Frame, turn: number, tally: Tally): void {
  const { record, transcript, tools, feed, spending } = frame;
  for (const failed of record.summaries.after(turn)) {
    const { summary, attempt = 1 } = failed;
    spending.countFailed(summaryName(frame, { turn, ...summary }, attempt), summary.model, failed);
    feed.add(failedSummaryEvent(failed, failed.at));
  }
  for (const step of record.contexts.get(turn) ?? []) {
    const { at, tokens, most } = step;
    for (const tool of step.tools === undefined ? [] : asTold([readResultTool(transcript.messages)], step.tools))
      tools.set(tool.name, tool);
    if (step.type === "context/dropped") {
      transcript.leaveOut(step.calls, standIn);
      feed.add({ type: step.type, at, turn, calls: step.calls, tokens, most });
      continue;
    }
    const { messages, message, model, usage, answeredBy, milliseconds } = step;
    const told = { type: step.type, at, turn, text: textOf(message), tokens, most } as const;
    transcript.summarise({ messages: Math.min(messages, transcript.messages.length), message });
    if (model === undefined || usage === undefined) {
      feed.add(told);
      continue;
    }
    const name = summaryName(frame, step, record.summaries.of(step).length + 1);
    const counted = spending.count({ ...step, usage }, name, model);
    tally.usage = addUsage(tally.usage, usage);
    feed.add({ ...told, model: shownName(model), usage, cost: counted, answeredBy, milliseconds });
  }
}
