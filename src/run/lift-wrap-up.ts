import { hasRoom, isEarlier, nextStage, type WrapUpStage } from "../limits/index.ts";
import { type ModelRequest, textOf, type UserMessage } from "../model/index.ts";
import { standingsOf } from "./begin-wrap-up.ts";
import type { Frame } from "./frame.ts";
import type { LongestTimes } from "./wrap-up.ts";

const text = "There is more room now than was said before: go on, with all tools that you are offered.";

/**
 * Takes back a stage of the wrap-up when a run goes on with more room than it had, and tells the model. Looks once, where the record
 * ends. Gives whether other tools are offered from now on.
 */
export async function liftWrapUp(
  frame: Frame,
  request: ModelRequest,
  turn: number,
  longest: LongestTimes,
): Promise<boolean> {
  const { wrapUp, record, journal, feed, clock } = frame;
  const { stage } = wrapUp;
  if (stage === undefined) return false;
  const known = record.lifts.get(turn);
  if (known !== undefined) {
    lift(frame, known.stage ?? undefined, known.message);
    feed.add({ type: "wrap-up/lifted", at: known.at, turn, text: textOf(known.message) });
    return true;
  }
  if (frame.mode !== "live" || turn !== record.responses.size) return false;
  const costly = [...frame.tools.values()].some((tool) => tool.costly);
  const standings = standingsOf(frame, request, turn, longest);
  if (!hasRoom(standings)) return false;
  const now = nextStage(undefined, standings, costly)?.stage;
  if (!isEarlier(now, stage)) return false;
  const message: UserMessage = { role: "user", content: [{ type: "text", text }] };
  await journal.append({ type: "wrap-up/lifted", turn, stage: now ?? null, message });
  lift(frame, now, message);
  feed.add({ type: "wrap-up/lifted", at: clock.now(), turn, text });
  return true;
}

function lift({ wrapUp, transcript }: Frame, stage: WrapUpStage | undefined, message: UserMessage): void {
  transcript.add(message);
  wrapUp.begin(stage);
}
