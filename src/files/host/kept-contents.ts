import { WinkError } from "../../base/index.ts";
import { shownPath } from "../file-error.ts";
import { type Contents, usualMode, withDirectories } from "./contents.ts";
import { type GitOptions, namesIn, runGit, senseless } from "./git.ts";
import type { Capture, UnusualModes } from "./history.ts";
import type { Standing } from "./standing.ts";

/** Reads what captures have kept. Throws `SNAPSHOT_FAILED`. */
export class KeptContents {
  readonly #git: GitOptions;
  /** What the last two captures that were asked for hold. */
  readonly #remembered = new Map<Capture, Contents>();

  constructor(git: GitOptions) {
    this.#git = git;
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

  async #read({ commit, files, empty, unkept }: Capture, modes: UnusualModes): Promise<Contents> {
    const contents = new Map<string, Standing>();
    const links = new Map<string, string>();
    const entries = namesIn(this.#git, "ls-tree", await runGit(this.#git, ["ls-tree", "-r", "-z", commit]));
    if (entries.length !== files) throw this.#missing(commit);
    for (const entry of entries) {
      const [, mode = "", blob = "", path = ""] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
      if (path === "") throw senseless(this.#git, "ls-tree");
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
    const output = await runGit(this.#git, ["cat-file", "--batch"], { input: `${blobs.join("\n")}\n` });
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

  #missing(blob: string): WinkError {
    return new WinkError("SNAPSHOT_FAILED", {
      at: shownPath(this.#git.repository),
      problem: "What was kept is not there any more",
      expected: blob.slice(0, 40),
      received: "nothing of this name",
      fix: "Let nobody else change this folder.",
    });
  }
}
