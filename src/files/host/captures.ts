/**
 * Captures of a whole host folder, kept by the program `git` in a repository of our own. Needed where others than we change
 * files, because then nobody kept what was there before. What is captured is what the walk meets, whatever the user's own
 * `.gitignore` says; bytes are kept as they are, whatever the user's `.gitattributes` and settings say.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { childEnvironment, makeFolder, pause, WinkError } from "../../base/index.ts";
import { shownPath } from "../file-error.ts";
import { type GitOptions, runGit } from "./git.ts";
import type { Capture } from "./history.ts";
import { systemError } from "./host-error.ts";
import { hashPieces } from "./keeper.ts";
import type { Places } from "./places.ts";
import { nothingThere, type Standing, sameStanding } from "./standing.ts";
import { walkHost } from "./walk.ts";

/** What stood in a folder, by path, directories too. */
export type Contents = ReadonlyMap<string, Standing>;

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

  /** Keeps all that is in the folder now. */
  async capture(): Promise<Capture> {
    const known = this.#known ?? (await this.#begin());
    const differing = this.#run(["diff-files", "--name-only", "-z"]);
    differing.catch(() => undefined); // awaited below; the walk may fail first
    const { found, empty } = await this.#walk();
    const changed = new Set(namesIn(await differing).filter((path) => found.has(path)));
    for (const path of found) if (!known.has(path)) changed.add(path);
    const gone = [...known].filter((path) => !found.has(path));
    this.#known = undefined; // until all is known to be well
    if (gone.length > 0) await this.#run(["update-index", "-z", "--force-remove", "--stdin"], linesOf(gone));
    if (changed.size > 0) {
      await this.#run(["update-index", "-z", "--add", "--remove", "--replace", "--stdin"], linesOf(changed));
      await this.#checkContents([...changed]);
    }
    const tree = (await this.#run(["write-tree"])).toString("latin1").trim();
    if (!/^[0-9a-f]{40}$/.test(tree)) throw this.#senseless("write-tree");
    this.#known = found;
    return { type: "captured", tree, empty };
  }

  /** Tells what a capture holds; the same object for the same capture, as long as it is one of the last two. */
  async contents(capture: Capture): Promise<Contents> {
    const known = this.#remembered.get(capture);
    if (known !== undefined) return known;
    const contents = await this.#read(capture);
    for (const oldest of [...this.#remembered.keys()].slice(0, -1)) this.#remembered.delete(oldest);
    this.#remembered.set(capture, contents);
    return contents;
  }

  async #read({ tree, empty }: Capture): Promise<Contents> {
    const contents = new Map<string, Standing>();
    const links = new Map<string, string>();
    for (const entry of namesIn(await this.#run(["ls-tree", "-r", "-z", tree]))) {
      const [, mode = "", blob = "", path = ""] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
      if (mode === "120000") links.set(path, blob);
      else contents.set(path, { kind: "file", blob, mode: mode === "100755" ? 0o755 : 0o644 });
    }
    const targets = await this.read([...links.values()]);
    for (const [path, blob] of links) {
      contents.set(path, { kind: "link", target: Buffer.from(targets.get(blob) ?? []).toString("utf8") });
    }
    return withDirectories(contents, empty);
  }

  /** Reads kept contents. */
  async read(blobs: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const read = new Map<string, Uint8Array>();
    if (blobs.length === 0) return read;
    const output = await this.#run(["cat-file", "--batch"], `${blobs.join("\n")}\n`);
    for (let at = 0; at < output.byteLength; ) {
      const end = output.indexOf(0x0a, at);
      const [blob = "", , size = ""] = output.toString("latin1", at, end).split(" ");
      const length = Number(size);
      if (!/^\d+$/.test(size)) throw this.#missing(blob);
      read.set(blob, output.subarray(end + 1, end + 1 + length));
      at = end + 1 + length + 1;
    }
    return read;
  }

  async #begin(): Promise<ReadonlySet<string>> {
    const { repository } = this.#git;
    try {
      for (const folder of ["objects", "refs", "info"]) makeFolder(join(repository, folder));
      writeFileSync(join(repository, "HEAD"), "ref: refs/heads/none\n");
      writeFileSync(join(repository, "info", "attributes"), attributes);
      writeFileSync(join(repository, "config"), settings);
      rmSync(join(repository, "index.lock"), { force: true }); // left by a process that was killed; nobody else writes here
    } catch (error) {
      throw systemError(repository, "make the repository of captures", error);
    }
    return new Set(namesIn(await this.#run(["ls-files", "-z"])));
  }

  async #walk(): Promise<{ readonly found: ReadonlySet<string>; readonly empty: readonly string[] }> {
    const found = new Set<string>();
    const empty = new Set<string>();
    let count = 0;
    for (const { path, kind } of walkHost(this.#places, "")) {
      if (path.includes("\uFFFD")) throw unnamable(path);
      const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      empty.delete(parent);
      if (kind === "directory") empty.add(path);
      else if (kind !== "other") found.add(path);
      count += 1;
      if (count % entriesWithoutPause === 0) await pause();
    }
    return { found, empty: [...empty] };
  }

  /**
   * git opens files by name, so that a link put in the place of a file at the right moment would lead it out of the folder.
   * What it has read is therefore compared with what really lies there.
   */
  async #checkContents(paths: readonly string[]): Promise<void> {
    const listed = new Map<string, string>();
    const wanted = new Set(paths);
    for (const entry of namesIn(await this.#run(["ls-files", "-s", "-z"]))) {
      const [, mode = "", blob = "", path = ""] = /^(\d+) ([0-9a-f]+) \d\t(.*)$/s.exec(entry) ?? [];
      if (wanted.has(path)) listed.set(path, `${mode} ${blob}`);
    }
    let count = 0;
    for (const path of paths) {
      const [mode, blob] = listed.get(path)?.split(" ") ?? [];
      if (mode === "120000" || blob === undefined) continue;
      using handle = this.#places.openFile(path);
      if (handle === undefined || hashPieces(path, handle) !== blob) throw changing(path);
      count += 1;
      if (count % 200 === 0) await pause();
    }
  }

  #run(args: readonly string[], input?: string): Promise<Buffer> {
    return runGit(this.#git, args, input);
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

/** Adds the directories in which something stands, and the empty ones. */
function withDirectories(contents: Contents, empty: readonly string[]): Contents {
  const all = new Map(contents);
  for (const path of [...contents.keys(), ...empty.map((path) => `${path}/`)]) {
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const parent = path.slice(0, at);
      if (all.has(parent)) break;
      all.set(parent, { kind: "directory" });
    }
  }
  return all;
}

/** What stood at a path of a capture. */
export const standingIn = (contents: Contents | undefined, path: string): Standing =>
  contents?.get(path) ?? nothingThere;

/** The paths at which two captures differ. */
export function differing(a: Contents | undefined, b: Contents | undefined): readonly string[] {
  if (a === b) return [];
  const paths = new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])]);
  return [...paths].filter((path) => !sameStanding(standingIn(a, path), standingIn(b, path)));
}

const namesIn = (output: Buffer): readonly string[] => output.toString("utf8").split("\0").slice(0, -1);
const linesOf = (paths: Iterable<string>): string => `${[...paths].join("\0")}\0`;

const attributes = "* -text -eol -ident -filter -working-tree-encoding\n";

const settings = `[core]
	repositoryformatversion = 0
	bare = false
	filemode = true
	symlinks = true
	ignorecase = false
	precomposeunicode = false
	autocrlf = false
	safecrlf = false
	protectHFS = false
	protectNTFS = false
	fsmonitor = false
	preloadIndex = true
	hooksPath = /dev/null
	attributesFile = /dev/null
	excludesFile = /dev/null
[index]
	version = 4
[gc]
	auto = 0
`;

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
