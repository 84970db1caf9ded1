/**
 * Captures of a whole host folder, kept by the program `git` in a repository of our own. Needed where others than we change
 * files, because then nobody kept what was there before. What is captured is what the walk meets. It is read by us, as
 * everything is, and comes to git as a stream of bytes: git itself looks at no file, no `.gitignore` and no attributes.
 */
import { pause, WinkError } from "../../base/index.ts";
import { shownPath } from "../file-error.ts";
import { changedLooks, changedModes, isUnusual, type Look, type Looks } from "./contents.ts";
import { type GitOptions, runGit, senseless } from "./git.ts";
import type { Capture, UnusualModes } from "./history.ts";
import { forbidden } from "./host-error.ts";
import { type Difference, importOf, type LeftOut } from "./import-stream.ts";
import { KeptContents } from "./kept-contents.ts";
import { type Place, type Places, parentOf } from "./places.ts";
import { prepareRepository } from "./repository.ts";
import { entriesWithoutPause, walkHost } from "./walk.ts";

/** Where captures are kept, and by what. */
export interface CapturesOptions {
  readonly repository: string;
  /** The program; `git` unless told. */
  readonly git?: string | undefined;
  /** Where the program is looked for (`PATH`); usual folders unless told. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** How a capture is taken. */
export interface CaptureOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether what cannot be kept is left out and named; else it is an error. */
  readonly lenient?: boolean;
}

/** A capture, and the paths at which something differs from the one before. */
export interface Captured {
  readonly capture: Capture;
  readonly changed: readonly string[];
}

const usualPath = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin";

/** Takes captures of a folder. */
export class Captures {
  /** Tells what captures hold. */
  readonly kept: KeptContents;
  readonly #places: Places;
  readonly #git: GitOptions;
  /** The last capture of this process, and how files and links looked then. */
  #last: { readonly commit: string; readonly files: Looks } | undefined;

  constructor(places: Places, { repository, git = "git", environment = {} }: CapturesOptions) {
    this.#places = places;
    this.#git = {
      program: git,
      repository,
      environment: {
        from: { PATH: usualPath, ...environment },
        home: repository,
        add: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" },
      },
    };
    this.kept = new KeptContents(this.#git);
  }

  /**
   * Keeps all that is in the folder now; `modes` are the unusual permissions at the capture before. Throws `SNAPSHOT_FAILED`, for
   * what cannot be kept `PATH_FORBIDDEN` or `FILE_FAILED`, for what is being written `FILE_CHANGED`, and the signal's reason.
   */
  async capture(modes: UnusualModes, { signal, lenient = false }: CaptureOptions): Promise<Captured> {
    const unkept: string[] = [];
    const leaveOut = (path: string, error: unknown): void => {
      if (!lenient || !WinkError.is(error)) throw error;
      unkept.push(path);
    };
    const walked = await this.#walk(leaveOut, lenient, signal);
    const { files } = walked;
    const { changed, gone } = changedLooks(this.#last?.files ?? noFiles, files);
    let commit = this.#last?.commit;
    if (commit === undefined || changed.length + gone.length > 0) {
      commit = await this.#keep({ gone, changed, parent: commit }, signal, {
        unreadable(path, error) {
          leaveOut(path, error);
          files.delete(path);
        },
        gone: (path) => void files.delete(path),
      });
    }
    this.#last = { commit, files };
    return {
      capture: {
        type: "captured",
        commit,
        files: files.size,
        empty: walked.empty,
        modes: changedModes(modes, walked.modes),
        unkept,
      },
      changed: [...changed, ...gone, ...unkept],
    };
  }

  /** Gives git what has changed, and the name of what it makes of that. */
  async #keep(difference: Difference, signal: AbortSignal | undefined, leftOut: LeftOut): Promise<string> {
    if (this.#last === undefined) prepareRepository(this.#git.repository);
    const input = importOf(this.#places, difference, leftOut);
    const output = await runGit(this.#git, ["fast-import", "--quiet", "--done", "--force", "--depth=0"], {
      input,
      signal,
    });
    const commit = output.toString("latin1").trim();
    if (!/^[0-9a-f]{40}$/.test(commit)) throw senseless(this.#git, "fast-import");
    return commit;
  }

  async #walk(
    leaveOut: (path: string, error: unknown) => void,
    lenient: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Walked> {
    const files = new Map<string, Look>();
    const empty = new Set<string>();
    const modes = new Map<string, number>();
    let count = 0;
    for (const met of walkHost(this.#places, "", lenient ? "pass-over" : "throw")) {
      count += 1;
      if (count % entriesWithoutPause === 0) {
        await pause();
        signal?.throwIfAborted();
      }
      if (met.path.includes("\uFFFD")) {
        if (!lenient) throw unnamable(met.path);
        continue;
      }
      if (met.kind === "other") continue; // nothing of it can be kept
      empty.delete(parentOf(met.path));
      const place = this.#places.glance(met.path);
      if (met.kind === "directory") empty.add(met.path);
      else takeFile(met.path, place, files, leaveOut);
      if (place.kind === met.kind && isUnusual(place.stats.mode, met.kind))
        modes.set(met.path, place.stats.mode & 0o7777);
    }
    return { files, empty: [...empty], modes };
  }
}

const noFiles: Looks = new Map();

/** What the walk of a capture has met. */
interface Walked {
  readonly files: Map<string, Look>;
  /** Directories with nothing in them. */
  readonly empty: readonly string[];
  readonly modes: UnusualModes;
}

/** Notes how a file or a link looks; nothing of what has just gone. */
function takeFile(
  path: string,
  place: Place,
  files: Map<string, Look>,
  leaveOut: (path: string, error: unknown) => void,
): void {
  if (place.kind === "nothing") return;
  if (place.stats !== undefined) {
    const { ino, size, ctimeMs } = place.stats;
    files.set(path, { ino, size, ctimeMs });
  } else if (place.kind === "forbidden") leaveOut(path, forbidden(path, place.why));
}

const unnamable = (path: string): WinkError =>
  new WinkError("SNAPSHOT_FAILED", {
    at: shownPath(path),
    problem: "A name in the folder cannot be kept",
    expected: "UTF-8",
    received: "other bytes",
    fix: "Rename it, or leave its directory out with `exclude`.",
  });
