/** Runs a run to its end, and closes what was opened for it. */
import { type Clock, type Logger, problemFrom, type RandomSource, WinkError } from "../base/index.ts";
import type { Journal, JournalWriter } from "../journal/index.ts";
import { deadlineSignal } from "../limits/index.ts";
import { type Prompt, requirePrompt } from "../prompt/index.ts";
import { ResourcePool } from "../resources/index.ts";
import type { Session } from "../session/index.ts";
import { beginRun } from "./begin-run.ts";
import { endingBy, endingOfRecord, entryOf, limitOf, reasonOf } from "./ending.ts";
import type { EventFeed } from "./event-feed.ts";
import type { Frame } from "./frame.ts";
import type { Mode } from "./mode.ts";
import type { ModelLine } from "./model-line.ts";
import type { Ending, Outcome } from "./outcome.ts";
import { RecordEnds } from "./record/record-ends.ts";
import { RunJournal } from "./record/run-journal.ts";
import { RunRecord } from "./record/run-record.ts";
import { refuseKnown } from "./refuse-known.ts";
import { endRecord, known, RunLog } from "./run-log.ts";
import type { RunOptions } from "./run-options.ts";
import { RunSpans } from "./run-spans.ts";
import { abortable } from "./signals.ts";
import type { Spending } from "./spending.ts";
import type { Tally } from "./tally.ts";
import { runTurns } from "./turn.ts";
import { WrapUp } from "./wrap-up.ts";

/** What a run goes on from. */
export interface Continued {
  readonly record: RunRecord;
  /** The opened journal; closed by the run. */
  readonly writer: Pick<JournalWriter, "append" | typeof Symbol.asyncDispose>;
  readonly mode: Mode;
}

/** A run whose options have their defaults. */
export interface Started {
  readonly prompt: Prompt;
  readonly models: ModelLine;
  readonly session: Session;
  readonly journal: Journal;
  readonly spending: Spending;
  readonly throttle: Frame["throttle"];
  readonly idleTimeoutMs: number | undefined;
  readonly limiterOf: Frame["limiterOf"];
  readonly context: Frame["context"];
  readonly runId: string;
  readonly feed: EventFeed;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  readonly controller: AbortController;
  readonly continued: Continued | undefined;
}

/** Runs to the end, and tells of it. Rejects only when the ports of the run itself throw at the end. */
export async function execute(started: Started, options: RunOptions): Promise<Outcome<unknown>> {
  const { journal, runId, feed, clock, logger, spending, continued } = started;
  const begun = clock.elapsed();
  const mode = continued?.mode ?? "live";
  const log = new RunLog(logger, runId, mode);
  const attempts = continued?.record.attempts.count ?? 0;
  const tally: Tally = { turns: 0, attempts, usage: {}, text: "", longest: { call: 0, turn: 0 } };
  const spans = spansOf(started, options);
  const work = (): Promise<Ending> => runToEnd(started, options, { tally, spans, log });
  const ending = await (spans === undefined ? work() : spans.run(work));
  const milliseconds = clock.elapsed() - begun;
  feed.add({
    type: "run/finished",
    at: clock.now(),
    status: ending.status,
    turns: tally.turns,
    usage: tally.usage,
    reason: reasonOf(ending),
    problem: limitOf(ending),
    milliseconds,
  });
  if (mode === "live" || ending.status === "failed") {
    log.write(
      ...endRecord(ending, { turns: tally.turns, attempts: tally.attempts, milliseconds, ...known(tally.usage) }),
    );
  }
  return {
    ...ending,
    runId,
    turns: tally.turns,
    attempts: tally.attempts,
    usage: tally.usage,
    cost: spending.cost,
    journal: journal.address(runId),
  };
}

/** What is kept of a run while it goes on, and what hears of it. */
interface Watched {
  readonly tally: Tally;
  readonly spans: RunSpans | undefined;
  readonly log: RunLog;
}

/** The spans of a run that does something. */
function spansOf(
  { prompt, session, models, runId, controller, continued }: Started,
  { telemetry, parent }: RunOptions,
): RunSpans | undefined {
  if (telemetry === undefined || (continued !== undefined && continued.mode !== "live")) return undefined;
  return new RunSpans(telemetry, {
    runId,
    prompt: prompt?.name, // what is no prompt at all is refused in its turn
    session: session.id,
    model: models.first,
    resumed: continued?.record.started !== undefined,
    parent: parent ?? continued?.record.started?.parent,
    signal: controller.signal,
  });
}

/** Runs and closes what was opened. Never throws: what goes wrong, also with the journal itself, is the run's ending. */
async function runToEnd(started: Started, options: RunOptions, { tally, spans, log }: Watched): Promise<Ending> {
  const { session, journal, runId, clock, controller, continued } = started;
  const { signal } = controller;
  try {
    requirePrompt(started.prompt);
    const maxTurns = options.maxTurns ?? 50;
    using deadline = options.deadline === undefined ? undefined : deadlineSignal(options.deadline, clock);
    using _links = link(controller, [options.signal, deadline?.signal]);
    using _hold = session.hold(runId);
    if (options.runId !== undefined && continued === undefined) await abortable(refuseKnown(journal, runId), signal);
    await using writer = continued?.writer ?? (await openJournal(journal, runId, signal));
    const record = continued?.record ?? new RunRecord();
    const mode = continued?.mode ?? "live";
    started.models.goOnFrom(record.attempts.fallbacks);
    const runJournal = new RunJournal(writer, record, {
      isDurable: options.journal !== undefined,
      keepsContents: mode === "live",
      log,
    });
    await using resources = new ResourcePool(started.prompt.resources, { logger: started.logger, clock, signal });
    const wrapUp = new WrapUp({ maxTurns, deadline: options.deadline }, clock);
    let ending: Ending;
    try {
      ending = await runTurns(
        await beginRun({
          ...started,
          signal,
          spans,
          log,
          journal: runJournal,
          journals: journal,
          deadline: options.deadline,
          record,
          mode,
          resources,
          wrapUp,
          overrides: options.overrides,
          tags: options.tags,
          parent: options.parent,
        }),
        tally,
        maxTurns,
      );
    } catch (thrown) {
      if (WinkError.is(thrown) && isOfJournal(thrown)) throw thrown;
      ending = thrown instanceof RecordEnds ? endingOfRecord(thrown.finished) : endingBy(thrown, signal, tally.text);
    }
    ending = await flushed(session, ending, log);
    await runJournal.append({ type: "run/finished", ...entryOf(ending), turns: tally.turns, usage: tally.usage });
    return ending;
  } catch (thrown) {
    return endingBy(thrown, signal, tally.text);
  }
}

/** Whether an error is that of the journal itself, or tells that it is not the run's: then nothing is added to it. */
const isOfJournal = ({ code }: WinkError): boolean =>
  code === "JOURNAL_FAILED" || code === "JOURNAL_FENCED" || code === "JOURNAL_INVALID" || code === "REPLAY_DIVERGED";

/** Flushes the stores of the session. A run whose stores could not be written is not completed; another keeps its own ending. */
async function flushed(session: Session, ending: Ending, log: RunLog): Promise<Ending> {
  try {
    await session.flush();
    return ending;
  } catch (thrown) {
    if (ending.status === "completed") return endingBy(thrown, undefined, ending.text);
    log.write("error", "session_flush_failed", { session: session.id, problem: problemFrom(thrown) });
    return ending;
  }
}

/** What is told of a run whose own ports threw at its end: a logger, a clock, a journal's address. */
export function brokenOutcome({ runId, journal }: Started, thrown: unknown): Outcome<unknown> {
  const ending = endingBy(thrown, undefined, "");
  return { ...ending, runId, turns: 0, attempts: 0, usage: {}, journal: { driver: journal.driver, runId } };
}

async function openJournal(journal: Journal, runId: string, signal: AbortSignal): Promise<JournalWriter> {
  const opening = journal.open(runId);
  try {
    return await abortable(opening, signal);
  } catch (thrown) {
    // a writer that comes after the run has ended is closed; that it may never come is its driver's affair
    opening.then((writer) => writer[Symbol.asyncDispose]()).catch(() => undefined);
    throw thrown;
  }
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
