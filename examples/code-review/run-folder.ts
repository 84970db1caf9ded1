/** The folder of a run: its name, and how it is made. */
import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { WinkError } from "weakincentives";

/** A name that sorts by time, for a folder that people look into. */
export function newRunId(): string {
  const now = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `review-${now}-${randomBytes(2).toString("hex")}`;
}

/** Makes a folder that can be written. Throws `INPUT_INVALID`. */
export function makeFolder(folder: string): void {
  try {
    if (!existsSync(dirname(folder))) makeFolder(dirname(folder));
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 }); // not `recursive`: below /proc that never ends
    accessSync(folder, constants.W_OK);
    if (!statSync(folder).isDirectory()) throw new Error("a file stands there");
  } catch (cause) {
    if (WinkError.is(cause)) throw cause;
    throw new WinkError("INPUT_INVALID", {
      at: folder,
      problem: "The run's folder cannot be made here",
      expected: "a place where a folder can be made and written",
      received: cause instanceof Error ? cause.message : "an error of the system",
      fix: "Name another one with --out.",
      cause,
    });
  }
}
