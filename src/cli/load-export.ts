/** Loads what a user's file exports. Importing the file runs its code: that is what was asked for. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { didYouMean, messageFrom, WinkError } from "../base/index.ts";
import type { Io } from "./io.ts";

/** What an export must be. */
export interface ExportKind<Value> {
  /** How messages speak of one: "a prompt". */
  readonly name: string;
  readonly is: (value: unknown) => value is Value;
  /** A line of code that exports one. */
  readonly example: string;
}

/**
 * Gives the export that `FILE#EXPORT` names, or the only one of the kind when `#EXPORT` is left out. Throws
 * `INPUT_INVALID` for a file or export that cannot be used, and errors of the library that the file throws itself.
 */
export async function loadExport<Value>(address: string, io: Io, kind: ExportKind<Value>): Promise<Value> {
  const { file, name } = split(address);
  const exported = await importFile(file, io);
  const names = Object.keys(exported).sort();
  const isOne = (value: unknown): value is Value => {
    try {
      return kind.is(value);
    } catch {
      return false; // it has a getter that throws
    }
  };
  const fitting = names.filter((key) => isOne(exported[key]));
  const refusal = (at: string, problem: string, received: string, fix: string): WinkError =>
    new WinkError("INPUT_INVALID", {
      at,
      problem,
      expected: fitting.length === 0 ? kind.name : `one of ${fitting.map((key) => `${file}#${key}`).join(", ")}`,
      received,
      fix,
      example: fitting.length === 0 ? kind.example : `${file}#${fitting[0]}`,
    });
  const received = names.length === 0 ? "no exports" : `the exports ${names.join(", ")}`;
  if (name === undefined) {
    const [only, ...others] = new Set(fitting.map((key) => exported[key]));
    if (others.length > 0) throw refusal(file, "The file exports more than one", received, "Say which one.");
    if (isOne(only)) return only;
    throw refusal(file, `The file does not export ${kind.name}`, received, "Export it.");
  }
  if (!names.includes(name)) {
    throw refusal(file, `The file does not export "${name}"`, received, didYouMean(name, fitting));
  }
  const value = exported[name];
  if (isOne(value)) return value;
  const isFunction = typeof value === "function";
  const type = typeof value === "object" && value !== null ? "another object" : `a value of type ${typeof value}`;
  throw refusal(address, `The export is not ${kind.name}`, type, isFunction ? "Export what the function gives." : "");
}

/** A name of an export has no slash, so that a folder may have a "#" in its name. */
function split(address: string): { readonly file: string; readonly name: string | undefined } {
  const [, file = address, name] = /^(.+)#([^#/\\]+)$/.exec(address) ?? [];
  return { file, name };
}

/** How many milliseconds an import may take before a word is said about it. */
const patience = 5_000;

async function importFile(file: string, io: Io): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(io.cwd, file);
  const isThere = existsSync(path);
  if (!isThere || !statSync(path).isFile()) {
    throw new WinkError("INPUT_INVALID", {
      at: file,
      problem: isThere ? "This is not a file" : "There is no such file",
      expected: "FILE#EXPORT, a TypeScript or JavaScript file and a name that it exports",
      received: `${path}, ${isThere ? "which is none" : "where nothing is"}`,
      fix: (!isThere && didYouMean(basename(path), siblings(path))) || undefined,
      example: "src/agent.ts#agent",
    });
  }
  const enough = io.schedule(patience, () => io.err(`wink: still importing ${file} …\n`));
  try {
    return await import(pathToFileURL(path).href);
  } catch (cause) {
    if (WinkError.is(cause)) throw cause;
    throw new WinkError("INPUT_INVALID", {
      at: file,
      problem: "The file cannot be imported",
      expected: "a file that Node can import: for TypeScript, one whose types can be stripped",
      received: messageFrom(cause),
      fix: `Run \`node ${file}\` to see where.`,
      cause,
    });
  } finally {
    enough();
  }
}

function siblings(path: string): readonly string[] {
  try {
    return readdirSync(dirname(path));
  } catch {
    return []; // no folder, so no file in it that could have been meant
  }
}
