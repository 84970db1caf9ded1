import { openSectionsName } from "../../prompt/index.ts";
import { specOf } from "../tool-spec.ts";
import { countAgain, type Fitting, joinReader, perReckoned, placeOfNewest, standIn } from "./fitting.ts";

/** Shorter results stay: what would stand for them is hardly shorter. */
const shortResult = 400;

/** Leaves out the oldest results, as many as need be, but none of the newest turns, and no sections that the model has opened. */
export async function leaveOutResults(fitting: Fitting, turn: number, keepTurns: number): Promise<void> {
  const { frame, window, room, count } = fitting;
  const { transcript, journal, feed, clock } = frame;
  let surplus = (count.tokens - room.downTo) / perReckoned(fitting);
  const calls: string[] = [];
  for (const { role, content } of transcript.sent.slice(0, placeOfNewest(transcript.sent, keepTurns))) {
    if (role !== "tool") continue;
    for (const part of content) {
      if (surplus <= 0 || part.text.length <= shortResult || part.name === openSectionsName) continue;
      calls.push(part.id);
      surplus -= window.counter.ofText(part.text) - window.counter.ofText(standIn(part));
    }
  }
  if (calls.length === 0) return;
  const { tokens } = count;
  const step = { type: "context/dropped", turn, calls, tokens, most: Math.floor(room.most) } as const;
  const joined = joinReader(frame);
  await journal.append(joined === undefined ? step : { ...step, tools: [specOf(joined)] });
  transcript.leaveOut(calls, standIn);
  feed.add({ ...step, at: clock.now() });
  countAgain(fitting);
}
