/** `wink runs replay`: goes through a run again without a model, and tells whether the prompt still does the same. */
import { type JsonValue, WinkError } from "../base/index.ts";
import { type Replayed, replayRun } from "../run/index.ts";
import { type Bind, bindRecorded, type PromptOptions } from "./bind-recorded.ts";
import { bothSides } from "./both-sides.ts";
import { type Io, report } from "./io.ts";
import { bindForShow } from "./load-prompt.ts";
import { type JournalOptions, openJournal } from "./open-journal.ts";
import { type ReadRun, readRun } from "./run-summary.ts";
import { countText, durationText } from "./times.ts";

/** The options of the command. */
export interface RunsReplayOptions extends JournalOptions, PromptOptions {}

/**
 * Runs the command; gives 1 when the replay does otherwise than recorded. Tools are not run, so what they borrow need not be
 * given. Throws `INPUT_INVALID`, `JOURNAL_MISSING`, `JOURNAL_INVALID`, `PARAMS_INVALID`.
 */
export async function runsReplay(runId: string, options: RunsReplayOptions, io: Io): Promise<number> {
  await using opened = await openJournal(options, io);
  const { journal } = opened;
  const known = await readRun(journal, runId);
  const prompt = await bindRecorded(options, known.record, io, bindForReplay);
  try {
    const replayed = await replayRun(journal, runId, { prompt });
    tellSame(known, replayed, options, io);
    return 0;
  } catch (error) {
    if (!WinkError.is(error, "REPLAY_DIVERGED")) throw error;
    tellDivergence(runId, error, options, io);
    return 1;
  }
}

/** Nothing is borrowed, so nothing is made either: no client is opened. */
const bindForReplay: Bind = (loaded, params) => {
  const prompt = bindForShow(loaded, params);
  return prompt.bind({}, { resources: [...prompt.resources.values()].map(({ token }) => token.bind(undefined)) });
};

function tellSame(
  { summary: { run, status, began, last } }: ReadRun,
  { outcome, events, turns, milliseconds }: Replayed<unknown>,
  { json }: RunsReplayOptions,
  io: Io,
): void {
  // the replay itself failed, not the run
  if (outcome.status === "failed" && status !== "failed") throw outcome.error;
  const calls = events.filter(({ type }) => type === "tool/finished").length;
  const took = began === null || last === null ? 0 : last - began;
  const isWhole = status !== "cut off";
  const text = [
    `identical, 0 model calls${isWhole ? "" : ", as far as the journal goes"}`,
    `${countText(turns, "turn")}, ${countText(calls, "call")} in ${durationText(milliseconds)}; the run took ${durationText(took)}`,
  ];
  const data = { run, status, identical: true, modelCalls: 0, turns, calls, milliseconds, recordedMilliseconds: took };
  report(io, json, data, `${text.join("\n")}\n`);
}

function tellDivergence(runId: string, error: WinkError, { json }: RunsReplayOptions, io: Io): void {
  const { entry = null, what = null, recorded = null, now = null } = error.details;
  const place = entry === null ? "" : `, entry ${String(entry)}`;
  const head = `not identical: run ${runId}${place}: ${String(what)}\n- recorded\n+ now\n\n`;
  const data: Readonly<Record<string, JsonValue>> = { run: runId, identical: false, entry, what, recorded, now };
  report(io, json, data, head + bothSides(error));
}
