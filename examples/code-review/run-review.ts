/** The demo's main job: mount the repository, run the agent, write what came of it. */
import { basename, join, resolve } from "node:path";
import { createSession, files, WinkError } from "weakincentives";
import { modelAdapter, type Outcome, type RunOptions, resume } from "weakincentives/adapter";
import { defaultExclude, type Mount, mountHost, type OverlayFilesystem, overlayFiles } from "weakincentives/files";
import { jsonlJournal } from "weakincentives/journal";
import type { Model } from "weakincentives/model";
import { codeReview } from "./agent.ts";
import { dyingJournal, ordinal, resumedLine } from "./crash.ts";
import { draftPath, drafts } from "./draft.ts";
import { chooseModel, offlineHint } from "./model.ts";
import type { Options } from "./options.ts";
import { replayReview } from "./replay-review.ts";
import { writeResults } from "./results.ts";
import type { Review } from "./review.ts";
import { makeFolder, newRunId } from "./run-folder.ts";
import { limitNotes, skippedGroups } from "./skipped.ts";
import { count, createTimeline, shown, sizeOf } from "./timeline.ts";

/** What the demo needs of the world. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The repository that is reviewed when none is named. */
  readonly defaultPath: string;
  /** Where paths of the command line begin, and where the run folder is made. */
  readonly userFolder: string;
  readonly workFolder: string;
  /** Aborts when the user wants to stop. */
  readonly signal: AbortSignal;
  /** Writes a line for people; silent with `--json`. */
  readonly say: (line: string) => void;
  /** Writes the review with `--json`. */
  readonly print: (text: string) => void;
  /** Runs this program with the same arguments, and some before them, in a process of its own; gives how that ended. */
  readonly again: (args: readonly string[]) => Promise<Ended>;
  /** Ends the process as a power cut would. */
  readonly die: () => void;
  /** Stands for the model that the options name. */
  readonly model?: Model;
  /** How a model is asked again that fails for a time; as the library does it unless told. */
  readonly throttle?: RunOptions["throttle"];
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a review and gives the exit code. Throws a `WinkError` when the run could not begin or failed. */
export async function runReview(options: Options, world: World): Promise<number> {
  if (options.replay !== undefined) return replayReview(resolve(world.userFolder, options.replay), options, world);
  const runId = options.diesAs ?? newRunId();
  const folder =
    options.out === undefined ? join(world.workFolder, ".wink", "runs", runId) : resolve(world.userFolder, options.out);
  if (!options.crash || options.diesAs !== undefined) return review(options, world, runId, folder);
  const ended = await world.again(["--out", folder, "--dies-as", runId]);
  if (ended.code === 0) world.say(`The run ended before its ${ordinal} finished call, so nothing was cut off.`);
  if (ended.signal !== "SIGKILL") return ended.code ?? 1; // it has said why
  world.say("");
  world.say(`The process was killed after its ${ordinal} finished call. This one goes on from the journal.`);
  return review(options, world, runId, folder);
}

async function review(options: Options, world: World, runId: string, folder: string): Promise<number> {
  const { say, signal } = world;
  const model = world.model ?? (await chooseModel(options, world.env));
  if (model.provider === "offline") say(offlineHint);
  const root = options.path === undefined ? world.defaultPath : resolve(world.userFolder, options.path);
  const mount = await mountRepository(root, options, signal);
  const fs = await overlayFiles(mount);
  tellMount(mount, say);

  makeFolder(folder);
  const journal = jsonlJournal({ directory: folder });
  const params = {
    name: basename(mount.root) || "the repository",
    fileCount: mount.files.length,
    fault: options.fault,
  };
  const prompt = codeReview.bind(params, { resources: [files.bind(fs)] });
  const adapter = modelAdapter(model, { throttle: world.throttle });
  const isSecond = options.crash && options.diesAs === undefined;
  say("");
  const run = isSecond
    ? await resume(journal, runId, { adapter, prompt, signal })
    : adapter.run(prompt, {
        session: createSession(),
        journal: options.diesAs === undefined ? journal : dyingJournal(journal, world.die),
        signal,
        runId,
      });
  const lineOf = createTimeline(signal);
  for await (const event of run.events()) {
    const line = lineOf(event);
    if (line !== undefined) say(line);
  }
  const outcome = await run.outcome;
  if (options.fault) await tellFault(fs, run.session.query(drafts).all().length, say);
  const where = outcome.journal.location ?? folder;
  if (outcome.status !== "completed") return tellEnd(outcome, where, say);
  if (isSecond) say(resumedLine(await journal.read(runId)));
  await writeResults({ folder, mount, model, runId, review: outcome.output, fs, say });
  if (options.json) world.print(`${JSON.stringify(outcome.output, null, 2)}\n`);
  return 0;
}

async function mountRepository(root: string, options: Options, signal: AbortSignal): Promise<Mount> {
  const mount = await mountHost({
    root,
    include: options.include.length === 0 ? undefined : options.include,
    exclude: [...defaultExclude, ".wink", ...options.exclude],
    maxBytes: options.maxBytes,
    maxFileBytes: options.maxFileBytes,
    signal,
  });
  if (mount.files.length > 0) return mount;
  const left = [...limitNotes(mount.skipped), ...skippedGroups(mount.skipped)];
  throw new WinkError("INPUT_INVALID", {
    at: root,
    problem: "There is nothing to review in this folder",
    expected: "at least one text file",
    received: left.length === 0 ? "no file" : `only what was left out: ${left.join("; ")}`,
    fix: "Name another folder, or change --include, --exclude and the limits.",
  });
}

function tellMount({ root, files: mounted, bytes, skipped }: Mount, say: World["say"]): void {
  say(
    `${shown(root, 200)}: ${count(mounted.length, "file")}, ${sizeOf(bytes)}, taken into memory; the folder itself is not written.`,
  );
  for (const note of limitNotes(skipped)) say(note);
  for (const group of skippedGroups(skipped)) say(`left out: ${group}`);
}

async function tellFault(fs: OverlayFilesystem, saved: number, say: World["say"]): Promise<void> {
  const file = (await fs.stat(draftPath)) === undefined ? "is not there" : "IS STILL THERE";
  say(
    `the fault: save_draft wrote ${draftPath} and dispatched an event before it broke; now the file ${file} and the session holds ${count(saved, "draft")}`,
  );
}

/** Says how a run ended that gave no review, and gives the exit code. */
function tellEnd(
  outcome: Exclude<Outcome<Review>, { status: "completed" }>,
  journal: string,
  say: World["say"],
): number {
  if (outcome.status === "aborted") {
    say(`Stopped. The journal is whole: ${journal}`);
    return 130;
  }
  if (outcome.status === "failed") throw outcome.error;
  const reason =
    outcome.status === "partial"
      ? outcome.reason
      : outcome.status === "refused"
        ? outcome.text
        : "it waits for an answer";
  throw new WinkError("RUN_NOT_COMPLETED", {
    problem: `The run ended ${outcome.status}: ${shown(reason, 200)}`,
    expected: "a review",
    fix: `The journal tells what was done: ${journal}`,
  });
}
