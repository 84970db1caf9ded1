import { type Clock, FileLock, longestWait, WinkError } from "../../base/index.ts";
import { storeFailed } from "./store-error.ts";

/** Opens the lock of a folder of slices. */
export function openStoreLock(path: string, clock: Clock): Promise<FileLock> {
  return FileLock.open(path, {
    clock,
    failed: storeFailed,
    foreign: () =>
      new WinkError("STORE_FAILED", {
        at: path,
        problem: "This is not the lock of a slice store",
        expected: "an empty file, or none",
        received: "something else",
        fix: "Delete it.",
      }),
    busy: () =>
      new WinkError("STORE_BUSY", {
        at: path,
        problem: "Another process writes to the folder",
        expected: "one that is done after a few milliseconds",
        received: `one that has held the lock for ${longestWait / 1_000} seconds`,
      }),
  });
}
