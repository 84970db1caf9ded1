/** The lock of a folder of overrides, between all processes of the machine. */
import { accessSync, constants, lstatSync } from "node:fs";
import { join } from "node:path";
import { type Clock, sleep, systemRandom, WinkError } from "../../base/index.ts";
import { failing } from "./override-folder.ts";
import { overridesInvalid } from "./overrides-error.ts";

/** What a wait for the lock takes. */
export interface LockOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** How long a wait may take, in milliseconds. A writer needs a few of them. */
const longestWait = 30_000;

/**
 * Runs work that no other process runs at the same time. The work is synchronous, so that within a process nothing comes
 * between anyway. The lock is one of SQLite on a small empty file: the kernel lets go of it when its owner dies, so nobody
 * ever has to guess whether a lock that is there is still meant. SQLite is loaded here, so readers do not pay for it.
 */
export async function exclusively<T>(folder: string, work: () => T, { clock, signal }: LockOptions): Promise<T> {
  const { DatabaseSync } = await import("node:sqlite");
  const path = join(folder, ".lock");
  const end = clock.elapsed() + longestWait;
  for (;;) {
    signal?.throwIfAborted();
    const lock = failing(path, "locked", () => tryLock(path, DatabaseSync));
    if (lock !== undefined) {
      using _held = lock;
      return work();
    }
    if (clock.elapsed() >= end) throw busy(path);
    await sleep(clock, 1 + systemRandom() * 9, signal); // not all at once, so that each gets its turn
  }
}

type Database = InstanceType<typeof import("node:sqlite").DatabaseSync>;

/** Takes the lock; undefined when another process has it. Closing what is given lets go of it. */
function tryLock(path: string, Sqlite: typeof import("node:sqlite").DatabaseSync): Database | undefined {
  // A file with content, or a link to one, was put there by somebody else: SQLite would obey what it says.
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !(there.isFile() && there.size === 0)) throw foreign(path);
  // of a file that it may only read, SQLite would take a lock that others can take as well
  if (there !== undefined) accessSync(path, constants.W_OK);
  const database = new Sqlite(path, { timeout: 0 });
  try {
    database.exec("BEGIN IMMEDIATE");
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

/** The lower byte is SQLite's own code (SQLITE_BUSY is 5), the rest tells more. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number" && (error.errcode & 0xff) === 5;

function foreign(path: string): WinkError {
  return overridesInvalid(path, [], {
    problem: "This is not a lock of overrides",
    expected: "an empty file, or none",
    received: "something else",
    fix: "Delete it.",
  });
}

function busy(path: string): WinkError {
  return new WinkError("OVERRIDES_BUSY", {
    at: path,
    problem: `Another process has held the lock of the overrides for ${longestWait / 1_000} seconds`,
    expected: "a writer that is done after a few milliseconds",
    details: { path },
  });
}
