/** Runs the code review in this process, against a folder of its own, and keeps what it says and writes. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Options, readOptions } from "../../examples/code-review/options.ts";
import type { Review } from "../../examples/code-review/review.ts";
import { runReview } from "../../examples/code-review/run-review.ts";
import type { Model } from "../../src/model/index.ts";

/** A folder that goes when the test ends. */
export interface Folder extends Disposable {
  readonly path: string;
}

/** Makes a folder. */
export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "code-review-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** What a run of the demo came to. */
export interface Ran {
  readonly exit: number;
  /** The lines for people. */
  readonly said: string;
  /** What `--json` printed. */
  readonly printed: string;
  /** The folder of the results. */
  readonly out: string;
}

/** How to run the demo. */
export interface RunHow {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** In place of the one that the arguments name. */
  readonly model?: Model;
}

/** The small repository that comes with the example. */
export const shippedRepository: string = join(import.meta.dirname, "../../examples/code-review/repo");

/** Runs the demo; results go to `out`. */
export async function review(out: string, { args = [], env = {}, signal, model }: RunHow = {}): Promise<Ran> {
  const said: string[] = [];
  let printed = "";
  const exit = await runReview(optionsOf([...args, "--out", out]), {
    env,
    defaultPath: shippedRepository,
    userFolder: out,
    workFolder: out,
    signal: signal ?? new AbortController().signal,
    say: (line) => said.push(line),
    print: (text) => {
      printed += text;
    },
    again: () => Promise.reject(new Error("no test in this process starts another")),
    die: () => undefined,
    ...(model !== undefined && { model }),
    throttle: { baseMs: 1, maxMs: 2 },
  });
  return { exit, said: said.join("\n"), printed, out };
}

/** The options that a command line stands for. */
export function optionsOf(args: readonly string[]): Options {
  const read = readOptions(args);
  if ("exit" in read) throw new Error(read.text);
  return read.options;
}

/** The review that `--json` printed. */
export const reviewIn = ({ printed }: Ran): Review => JSON.parse(printed) as Review; // as: the run checked it by its schema

/** The text of one of the results, empty when there is none. */
export function resultOf({ out }: Ran, name: string): string {
  return existsSync(join(out, name)) ? readFileSync(join(out, name), "utf8") : "";
}

/** The entries of the journal, each parsed. */
export function journalOf(out: string): readonly { readonly type: string }[] {
  const name = readdirSync(out).find((file) => file.endsWith(".jsonl"));
  if (name === undefined) return [];
  return readFileSync(join(out, name), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
