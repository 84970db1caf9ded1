/** The lock of a folder of overrides, between all processes of the machine. */
import { join } from "node:path";
import { type Clock, FileLock, longestWait, WinkError } from "../../base/index.ts";
import { failing } from "./override-folder.ts";
import { overridesInvalid } from "./overrides-error.ts";

/** What a wait for the lock takes. */
export interface LockOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** Runs synchronous work that no other process runs at the same time. */
export async function exclusively<T>(folder: string, work: () => T, { clock, signal }: LockOptions): Promise<T> {
  const path = join(folder, ".lock");
  using lock = await FileLock.open(path, { clock, busy, foreign, failed });
  return await lock.hold(work, signal);
}

function failed(path: string, cause: unknown): Error {
  return failing(path, "locked", () => {
    throw cause;
  });
}

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
    problem: "The overrides are locked by another process",
    expected: "a writer that is done after a few milliseconds",
    received: `one that has held the lock for ${longestWait / 1_000} seconds`,
    details: { path },
  });
}
