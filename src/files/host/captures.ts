/**
 * Captures of a whole host folder, kept by the program `git` in a repository of our own. Needed where others than we change
 * files, because then nobody kept what was there before. What is captured is what the walk meets, whatever the user's own
 * `.gitignore` says; bytes are kept as they are, whatever the user's `.gitattributes` and settings say.
 */
import { childEnvironment, pause, WinkError } from "../../base/index.ts";
import { shownPath } from "../file-error.ts";
import { changedModes, usualMode, type Walked } from "./contents.ts";
import { type GitInput, type GitOptions, namesIn, runGit, senseless } from "./git.ts";
import type { Capture, UnusualModes } from "./history.ts";
import { systemError } from "./host-error.ts";
import { hashPieces } from "./keeper.ts";
import { KeptContents } from "./kept-contents.ts";
import { type Places, parentOf } from "./places.ts";
import { openQuarantine } from "./quarantine.ts";
import { prepareRepository } from "./repository.ts";
import { blobHash } from "./standing.ts";
import { walkHost } from "./walk.ts";

/** Where captures are kept, and by what. */
export interface CapturesOptions {
  readonly repository: string;
  /** The program; `git` unless told. */
  readonly git?: string | undefined;
  /** Where the program is looked for (`PATH`); usual folders unless told. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

const usualPath = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin";

/** How many entries are met until other work of the process gets its turn. */
const entriesWithoutPause = 2_000;

/** Takes captures of a folder and tells what they hold. Throws `SNAPSHOT_FAILED`. */
export class Captures {
  readonly #places: Places;
  readonly #git: GitOptions;
  /** The paths in git's index; undefined until the first capture. */
  #known: ReadonlySet<string> | undefined;
  /** Tells what captures hold. */
  readonly kept: KeptContents;

  constructor(places: Places, { repository, git = "git", environment = {} }: CapturesOptions) {
    this.#places = places;
    this.#git = {
      program: git,
      folder: places.folder.path,
      repository,
      environment: childEnvironment({
        from: { PATH: usualPath, ...environment },
        home: repository,
        add: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" },
      }),
    };
    this.kept = new KeptContents(this.#git);
  }

  /**
   * Keeps all that is in the folder now, or throws `PATH_FORBIDDEN` or `FILE_FAILED` for what cannot be kept; with `lenient` that is
   * left out and named. Gives the paths that differ from the last time as well. `modes` are those of the last
   * time, `suspects` paths of which git may not see that they differ. Throws the signal's reason when it is aborted.
   */
  async capture(
    modes: UnusualModes,
    suspects: readonly string[],
    { signal, lenient = false }: { readonly signal?: AbortSignal | undefined; readonly lenient?: boolean },
  ): Promise<{ readonly capture: Capture; readonly changed: Iterable<string> }> {
    const known = this.#known ?? (await this.#begin(signal));
    const differing = this.#run(["diff-files", "--name-only", "-z"], { signal });
    differing.catch(() => undefined); // awaited below; the walk may fail first
    const { found, empty, directories } = await this.#walk(lenient);
    const changed = new Set(
      [...suspects, ...namesIn(this.#git, "diff-files", await differing)].filter((path) => found.has(path)),
    );
    for (const path of found) if (!known.has(path)) changed.add(path);
    const unkept = lenient ? [...changed].filter((path) => !this.#canBeKept(path)) : [];
    for (const path of unkept) if (changed.delete(path)) found.delete(path);
    const gone = [...known].filter((path) => !found.has(path));
    this.#known = undefined; // until all is known to be well
    const files = gone.length + changed.size > 0 ? await this.#take(gone, [...changed], signal) : noModes;
    for (const path of changed) if (!files.has(path)) found.delete(path);
    const tree = (await this.#run(["write-tree"], { signal })).toString("latin1").trim();
    if (!/^[0-9a-f]{40}$/.test(tree)) throw senseless(this.#git, "write-tree");
    this.#known = found;
    const now = changedModes(modes, { files, directories, found });
    return {
      capture: { type: "captured", tree, empty, modes: now, unkept },
      changed: [...changed, ...gone, ...unkept],
    };
  }

  async #begin(signal: AbortSignal | undefined): Promise<ReadonlySet<string>> {
    prepareRepository(this.#git.repository);
    return new Set(namesIn(this.#git, "ls-files", await this.#run(["ls-files", "-z"], { signal })));
  }

  #canBeKept(path: string): boolean {
    const place = this.#places.lookWithoutWay(path);
    if (place.kind === "forbidden") return place.target !== undefined;
    try {
      using handle = this.#places.openFile(path);
      return handle !== undefined || place.kind === "nothing";
    } catch {
      return false;
    }
  }

  async #walk(lenient: boolean): Promise<Walked> {
    const found = new Set<string>();
    const empty = new Set<string>();
    const directories = new Map<string, number>();
    let count = 0;
    for (const { path, kind } of walkHost(this.#places, "", lenient ? "pass-over" : "throw")) {
      if (path.includes("\uFFFD")) {
        if (lenient) continue;
        throw unnamable(path);
      }
      if (kind === "other") continue; // nothing of it can be kept
      empty.delete(parentOf(path));
      if (kind === "directory") {
        const place = this.#places.lookWithoutWay(path);
        if (place.kind !== "directory") continue; // it has just gone
        directories.set(path, place.stats.mode & 0o7777);
        empty.add(path);
      } else found.add(path);
      count += 1;
      if (count % entriesWithoutPause === 0) await pause();
    }
    return { found, empty: [...empty], directories };
  }

  /** Lets git read what has changed; gives the permissions of what it has read. What is not among them stands there no more. */
  async #take(
    gone: readonly string[],
    changed: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, number>> {
    const attempt = <Result>(work: () => Result): Result => {
      try {
        return work();
      } catch (error) {
        throw systemError(this.#git.repository, "keep what is there", error);
      }
    };
    using quarantine = attempt(() => openQuarantine(this.#git.repository));
    const git = { ...this.#git, environment: { ...this.#git.environment, ...quarantine.environment } };
    const remove = ["update-index", "-z", "--force-remove", "--stdin"];
    if (gone.length > 0) await runGit(git, remove, { input: namesOf(gone), signal });
    if (changed.length === 0) {
      attempt(() => quarantine.adopt());
      return noModes;
    }
    const add = ["update-index", "-z", "--add", "--remove", "--replace", "--stdin"];
    await runGit(git, add, { input: namesOf(changed), signal });
    const modes = await this.#checkContents(changed, await runGit(git, ["ls-files", "-s", "-z"], { signal }));
    attempt(() => quarantine.adopt());
    return modes;
  }

  /** Compares what git has read with what really lies in the folder; gives the permissions of what it has found. */
  async #checkContents(paths: readonly string[], index: Buffer): Promise<ReadonlyMap<string, number>> {
    const listed = new Map<string, string>();
    const wanted = new Set(paths);
    for (const entry of namesIn(this.#git, "ls-files", index)) {
      const [, mode = "", blob = "", path = ""] = /^(\d+) ([0-9a-f]+) \d\t(.*)$/s.exec(entry) ?? [];
      if (wanted.has(path)) listed.set(path, `${mode} ${blob}`);
    }
    const modes = new Map<string, number>();
    for (const [index, path] of paths.entries()) {
      const [mode, blob] = listed.get(path)?.split(" ") ?? [];
      if (blob === undefined && this.#places.lookWithoutWay(path).kind === "nothing") continue;
      const there = mode === "120000" ? this.#linkAt(path) : this.#fileAt(path);
      if (listed.size === 0) throw senseless(this.#git, "update-index");
      if (there === undefined || there.blob !== blob) throw changing(path);
      modes.set(path, there.mode);
      if (index % 200 === 199) await pause();
    }
    return modes;
  }

  #fileAt(path: string): { readonly blob: string; readonly mode: number } | undefined {
    using handle = this.#places.openFile(path);
    return handle && { blob: hashPieces(path, handle), mode: handle.stats.mode & 0o7777 };
  }

  #linkAt(path: string): { readonly blob: string; readonly mode: number } | undefined {
    const place = this.#places.look(path);
    if (place.kind !== "forbidden" || place.target === undefined) return undefined;
    const target = Buffer.from(place.target);
    return { blob: blobHash(target.byteLength).update(target).digest("hex"), mode: usualMode(false) };
  }

  #run(args: readonly string[], given?: GitInput): Promise<Buffer> {
    return runGit(this.#git, args, given);
  }
}

const noModes: ReadonlyMap<string, number> = new Map();

const namesOf = (paths: Iterable<string>): string => `${[...paths].join("\0")}\0`;

const unnamable = (path: string): WinkError =>
  new WinkError("SNAPSHOT_FAILED", {
    at: shownPath(path),
    problem: "A name in the folder is not UTF-8, so it cannot be kept",
    fix: "Rename it, or leave its directory out with `exclude`.",
  });

const changing = (path: string): WinkError =>
  new WinkError("SNAPSHOT_FAILED", {
    at: shownPath(path),
    problem: "The file was changed by somebody else while it was being kept",
    fix: "Try again when nothing writes it.",
  });
