/** Calls that wait for an answer from outside: what is asked, and what an answer makes of the call. */
import { isJsonObject, type JsonObject, type JsonValue } from "../base/index.ts";
import type { QuestionAsked } from "../journal/index.ts";
import type { ToolCallPart } from "../model/index.ts";
import type { Frame } from "./frame.ts";
import type { OpenQuestion } from "./outcome.ts";
import { RecordEnds } from "./record/record-ends.ts";
import { stepOf } from "./record/recorded.ts";
import { awaitedQuestion, type RecordedCall, type RecordedQuestion } from "./record/run-record.ts";
import { type CallPlace, endCall, endingOf, type SettledCall, type SuspendedCall } from "./settle-call.ts";

/** Why a handler waits. `waiting`: the question was asked before. */
export type Pending =
  | {
      readonly how: "new";
      readonly id: string;
      readonly ask: JsonValue;
      readonly schema: JsonObject;
      readonly expires: number | null;
    }
  | { readonly how: "refused"; readonly known: RecordedQuestion; readonly problem: string }
  | { readonly how: "waiting"; readonly known: RecordedQuestion };

/** What somebody is asked of a call of which it is not known whether it took effect. */
const outcomeSchema: JsonObject = {
  type: "object",
  properties: { tookEffect: { type: "boolean" }, result: { type: "string" } },
  required: ["tookEffect"],
  additionalProperties: false,
};

/** A question as an outcome shows it. */
export const shownQuestion = (
  { question, call, name, kind, ask, schema, expires }: QuestionAsked,
  { refused = 0, problem }: { readonly refused?: number; readonly problem?: string | undefined } = {},
): OpenQuestion => ({
  question,
  call,
  tool: name,
  kind,
  ask,
  schema,
  expires: expires ?? undefined,
  refused: refused || undefined,
  problem,
});

/** Journals that a call waits, unless the journal says so already. */
export async function suspendCall(
  frame: Frame,
  part: ToolCallPart,
  place: CallPlace,
  pending: Pending,
): Promise<SuspendedCall> {
  if (pending.how === "waiting") {
    const asked = stepOf<QuestionAsked>(pending.known.asked);
    await frame.journal.append(asked); // says that the attempt has ended, and waits
    return suspended(frame, place, asked, pending.known);
  }
  if (pending.how === "refused") {
    const { asked } = pending.known;
    await frame.journal.append({ type: "answer/refused", question: asked.question, problem: pending.problem });
    return suspended(frame, place, asked, { refused: pending.known.refused + 1, problem: pending.problem });
  }
  const { id, ask, schema, expires } = pending;
  return await askNew(frame, part, place, { id, kind: "ask", ask, schema, expires });
}

/** Asks somebody whether a call took effect. */
export function askOutcome(frame: Frame, part: ToolCallPart, place: CallPlace, why: string): Promise<SuspendedCall> {
  const id = `outcome-${frame.record.call(place.turn, place.index).questions.length + 1}`;
  const ask = { tool: part.name, arguments: part.arguments, problem: why };
  return askNew(frame, part, place, { id, kind: "outcome", ask, schema: outcomeSchema, expires: null });
}

async function askNew(
  frame: Frame,
  part: ToolCallPart,
  place: CallPlace,
  { id, ...what }: Pick<QuestionAsked, "kind" | "ask" | "schema" | "expires"> & { readonly id: string },
): Promise<SuspendedCall> {
  const step: QuestionAsked = {
    type: "question/asked",
    ...place,
    call: part.id,
    name: part.name,
    question: `${part.id}/${id}`,
    ...what,
  };
  await frame.journal.append(step);
  return suspended(frame, place, step);
}

function suspended(
  { feed, clock }: Frame,
  { turn }: CallPlace,
  asked: QuestionAsked,
  refusals?: Pick<RecordedQuestion, "refused" | "problem">,
): SuspendedCall {
  const question = shownQuestion(asked, refusals);
  feed.add({ type: "tool/suspended", at: clock.now(), turn, call: asked.call, name: asked.name, question });
  return { status: "suspended", question };
}

/** A call that need not be looked at again: it waits, and nobody has answered. Undefined when it can go on. */
export function stillWaiting(frame: Frame, place: CallPlace, call: RecordedCall): SuspendedCall | undefined {
  const open = awaitedQuestion(call, frame.clock.now());
  return open && suspended(frame, place, open.asked, open);
}

/** How a call stood when its journal ended, for a replay: it waited, whoever has answered since. Throws {@link RecordEnds} else. */
export function waitingThen(frame: Frame, place: CallPlace, { questions, cutOff }: RecordedCall): SuspendedCall {
  const last = questions.at(-1);
  if (last === undefined || cutOff) throw new RecordEnds(frame.record.finished);
  return suspended(frame, place, last.asked, last);
}

/** Ends a call by what somebody has found out about it; undefined when nobody was asked that. */
export async function decideOutcome(
  frame: Frame,
  part: ToolCallPart,
  place: CallPlace,
  { questions }: RecordedCall,
): Promise<SettledCall | SuspendedCall | undefined> {
  const known = questions.findLast(({ asked }) => asked.kind === "outcome");
  if (known?.answered === undefined) return undefined;
  const { answer } = known.answered;
  if (!isJsonObject(answer) || typeof answer.tookEffect !== "boolean" || !isTextOrNothing(answer.result)) {
    const problem = "expected { tookEffect: true or false, result: text, if there is one }";
    return await suspendCall(frame, part, place, { how: "refused", known, problem });
  }
  const { tookEffect, result } = answer;
  const told = typeof result === "string" && result !== "" ? ` ${result}` : "";
  const text = tookEffect
    ? `It was found out that the call took effect.${told}`
    : `It was found out that the call did not take effect.${told}`;
  return await endCall(frame, place, endingOf(part, tookEffect ? "committed" : "failed", text));
}

const isTextOrNothing = (value: JsonValue | undefined): boolean => value === undefined || typeof value === "string";
