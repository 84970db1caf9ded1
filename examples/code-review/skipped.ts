/** What was left out of a review, in few lines: files with the same reason together, sizes in units that people read. */
import type { SkippedFile } from "weakincentives/files";
import { count, shown, sizeOf } from "./timeline.ts";

/** How many files of one reason are named each by itself, and how many of a group. */
const mostSingle = 5;
const mostOfGroup = 3;
const mostGroups = 12;

/** One line for each file, or for all that share a reason when there are many. */
export function skippedGroups(skipped: readonly SkippedFile[]): readonly string[] {
  const groups = Map.groupBy(skipped, ({ detail }) => detail);
  const lines = [...groups].flatMap(([detail, files]) => {
    const reason = withSizes(detail);
    if (files.length <= mostSingle) return files.map((file) => `${named(file)}: ${reason}`);
    const first = files.slice(0, mostOfGroup).map(named).join(", ");
    return [`${files.length} entries: ${reason}: ${first} and ${files.length - mostOfGroup} more`];
  });
  if (lines.length <= mostGroups) return lines;
  return [...lines.slice(0, mostGroups), `and ${lines.length - mostGroups} more lines like these`];
}

/** Says that a limit of all files was hit: then the review does not cover the folder. */
export function limitNotes(skipped: readonly SkippedFile[]): readonly string[] {
  const notes: string[] = [];
  const over = skipped.filter(({ reason }) => reason === "total-too-large");
  if (over.length > 0) {
    notes.push(
      `The limit for all files together was hit: ${count(over.length, "file")} did not fit and will not be reviewed. Raise it with --max-bytes, or review a part with --include.`,
    );
  }
  if (skipped.some(({ reason }) => reason === "too-many")) {
    notes.push("There are too many files and directories: not all were looked at. Review a single folder.");
  }
  return notes;
}

/** A reason with its sizes in units that people read; small ones stay as the command line has them. */
export const withSizes = (detail: string): string =>
  detail.replace(/\b(\d{7,}) bytes\b/g, (_all, bytes) => sizeOf(Number(bytes)));

const named = ({ path, size }: SkippedFile): string =>
  size === undefined || size < 1024 * 1024 ? shown(path, 100) : `${shown(path, 100)} (${sizeOf(size)})`;
