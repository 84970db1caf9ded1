/**
 * Captures of a whole host folder, kept by the program `git` in a repository of our own. Needed where others than we change
 * files, because then nobody kept what was there before. What is captured is what the walk meets, whatever the user's own
 * `.gitignore` says; bytes are kept as they are, whatever the user's `.gitattributes` and settings say.
 */
import { childEnvironment, pause, WinkError } from "../../base/index.ts";
import { shownPath } from "../file-error.ts";
import { type Contents, changedModes, usualMode, type Walked, withDirectories } from "./contents.ts";
import { type GitInput, type GitOptions, runGit } from "./git.ts";
import type { Capture, UnusualModes } from "./history.ts";
import { systemError } from "./host-error.ts";
import { hashPieces } from "./keeper.ts";
import { type Places, parentOf } from "./places.ts";
import { openQuarantine } from "./quarantine.ts";
import { prepareRepository } from "./repository.ts";
import { blobHash, type Standing } from "./standing.ts";
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
  /** What the last two captures that were asked for hold. */
  readonly #remembered = new Map<Capture, Contents>();

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
      [...suspects, ...this.#names("diff-files", await differing)].filter((path) => found.has(path)),
    );
    for (const path of found) if (!known.has(path)) changed.add(path);
    const unkept = lenient ? [...changed].filter((path) => !this.#canBeKept(path)) : [];
    for (const path of unkept) if (changed.delete(path)) found.delete(path);
    const gone = [...known].filter((path) => !found.has(path));
    this.#known = undefined; // until all is known to be well
    const files = gone.length + changed.size > 0 ? await this.#take(gone, [...changed], signal) : noModes;
    for (const path of changed) if (!files.has(path)) found.delete(path);
    const tree = (await this.#run(["write-tree"], { signal })).toString("latin1").trim();
    if (!/^[0-9a-f]{40}$/.test(tree)) throw this.#senseless("write-tree");
    this.#known = found;
    const now = changedModes(modes, { files, directories, found });
    return {
      capture: { type: "captured", tree, empty, modes: now, unkept },
      changed: [...changed, ...gone, ...unkept],
    };
  }

  /** Tells what a capture holds; the same object for the same capture, as long as it is one of the last two. */
  async contents(capture: Capture, modes: UnusualModes): Promise<Contents> {
    const known = this.#remembered.get(capture);
    if (known !== undefined) return known;
    const contents = await this.#read(capture, modes);
    for (const oldest of [...this.#remembered.keys()].slice(0, -1)) this.#remembered.delete(oldest);
    this.#remembered.set(capture, contents);
    return contents;
  }

  async #read({ tree, empty, unkept }: Capture, modes: UnusualModes): Promise<Contents> {
    const contents = new Map<string, Standing>();
    const links = new Map<string, string>();
    const entries = this.#names("ls-tree", await this.#run(["ls-tree", "-r", "-z", tree]));
    if (entries.length === 0 && tree !== emptyTree) throw this.#missing(tree);
    for (const entry of entries) {
      const [, mode = "", blob = "", path = ""] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
      if (path === "") throw this.#senseless("ls-tree");
      if (mode === "120000") links.set(path, blob);
      else contents.set(path, { kind: "file", blob, mode: modes.get(path) ?? usualMode(mode === "100755") });
    }
    const targets = await this.read([...links.values()]);
    for (const [path, blob] of links) {
      contents.set(path, { kind: "link", target: Buffer.from(targets.get(blob) ?? []).toString("utf8") });
    }
    for (const path of unkept) contents.set(path, { kind: "unkept" });
    return withDirectories(contents, empty, modes);
  }

  /** Reads kept contents. */
  async read(blobs: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const read = new Map<string, Uint8Array>();
    if (blobs.length === 0) return read;
    const output = await this.#run(["cat-file", "--batch"], { input: `${blobs.join("\n")}\n` });
    for (let at = 0; at < output.byteLength; ) {
      const end = output.indexOf(0x0a, at);
      const [blob = "", , size = ""] = output.toString("latin1", at, end).split(" ");
      const length = Number(size);
      if (!/^\d+$/.test(size) || end + 1 + length > output.byteLength) throw this.#missing(blob);
      read.set(blob, output.subarray(end + 1, end + 1 + length));
      at = end + 1 + length + 1;
    }
    const missing = blobs.find((blob) => !read.has(blob));
    if (missing !== undefined) throw this.#missing(missing);
    return read;
  }

  async #begin(signal: AbortSignal | undefined): Promise<ReadonlySet<string>> {
    prepareRepository(this.#git.repository);
    return new Set(this.#names("ls-files", await this.#run(["ls-files", "-z"], { signal })));
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
    if (gone.length > 0) await runGit(git, remove, { input: linesOf(gone), signal });
    if (changed.length === 0) {
      attempt(() => quarantine.adopt());
      return noModes;
    }
    const add = ["update-index", "-z", "--add", "--remove", "--replace", "--stdin"];
    await runGit(git, add, { input: linesOf(changed), signal });
    const modes = await this.#checkContents(changed, await runGit(git, ["ls-files", "-s", "-z"], { signal }));
    attempt(() => quarantine.adopt());
    return modes;
  }

  /** Compares what git has read with what really lies in the folder; gives the permissions of what it has found. */
  async #checkContents(paths: readonly string[], index: Buffer): Promise<ReadonlyMap<string, number>> {
    const listed = new Map<string, string>();
    const wanted = new Set(paths);
    for (const entry of this.#names("ls-files", index)) {
      const [, mode = "", blob = "", path = ""] = /^(\d+) ([0-9a-f]+) \d\t(.*)$/s.exec(entry) ?? [];
      if (wanted.has(path)) listed.set(path, `${mode} ${blob}`);
    }
    const modes = new Map<string, number>();
    for (const [index, path] of paths.entries()) {
      const [mode, blob] = listed.get(path)?.split(" ") ?? [];
      if (blob === undefined && this.#places.lookWithoutWay(path).kind === "nothing") continue;
      const there = mode === "120000" ? this.#linkAt(path) : this.#fileAt(path);
      if (listed.size === 0) throw this.#senseless("update-index");
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

  /** The names in an answer, each of which ends with NUL. */
  #names(command: string, output: Buffer): readonly string[] {
    const names = output.toString("utf8").split("\0");
    if (names.pop() !== "") throw this.#senseless(command);
    return names;
  }

  #run(args: readonly string[], given?: GitInput): Promise<Buffer> {
    return runGit(this.#git, args, given);
  }

  #senseless(command: string): WinkError {
    return new WinkError("SNAPSHOT_FAILED", {
      at: `git ${command}`,
      problem: `${JSON.stringify(this.#git.program)} does not answer as the program git does`,
    });
  }

  #missing(blob: string): WinkError {
    return new WinkError("SNAPSHOT_FAILED", {
      at: shownPath(this.#git.repository),
      problem: `What was kept as ${blob.slice(0, 40)} is not there any more`,
      fix: "Let nobody else change this folder.",
    });
  }
}

const noModes: ReadonlyMap<string, number> = new Map();

/** What git calls a tree in which nothing is. */
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const linesOf = (paths: Iterable<string>): string => `${[...paths].join("\0")}\0`;

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
