/** Runs `wink` in this process, with the folder of fixtures as the current one. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../src/cli/cli.ts";
import type { Io } from "../../src/cli/io.ts";

/** What a command came to. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The folder of the prompts that tests name. */
export const fixtures: string = join(import.meta.dirname, "fixtures");

/** A folder that goes when the test ends. */
export interface Folder extends Disposable {
  readonly path: string;
}

/** Makes a folder. */
export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "wink-cli-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs a command. */
export function wink(...args: readonly string[]): Promise<Ran> {
  return winkIn({}, ...args);
}

/** Runs a command with something of its surroundings changed. */
export async function winkIn(changed: Partial<Io>, ...args: readonly string[]): Promise<Ran> {
  let out = "";
  let err = "";
  const code = await runCli(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readInput: async () => "",
    schedule: () => () => undefined,
    onInterrupt: () => () => undefined,
    env: {},
    cwd: fixtures,
    version: "1.2.3",
    ...changed,
  });
  return { code, out, err };
}
