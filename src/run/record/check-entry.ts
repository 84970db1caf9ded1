import { shownValue, WinkError } from "../../base/index.ts";
import type { JournalEntry } from "../../journal/index.ts";
import { entryShapes } from "./entry-shapes.ts";
import { fields, moment, type Shape } from "./shape.ts";

const shapes = new Map<string, Shape>(Object.entries(entryShapes));
const stamped = fields({ at: moment });

/**
 * Throws `JOURNAL_INVALID`, naming entry and field, for an entry that is not as this release writes it, or one before did of answers that
 * were answers. Some before also kept what a driver should not have given; that is refused.
 */
export function checkEntry(entry: JournalEntry): void {
  const { type, seq } = entry;
  const wrong = shapes.get(type)?.(entry) ?? stamped(entry);
  if (wrong === undefined) return;
  const { path, expected, received } = wrong;
  throw new WinkError("JOURNAL_INVALID", {
    at: `entry ${seq}`,
    problem: `The entry of type ${type} has no \`${path}\` as it should be`,
    expected,
    received: received === undefined ? "nothing" : shownValue(received),
    details: { entry: seq, type, field: path },
  });
}
