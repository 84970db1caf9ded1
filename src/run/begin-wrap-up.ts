import { type LimitState, nextStage, type WrapUpStage } from "../limits/index.ts";
import { type ModelRequest, textOf, type UserMessage } from "../model/index.ts";
import type { Frame } from "./frame.ts";
import type { LongestTimes } from "./wrap-up.ts";
import { wrapUpText } from "./wrap-up-text.ts";

/**
 * Begins the next stage of the wrap-up when a limit says so, and tells the model in a message behind the results of its
 * calls; so nothing that was sent before changes. Gives the stage that began.
 */
export async function beginWrapUp(
  frame: Frame,
  request: ModelRequest,
  turn: number,
  longest: LongestTimes,
): Promise<WrapUpStage | undefined> {
  const { wrapUp, tools, rendered, transcript, journal, feed, clock, record } = frame;
  const known = record.wrapUps.get(turn);
  if (known !== undefined) {
    const { message, stage, limit, most, left, at } = known;
    transcript.add(message);
    wrapUp.begin(stage);
    feed.add({ type: "wrap-up/begun", at, turn, stage, limit, most, left, text: textOf(message) });
    return stage;
  }
  if (wrapUp.stage === "last-answer" || record.requests.has(turn + 1) || frame.mode !== "live") return undefined;
  const costly = [...tools.values()].filter((tool) => tool.costly).map(({ name }) => name);
  const standings = standingsOf(frame, request, turn, longest);
  const next = nextStage(wrapUp.stage, standings, costly.length > 0);
  if (next === undefined) return undefined;
  const { stage, by } = next;
  const text = wrapUpText(next, { costly, hasForm: rendered.output !== undefined });
  const message: UserMessage = { role: "user", content: [{ type: "text", text }] };
  const step = { type: "wrap-up/begun", turn, stage, limit: by.limit, most: by.most, left: by.left } as const;
  transcript.add(message);
  await journal.append({ ...step, message });
  wrapUp.begin(stage);
  feed.add({ ...step, at: clock.now(), text });
  return stage;
}

/** How all limits stand between two turns. */
export function standingsOf(
  { wrapUp, spending }: Frame,
  request: ModelRequest,
  turn: number,
  longest: LongestTimes,
): readonly LimitState[] {
  return [...wrapUp.standings(turn, longest), ...spending.standings(request)];
}
