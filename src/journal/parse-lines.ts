import { isUtf8 } from "node:buffer";
import { isJsonObject, type JsonLimits, parseJson, WinkError } from "../base/index.ts";
import { entryVersion, type JournalEntry } from "./entry.ts";

/** What was written is read back, however long and deep: the limits for texts from outside were kept where it came in. */
const ownEntry: JsonLimits = { maxLength: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };

const opening = "journal/opened";

/** The content of a journal file. */
interface ParsedLines {
  readonly entries: readonly JournalEntry[];
  /** Bytes up to the end of the last whole line. */
  readonly whole: number;
  /** The newest epoch; 0 for an empty file. */
  readonly epochs: number;
}

/** Parses the lines of a journal. A torn last line is left out; anything else that is wrong throws `JOURNAL_INVALID`. */
export function parseLines(bytes: Buffer, path: string): ParsedLines {
  const whole = bytes.lastIndexOf("\n") + 1;
  const entries: JournalEntry[] = [];
  let epochs = 0;
  for (let start = 0, number = 1; start < whole; number++) {
    const end = bytes.indexOf("\n", start);
    const refuse = (problem: string): never => {
      throw new WinkError("JOURNAL_INVALID", {
        at: `${path}, line ${number}`,
        problem,
        details: { path, line: number },
      });
    };
    const line = bytes.subarray(start, end);
    start = end + 1;
    if (!isUtf8(line)) return refuse("The line is not UTF-8");
    const parsed = parseJson(line.toString("utf8"), ownEntry);
    if (!parsed.ok) return refuse(`The line is not JSON: ${parsed.problem}`);
    const entry = parsed.value;
    if (!isJsonObject(entry) || typeof entry.type !== "string") return refuse("The line is not an entry");
    if (typeof entry.v !== "number" || entry.v > entryVersion)
      return refuse(`The entry has version ${String(entry.v)}, this release reads up to ${entryVersion}`);
    if (typeof entry.epoch !== "number" || entry.epoch < epochs) return refuse("The entry's epoch goes back");
    epochs = entry.epoch;
    if (entry.type === opening) continue;
    if (entry.seq !== entries.length)
      return refuse(`The entry has number ${String(entry.seq)} where ${entries.length} was expected`);
    entries.push(entry as unknown as JournalEntry); // as: what stands in an entry of a known version was written by this library
  }
  return { entries, whole, epochs };
}

/** The epochs of the openings from an epoch on, whatever else stands in the file: two writers at once leave it in disorder. */
export function openingsFrom(bytes: Buffer, epoch: number): readonly number[] {
  return bytes
    .toString("utf8")
    .split("\n")
    .filter((line) => line.includes(opening))
    .map((line) => parseJson(line, ownEntry))
    .map((parsed) =>
      parsed.ok && isJsonObject(parsed.value) && parsed.value.type === opening ? parsed.value.epoch : 0,
    )
    .filter((found): found is number => typeof found === "number" && found >= epoch);
}
