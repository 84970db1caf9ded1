/** One turn: ask the model, then run the calls it wants. The loop over turns ends with the run's own ending. */
import { type FieldProblem, messageFrom, problemsText, WinkError } from "../base/index.ts";
import { addUsage, type Usage } from "../limits/index.ts";
import {
  type AssistantMessage,
  type ModelRequest,
  type ModelResponse,
  textOf,
  type UserMessage,
} from "../model/index.ts";
import { openSectionsName, parseOutput } from "../prompt/index.ts";
import { beginWrapUp } from "./begin-wrap-up.ts";
import { runCalls } from "./call-batch.ts";
import type { Frame } from "./frame.ts";
import { joinOpenedTools } from "./join-tools.ts";
import type { Ending } from "./outcome.ts";
import { abortable } from "./signals.ts";
import type { SpentCall } from "./spending.ts";
import { specOf } from "./tool-spec.ts";
import { toolCalls } from "./transcript.ts";

/** What a run has used so far; grows with each answer. */
export interface Tally {
  turns: number;
  usage: Usage;
  cost: number | undefined;
  /** The last text of the model. */
  text: string;
  /** The longest model call and the longest turn with its tools, in milliseconds. */
  longest: { call: number; turn: number };
}

/** Asks and calls until the model gives its final answer or a limit is reached. */
export async function runTurns(frame: Frame, tally: Tally, maxTurns: number): Promise<Ending> {
  const { rendered, transcript } = frame;
  let request: ModelRequest = {
    system: rendered.system,
    messages: transcript.messages,
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
    const spent = roomFor(frame, request);
    if (spent === undefined) return { status: "partial", reason: "budget", text: tally.text };
    const { message, finish } = await askModel(frame, request, turn, tally, spent);
    const calls = toolCalls(message);
    const text = textOf(message);
    if (finish === "refusal") return { status: "refused", text };
    if (calls.length > 0) {
      const results = await runCalls(frame, turn, calls);
      transcript.add(results);
      const opened = results.content.some(({ name, failed }) => name === openSectionsName && !failed);
      if (opened && (await joinOpenedTools(frame, turn))) {
        request = { ...request, tools: frame.wrapUp.offered(frame.tools.values()) };
      }
      tally.longest.turn = Math.max(tally.longest.turn, frame.clock.elapsed() - began);
      const begun = await beginWrapUp(frame, request, turn, tally.longest);
      if (begun === "costly-gone") request = { ...request, tools: frame.wrapUp.offered(frame.tools.values()) };
      continue;
    }
    const { output } = rendered;
    if (output === undefined) {
      if (finish === "length") return { status: "partial", reason: "output-length", text };
      return { status: "completed", output: undefined, text };
    }
    const parsed = await abortable(parseOutput(output, text), frame.signal); // a schema may be asynchronous
    if (parsed.ok) return { status: "completed", output: parsed.output, text };
    if (finish === "length") return { status: "partial", reason: "output-length", text };
    if (repaired) throw outputInvalid(frame, parsed.problems, text);
    repaired = true;
    await requestRepair(frame, parsed.problems);
  }
  return { status: "partial", reason: "max-turns", text: tally.text };
}

/** Makes room for a call in the budget; undefined when there is none. */
function roomFor({ spending, logger, runId }: Frame, request: ModelRequest): SpentCall | undefined {
  try {
    return spending.reserve(request);
  } catch (error) {
    if (!WinkError.is(error, "BUDGET_EXCEEDED")) throw error;
    logger.log("info", "budget_used_up", { run: runId, problem: error.message });
    return undefined;
  }
}

async function askModel(
  frame: Frame,
  request: ModelRequest,
  turn: number,
  tally: Tally,
  spent: SpentCall,
): Promise<ModelResponse> {
  const { journal, feed, clock, transcript } = frame;
  const messages = transcript.messages.length;
  await journal.append({ type: "model/requested", turn, messages, digest: transcript.digest });
  feed.add({ type: "model/requested", at: clock.now(), turn, messages });
  const started = clock.elapsed();
  let answer: ModelResponse;
  try {
    answer = await abortable(frame.model.generate(request, { signal: frame.signal }), frame.signal);
  } catch (thrown) {
    const error = asModelError(frame, thrown);
    spent.fail(error);
    tally.cost = frame.spending.cost;
    if (frame.signal.aborted) throw frame.signal.reason;
    await journal.append({ type: "model/failed", turn, error: error.toJSON() });
    throw error;
  }
  const message = transcript.withOwnCallIds(
    answer.finish === "refusal" ? withoutCalls(answer.message) : answer.message,
  );
  transcript.add(message);
  const milliseconds = clock.elapsed() - started;
  tally.longest.call = Math.max(tally.longest.call, milliseconds);
  tally.turns = turn;
  tally.usage = addUsage(tally.usage, answer.usage);
  spent.settle(answer.usage);
  tally.cost = frame.spending.cost;
  const text = textOf(message);
  if (text !== "") tally.text = text;
  await journal.append({ type: "model/responded", turn, message, finish: answer.finish, usage: answer.usage });
  feed.add({
    type: "model/responded",
    at: clock.now(),
    turn,
    text,
    calls: toolCalls(message).map(({ name }) => name),
    finish: answer.finish,
    usage: answer.usage,
    milliseconds,
  });
  return { ...answer, message };
}

/** A model that refuses calls nothing: a call beside a refusal would never get its result. */
function withoutCalls(message: AssistantMessage): AssistantMessage {
  return { ...message, content: message.content.filter(({ type }) => type !== "tool-call") };
}

function asModelError({ model }: Frame, thrown: unknown): WinkError {
  if (WinkError.is(thrown)) return thrown;
  return new WinkError("RUN_FAILED", {
    at: `model ${model.provider}/${model.name}`,
    problem: `The model driver threw: ${messageFrom(thrown)}`,
    cause: thrown,
  });
}

/** The first problems with what was expected and what came; answers are hostile, so the whole is bounded. */
const told = (problems: readonly FieldProblem[]): string =>
  messageFrom(problemsText(problems, { values: true }), 2_000);

async function requestRepair(frame: Frame, found: readonly FieldProblem[]): Promise<void> {
  const problems = told(found);
  const text = `Your answer does not have the form that was asked for: ${problems}. Answer again with nothing but JSON of the form asked for.`;
  const message: UserMessage = { role: "user", content: [{ type: "text", text }] };
  frame.transcript.add(message);
  await frame.journal.append({ type: "repair/requested", message });
  frame.feed.add({ type: "repair/requested", at: frame.clock.now(), problems });
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
