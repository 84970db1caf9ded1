/** Runs gone through again from their journal: no model is asked, nothing is written, and all is compared. */
import { anything, type Clock, checkOptions, type Logger, oneOf, systemClock, WinkError } from "../base/index.ts";
import type { Journal } from "../journal/index.ts";
import type { Model } from "../model/index.ts";
import { type Prompt, requirePrompt } from "../prompt/index.ts";
import type { Session } from "../session/index.ts";
import type { OverrideChoice } from "./begin-run.ts";
import { runKinds } from "./check-run-options.ts";
import { sessionOf } from "./continue-run.ts";
import type { Outcome } from "./outcome.ts";
import { ReplayWriter } from "./record/replay-writer.ts";
import { RunRecord } from "./record/run-record.ts";
import { beginOrResume } from "./run.ts";
import type { RunEvent } from "./run-event.ts";

/** How a run is replayed. */
export interface ReplayOptions<Output> {
  /** The prompt that began the run, or a changed one, whose first divergence is then told. */
  readonly prompt: Prompt<Output>;
  /** `recorded` takes the results of tools from the journal; `live` runs their handlers and compares. `recorded` unless told. */
  readonly tools?: "recorded" | "live" | undefined;
  /** The stored texts that the run used, for one with overrides. */
  readonly overrides?: OverrideChoice | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
}

/** A run that did the same again. */
export interface Replayed<Output> {
  readonly outcome: Outcome<Output>;
  /** What the run told, with the times of the journal. */
  readonly events: readonly RunEvent[];
  /** The session as it was at the end. */
  readonly session: Session;
  readonly turns: number;
  readonly milliseconds: number;
}

/**
 * Goes through a run again. Throws `REPLAY_DIVERGED`, which shows both sides, at the first step that is not as recorded: of the
 * rendered prompt, of the messages before an answer, of a tool's result or events, of the end. A run that was cut off is replayed as
 * far as its journal goes. Throws also `JOURNAL_MISSING`, `JOURNAL_INVALID`, `RESUME_REFUSED`, and `INPUT_INVALID` for wrong options.
 */
export async function replayRun<Output>(
  journal: Journal,
  runId: string,
  options: ReplayOptions<Output>,
): Promise<Replayed<Output>> {
  checkOptions("replay", options, kinds);
  const { prompt, tools = "recorded", overrides, signal, clock = systemClock, logger } = options;
  requirePrompt(prompt);
  const began = clock.elapsed();
  const record = new RunRecord(await journal.read(runId));
  const session = sessionOf(record, runId, prompt);
  const run = beginOrResume(
    prompt,
    noModel(record),
    { session, journal, runId, overrides, signal, clock, logger, maxTurns: Number.MAX_SAFE_INTEGER },
    { record, writer: new ReplayWriter(record, runId), mode: tools === "live" ? "repeat" : "replay" },
  );
  const events: RunEvent[] = [];
  for await (const event of run.events()) events.push(event);
  const outcome = await run.outcome;
  if (outcome.status === "failed" && isOfReplay(outcome.error)) throw outcome.error;
  return { outcome, events, session, turns: outcome.turns, milliseconds: clock.elapsed() - began };
}

const { overrides, signal, clock, logger } = runKinds;
const kinds = { prompt: anything, tools: oneOf("recorded", "live"), overrides, signal, clock, logger };

const isOfReplay = ({ code }: WinkError): boolean => code === "REPLAY_DIVERGED" || code === "JOURNAL_INVALID";

/** Stands for the model, with its name. */
function noModel({ started }: RunRecord): Model {
  const { provider = "none", name = "none" } = started?.model ?? {};
  const asked = () =>
    new WinkError("RUN_FAILED", {
      at: `model "${name}"`,
      problem: "A replay asks no model",
      expected: "an answer in the journal",
      received: "none",
    });
  return { provider, name, generate: () => Promise.reject(asked()) };
}
