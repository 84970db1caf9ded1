/** The demo's main job: mount the repository, run the agent, write what came of it. */
import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { createSession, files, WinkError } from "weakincentives";
import { modelAdapter, type Outcome } from "weakincentives/adapter";
import { defaultExclude, type Mount, mountHost, type OverlayFilesystem, overlayFiles } from "weakincentives/files";
import { jsonlJournal } from "weakincentives/journal";
import type { Model } from "weakincentives/model";
import { codeReview } from "./agent.ts";
import { draftPath, drafts } from "./draft.ts";
import { chooseModel, offlineHint } from "./model.ts";
import type { Options } from "./options.ts";
import { patchOf } from "./patch.ts";
import { checkQuotes } from "./quotes.ts";
import { reportOf } from "./report.ts";
import type { Review } from "./review.ts";
import { shellQuoted } from "./shell.ts";
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
}

/** Runs a review and gives the exit code. Throws a `WinkError` when the run could not begin or failed. */
export async function runReview(options: Options, world: World): Promise<number> {
  const { say, signal } = world;
  const model = await chooseModel(options, world.env);
  if (model.provider === "offline") say(offlineHint);
  const root = options.path === undefined ? world.defaultPath : resolve(world.userFolder, options.path);
  const mount = await mountRepository(root, options, signal);
  const fs = await overlayFiles(mount);
  tellMount(mount, say);

  const runId = newRunId();
  const folder =
    options.out === undefined ? join(world.workFolder, ".wink", "runs", runId) : resolve(world.userFolder, options.out);
  makeFolder(folder);
  const session = createSession();
  const journal = jsonlJournal({ directory: folder });
  const params = {
    name: basename(mount.root) || "the repository",
    fileCount: mount.files.length,
    fault: options.fault,
  };
  const prompt = codeReview.bind(params, { resources: [files.bind(fs)] });
  say("");
  const run = modelAdapter(model).run(prompt, { session, journal, signal, runId });
  const lineOf = createTimeline(signal);
  for await (const event of run.events()) {
    const line = lineOf(event);
    if (line !== undefined) say(line);
  }
  const outcome = await run.outcome;
  if (options.fault) await tellFault(fs, session.query(drafts).all().length, say);
  const where = outcome.journal.location ?? folder;
  if (outcome.status !== "completed") return tellEnd(outcome, where, say);
  await writeResults({ folder, mount, model, runId, review: outcome.output, fs, say });
  if (options.json) world.print(`${JSON.stringify(outcome.output, null, 2)}\n`);
  return 0;
}

/** A name that sorts by time, for a folder that people look into. */
function newRunId(): string {
  const now = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `review-${now}-${randomBytes(2).toString("hex")}`;
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

function makeFolder(folder: string): void {
  try {
    if (!existsSync(dirname(folder))) makeFolder(dirname(folder));
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 }); // not `recursive`: below /proc that never ends
    accessSync(folder, constants.W_OK);
    if (!statSync(folder).isDirectory()) throw new Error("a file stands there");
  } catch (cause) {
    if (WinkError.is(cause)) throw cause;
    throw new WinkError("INPUT_INVALID", {
      at: folder,
      problem: "The run's folder cannot be made here",
      expected: "a place where a folder can be made and written",
      received: cause instanceof Error ? cause.message : "an error of the system",
      fix: "Name another one with --out.",
      cause,
    });
  }
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

interface Results {
  readonly folder: string;
  readonly mount: Mount;
  readonly model: Model;
  readonly runId: string;
  readonly review: Review;
  readonly fs: OverlayFilesystem;
  readonly say: World["say"];
}

async function writeResults({ folder, mount, model, runId, review, fs, say }: Results): Promise<void> {
  const issues = await checkQuotes(review.issues, fs.view(fs.base));
  const patch = await patchOf(fs);
  const report = reportOf({
    root: mount.root,
    fileCount: mount.files.length,
    model: `${model.provider}/${model.name}`,
    runId,
    review,
    issues,
    patched: patch.files,
    skipped: mount.skipped,
  });
  writeFileSync(join(folder, "review.md"), report, { mode: 0o600 });
  if (patch.text !== "") writeFileSync(join(folder, "changes.patch"), patch.text, { mode: 0o600 });
  say("");
  say(shown(review.summary, 500));
  for (const { issue, quote } of issues) {
    const place = `${shown(`${issue.file}:${issue.line}`, 80)}${quote === "missing" ? " (not verified)" : ""}`;
    say(
      `  ${issue.severity.padEnd(6)} ${place.padEnd(36)} ${shown(issue.rule, 40).padEnd(22)} ${shown(issue.message, 100)}`,
    );
  }
  say("");
  for (const [index, step] of review.nextSteps.entries()) say(`${index + 1}. ${shown(step, 300)}`);
  say("");
  say(
    `Written to ${shown(folder, 1000)}: review.md, ${patch.text === "" ? "" : "changes.patch, "}the journal ${runId}.jsonl`,
  );
  if (patch.text === "") return;
  const [root, file] = [shellQuoted(mount.root), shellQuoted(join(folder, "changes.patch"))];
  say(`The patch mends ${count(patch.files.length, "file")}. To see whether it fits, and to apply it:`);
  say(`  cd ${root} && git apply --check ${file}`);
  say(`  cd ${root} && git apply ${file}`);
}
