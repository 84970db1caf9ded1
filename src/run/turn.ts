/** One turn: ask the model, then run the calls it wants. The loop over turns ends with the run's own ending. */
import { type FieldProblem, messageFrom, problemsText, WinkError } from "../base/index.ts";
import { type ModelRequest, type ModelResponse, textOf, type UserMessage } from "../model/index.ts";
import { openSectionsName, parseOutput } from "../prompt/index.ts";
import { askModel, recallAnswer } from "./ask-model.ts";
import { beginWrapUp } from "./begin-wrap-up.ts";
import { runCalls } from "./call-batch.ts";
import { fitContext } from "./context/fit-context.ts";
import type { Frame } from "./frame.ts";
import { joinOpenedTools } from "./join-tools.ts";
import { liftWrapUp } from "./lift-wrap-up.ts";
import { compares } from "./mode.ts";
import type { Ending } from "./outcome.ts";
import { offering, requestNow } from "./request-now.ts";
import { abortable } from "./signals.ts";
import type { Tally } from "./tally.ts";
import { specOf } from "./tool-spec.ts";
import { toolCalls } from "./transcript.ts";

/** Asks and calls until the model gives its final answer or a limit is reached. */
export async function runTurns(frame: Frame, tally: Tally, maxTurns: number): Promise<Ending> {
  const { rendered, transcript } = frame;
  let request: ModelRequest = {
    system: rendered.system,
    messages: transcript.sent,
    tools: rendered.tools.map(specOf),
    output:
      rendered.output === undefined ? undefined : { name: rendered.output.name, schema: rendered.output.jsonSchema },
    limits:
      frame.spending.maxOutputTokens === undefined ? undefined : { maxOutputTokens: frame.spending.maxOutputTokens },
  };
  let repaired = false;
  for (let turn = 1; turn <= maxTurns; turn++) {
    await frame.breathe();
    frame.signal.throwIfAborted();
    const began = frame.clock.elapsed();
    if (frame.record.length > 0 && (await liftWrapUp(frame, request, turn - 1, tally.longest)))
      request = offering(request, frame);
    const full = await fitContext(frame, request, turn - 1, tally);
    if (full !== undefined) return { status: "partial", ...full, text: tally.text };
    request = requestNow(request, frame);
    const answer = recallAnswer(frame, turn, tally) ?? (await askModel(frame, request, turn, tally));
    if ("reason" in answer) return { status: "partial", ...answer, text: tally.text };
    const { message, finish } = answer;
    const calls = toolCalls(message);
    const text = textOf(message);
    if (finish === "refusal") return { status: "refused", text };
    if (calls.length > 0) {
      const results = await runCalls(frame, turn, calls);
      if (results.role === "suspended") return { status: "suspended", questions: results.questions };
      transcript.add(results);
      const opened = results.content.some(({ name, failed }) => name === openSectionsName && !failed);
      if (opened && (await joinOpenedTools(frame, turn))) request = offering(request, frame);
      tally.longest.turn = Math.max(tally.longest.turn, frame.clock.elapsed() - began);
      const begun = await beginWrapUp(frame, request, turn, tally.longest);
      if (begun === "costly-gone") request = offering(request, frame);
      continue;
    }
    const { output } = rendered;
    if (output === undefined) {
      if (finish === "length") return cutOff(turn, answer);
      return { status: "completed", output: undefined, text };
    }
    const parsed = await abortable(parseOutput(output, text), frame.signal); // a schema may be asynchronous
    if (parsed.ok) return { status: "completed", output: parsed.output, text };
    if (finish === "length") return cutOff(turn, answer);
    if (repaired) throw outputInvalid(frame, parsed.problems, text);
    repaired = true;
    await requestRepair(frame, parsed.problems);
  }
  const problem = `The model was asked ${maxTurns === 1 ? "once" : `${maxTurns} times`}, which is \`maxTurns\`, and has not given its final answer.`;
  return { status: "partial", reason: "max-turns", problem, text: tally.text };
}

/** The ending of a run whose answer came to an end before its own. */
function cutOff(turn: number, { message, usage: { outputTokens } }: ModelResponse): Ending {
  const after = outputTokens === undefined ? "" : ` after ${outputTokens} tokens`;
  const problem = `The answer of turn ${turn} was cut off${after}, at the limit for one answer.`;
  return { status: "partial", reason: "output-length", problem, text: textOf(message) };
}

/** The first problems with what was expected and what came; answers are hostile, so the whole is bounded. */
const told = (problems: readonly FieldProblem[]): string =>
  messageFrom(problemsText(problems, { values: true }), 2_000);

async function requestRepair(frame: Frame, found: readonly FieldProblem[]): Promise<void> {
  const { transcript, journal, feed, clock, record, mode } = frame;
  const problems = told(found);
  const known = record.repair;
  const text = `Your answer does not have the form that was asked for: ${problems}. Answer again with nothing but JSON of the form asked for.`;
  const asked: UserMessage = { role: "user", content: [{ type: "text", text }] };
  const isKnown = known !== undefined && !compares(mode);
  const message = isKnown ? known.message : asked;
  transcript.add(message);
  if (!isKnown) await journal.append({ type: "repair/requested", message });
  feed.add({ type: "repair/requested", at: known?.at ?? clock.now(), problems });
}

function outputInvalid({ prompt }: Frame, problems: readonly FieldProblem[], raw: string): WinkError {
  return new WinkError("OUTPUT_INVALID", {
    at: `prompt "${prompt.name}"`,
    problem: `The final answer does not fit the output schema: ${told(problems)}`,
    expected: "JSON of the output schema",
    received: messageFrom(raw.trim(), 200) || "an empty answer",
    example: 'section({ key: "form", title: "Form of the answer", body: \'End with JSON alone: {"answer": "…"}\' })',
    details: { prompt: prompt.name, problems: problems.map((problem) => ({ ...problem })), raw },
  });
}
