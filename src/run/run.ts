/** Runs: one evaluation of a prompt over a model, from render to end. */
import {
  type Clock,
  type IdSource,
  type JsonValue,
  type Logger,
  messageFrom,
  silentLogger,
  systemClock,
  systemIds,
  toJson,
  WinkError,
} from "../base/index.ts";
import { type Journal, type JournalWriter, memoryJournal } from "../journal/index.ts";
import { type Deadline, deadlineSignal } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { type Prompt, renderPrompt } from "../prompt/index.ts";
import { createSession, type Session } from "../session/index.ts";
import { EventFeed } from "./event-feed.ts";
import type { Frame } from "./frame.ts";
import type { Ending, Outcome } from "./outcome.ts";
import type { RunEvent } from "./run-event.ts";
import { Transcript } from "./transcript.ts";
import { runTurns, type Tally } from "./turn.ts";

/** How a run is made; everything has a default. */
export interface RunOptions {
  /** A new session unless given. A session serves one run at a time. */
  readonly session?: Session | undefined;
  /** A journal in memory unless given. */
  readonly journal?: Journal | undefined;
  /** The run ends as `partial` when it passes. */
  readonly deadline?: Deadline | undefined;
  /** Aborts the run. */
  readonly signal?: AbortSignal | undefined;
  /** Model calls at most; 50 unless told. The run then ends as `partial`. */
  readonly maxTurns?: number | undefined;
  /** A new id of `ids` unless given. */
  readonly runId?: string | undefined;
  readonly clock?: Clock | undefined;
  readonly ids?: IdSource | undefined;
  readonly logger?: Logger | undefined;
}

/** A run under way. It goes on whether or not anybody watches, and nothing has to be closed. */
export interface Run<Output> {
  readonly id: string;
  /** The steps of the run from its first, for watching; each reader gets all. Ends when the run does. */
  events(): AsyncIterable<RunEvent>;
  /** How the run ended; never rejects. */
  readonly outcome: Promise<Outcome<Output>>;
  /** Ends the run: waits are cut short, a call in flight is taken back, the journal is closed whole. */
  abort(reason?: string): void;
}

/** Begins a run of a prompt over a model. */
export function startRun<Output>(prompt: Prompt<Output>, model: Model, options: RunOptions = {}): Run<Output> {
  const { ids = systemIds } = options;
  const id = options.runId ?? ids.next("run");
  const feed = new EventFeed();
  const controller = new AbortController();
  const outcome = execute(prompt, model, options, id, feed, controller).finally(() => feed.end());
  return {
    id,
    events: () => feed.read(),
    outcome: outcome as Promise<Outcome<Output>>, // as: the output was parsed by the prompt's own schema
    abort: (reason = "aborted") => controller.abort(new AbortReason(reason)),
  };
}

/** Carries the reason of an abort through signals. */
class AbortReason extends Error {
  override readonly name = "AbortError";
}

async function execute(
  prompt: Prompt,
  model: Model,
  options: RunOptions,
  runId: string,
  feed: EventFeed,
  controller: AbortController,
): Promise<Outcome<unknown>> {
  const {
    clock = systemClock,
    logger = silentLogger,
    ids = systemIds,
    journal = memoryJournal({ clock }),
    maxTurns = 50,
  } = options;
  const started = clock.elapsed();
  const tally: Tally = { turns: 0, usage: {}, text: "" };
  let ending: Ending;
  try {
    if (!Number.isInteger(maxTurns) || maxTurns < 1) {
      throw new WinkError("INPUT_INVALID", {
        problem: "`maxTurns` is wrong",
        expected: "a whole number from 1",
        received: String(maxTurns),
      });
    }
    using deadline = options.deadline === undefined ? undefined : deadlineSignal(options.deadline, clock);
    using _links = link(controller, [options.signal, deadline?.signal]);
    const session = options.session ?? createSession({ ids });
    using _hold = session.hold(runId);
    await using writer = await journal.open(runId);
    const { signal } = controller;
    ending = await endingOf(signal, tally, async () => {
      const frame = await begin({ prompt, model, session, writer, runId, feed, clock, logger, signal });
      return runTurns(frame, tally, maxTurns);
    });
    await writer.append({ type: "run/finished", ...journalled(ending), turns: tally.turns, usage: tally.usage });
  } catch (thrown) {
    ending = failure(thrown);
  }
  feed.add({
    type: "run/finished",
    at: clock.now(),
    status: ending.status,
    turns: tally.turns,
    usage: tally.usage,
    reason: reasonOf(ending),
    milliseconds: clock.elapsed() - started,
  });
  logger.log(ending.status === "failed" ? "error" : "info", "run_finished", {
    run: runId,
    status: ending.status,
    turns: tally.turns,
  });
  return { ...ending, runId, turns: tally.turns, usage: tally.usage, journal: journal.address(runId) };
}

/** Does the work of a run; an abort, a deadline and an error become endings. */
async function endingOf(signal: AbortSignal, tally: Tally, work: () => Promise<Ending>): Promise<Ending> {
  try {
    return await work();
  } catch (thrown) {
    if (WinkError.is(thrown, "JOURNAL_FAILED") || WinkError.is(thrown, "JOURNAL_FENCED")) throw thrown;
    if (!signal.aborted) return failure(thrown);
    const reason: unknown = signal.reason;
    if (WinkError.is(reason, "DEADLINE_EXCEEDED")) return { status: "partial", reason: "deadline", text: tally.text };
    return { status: "aborted", reason: messageFrom(reason) };
  }
}

interface Beginning
  extends Pick<Frame, "prompt" | "model" | "session" | "runId" | "feed" | "clock" | "logger" | "signal"> {
  readonly writer: JournalWriter;
}

async function begin({ writer, ...parts }: Beginning): Promise<Frame> {
  const { prompt, model, session, feed, clock, runId } = parts;
  await writer.append({
    type: "run/started",
    prompt: prompt.name,
    definition: prompt.template.hash(),
    params: prompt.params as JsonValue, // as: what is not JSON is refused when the entry is written
    session: { id: session.id, events: session.ledger().length },
    model: { provider: model.provider, name: model.name },
  });
  feed.add({
    type: "run/started",
    at: clock.now(),
    runId,
    prompt: prompt.name,
    model: `${model.provider}/${model.name}`,
  });
  const rendered = renderPrompt(prompt, session);
  session.install(rendered.slices);
  const transcript = new Transcript();
  transcript.add({ role: "user", content: [{ type: "text", text: rendered.first }] });
  const tools = new Map(rendered.tools.map((tool) => [tool.name, tool]));
  await writer.append({
    type: "prompt/rendered",
    system: rendered.system,
    first: { role: "user", content: [{ type: "text", text: rendered.first }] },
    tools: rendered.tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    sections: rendered.sections.map(({ path }) => path),
    output: rendered.output?.jsonSchema ?? null,
  });
  feed.add({
    type: "prompt/rendered",
    at: clock.now(),
    sections: rendered.sections.map(({ path }) => path),
    tools: [...tools.keys()],
    characters: rendered.system.length + rendered.first.length,
  });
  return { ...parts, rendered, tools, transcript, journal: writer };
}

/** Makes a controller abort when one of some signals does; disposing unlinks them. */
function link(controller: AbortController, signals: readonly (AbortSignal | undefined)[]): Disposable {
  const unlink: (() => void)[] = [];
  for (const signal of signals) {
    if (signal === undefined) continue;
    const follow = (): void => controller.abort(signal.reason);
    if (signal.aborted) follow();
    else signal.addEventListener("abort", follow, { once: true });
    unlink.push(() => signal.removeEventListener("abort", follow));
  }
  return { [Symbol.dispose]: () => unlink.forEach((undo) => void undo()) };
}

function failure(thrown: unknown): Extract<Ending, { status: "failed" }> {
  if (WinkError.is(thrown)) return { status: "failed", error: thrown };
  return {
    status: "failed",
    error: new WinkError("RUN_FAILED", { problem: `The run ended by an error: ${messageFrom(thrown)}`, cause: thrown }),
  };
}

/** The output for the journal: null when its schema made something of it that JSON cannot hold; the text is there as well. */
function kept(output: unknown): JsonValue {
  try {
    return JSON.parse(toJson(output ?? null, "the output")) as JsonValue; // as: JSON.parse gives nothing else
  } catch {
    return null;
  }
}

function reasonOf(ending: Ending): string | undefined {
  if (ending.status === "failed") return ending.error.message;
  return "reason" in ending ? ending.reason : undefined;
}

function journalled(ending: Ending): {
  status: Ending["status"];
  output?: JsonValue;
  text?: string;
  reason?: string;
  error?: ReturnType<WinkError["toJSON"]>;
} {
  switch (ending.status) {
    case "completed":
      return { status: ending.status, output: kept(ending.output), text: ending.text };
    case "failed":
      return { status: ending.status, error: ending.error.toJSON() };
    case "aborted":
      return { status: ending.status, reason: ending.reason };
    case "partial":
      return { status: ending.status, reason: ending.reason, text: ending.text };
    case "refused":
      return { status: ending.status, text: ending.text };
  }
}
