/** Floors of an append-only file: one write an event; one write and one fdatasync an event; read back by splitting and parsing. */
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";

export function writeEach(path: string, events: readonly unknown[], sync = false): void {
  const fd = openSync(path, "w");
  for (const event of events) {
    writeSync(fd, `${JSON.stringify(event)}\n`);
    if (sync) fdatasyncSync(fd);
  }
  closeSync(fd);
}

export const readBack = (path: string): unknown[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
