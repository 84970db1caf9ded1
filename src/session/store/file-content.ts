/** What stands in the file of a slice: a header, and below it a line for each operation. */
import { isUtf8 } from "node:buffer";
import { crc32 } from "node:zlib";
import { isJsonObject, type JsonObject, shownValue, WinkError } from "../../base/index.ts";
import type { JournalPlace } from "../journal-place.ts";
import type { Slice } from "../slice.ts";
import { type Change, isCount, lineOf, placeOf, readLine } from "./operation-line.ts";
import { type FilePlace, storeInvalid } from "./store-error.ts";

const format = "weakincentives/slice";
/** The version of the form that this release reads and writes. */
const formatVersion = 1;

/** A run of lines behind the header that were written at once, one item each. While they are as written, nobody has to look at them. */
export interface Written {
  readonly bytes: number;
  readonly lines: number;
  /** Of the bytes, as the text is in UTF-8, begun with the number of lines. */
  readonly crc32: number;
  /** The newest journal entry of which the lines hold the events. */
  readonly applied: JournalPlace | undefined;
}

/** The first line of a file. */
export interface Header {
  /** The version of the items. */
  readonly items: number;
  readonly written: Written | undefined;
  /** Bytes of the line. */
  readonly bytes: number;
}

/** The text of a new file with these items. */
export function contentOf(slice: Slice, items: Iterable<unknown>, applied: JournalPlace | undefined): string {
  const lines: string[] = [];
  for (const item of items) lines.push(`{"append":[${JSON.stringify(item)}]}\n`);
  const body = lines.join("");
  const bytes = Buffer.byteLength(body);
  const written = { bytes, lines: lines.length, crc32: crc32(body, lines.length), ...applied };
  return `${JSON.stringify({ format, version: formatVersion, slice: slice.name, items: slice.version, ...((bytes > 0 || applied) && { written }) })}\n${body}`;
}

/** Throws `STORE_INVALID` for a file without a whole line unless it is the beginning of one of this slice. */
export function refuseOther(slice: Slice, path: string, bytes: Buffer): void {
  const text = bytes.toString("utf8");
  if (!contentOf(slice, [], undefined).startsWith(text)) throw notOfSlice(path, text);
}

/** Reads the header of a file. Throws `STORE_INVALID`, and `STORE_NEWER` for one of a newer release or slice. */
export function readHeader(slice: Slice, path: string, bytes: Buffer): Header {
  const place: FilePlace = { path, line: 1 };
  const end = bytes.indexOf("\n");
  const header = parsed(bytes.toString("utf8", 0, end));
  if (header?.format !== format || !isCount(header.version) || !isCount(header.items)) {
    throw notOfSlice(path, bytes.toString("utf8", 0, Math.min(end, 200)));
  }
  refuseNewer(place, "The file was written by a newer release", header.version, formatVersion);
  if (header.slice !== slice.name) {
    throw storeInvalid(place, {
      problem: "The file is of another slice",
      expected: JSON.stringify(slice.name),
      received: shownValue(header.slice),
    });
  }
  refuseNewer(place, "The items are of a newer version of the slice", header.items, slice.version);
  return { items: header.items, written: writtenOf(header.written), bytes: end + 1 };
}

function notOfSlice(path: string, text: string): WinkError {
  return storeInvalid(
    { path, line: 1 },
    {
      problem: "The file is none of a slice",
      expected: `a first line with "format":"${format}"`,
      received: shownValue(text),
      fix: "Open the store in another folder, or move the file away.",
    },
  );
}

function parsed(text: string): JsonObject | undefined {
  try {
    const header: unknown = JSON.parse(text);
    return isJsonObject(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

function refuseNewer({ path, line }: FilePlace, problem: string, version: number, known: number): void {
  if (version <= known) return;
  throw new WinkError("STORE_NEWER", {
    at: `${path}, line ${line}`,
    problem,
    expected: `version ${known} or earlier`,
    received: `version ${version}`,
    details: { path, line, from: version, to: known },
  });
}

/** What the header says was written at once with it. */
function writtenOf(value: unknown): Written | undefined {
  if (!isJsonObject(value)) return undefined;
  const { bytes, lines, crc32: sum } = value;
  const applied = placeOf(value);
  if (!isCount(bytes) || !isCount(lines) || lines >= 2 ** 32 || !isCount(sum) || applied === "wrong") return undefined;
  return { bytes, lines, crc32: sum, applied };
}

/**
 * Gives the operation of each line of some bytes, of which the last ends a line; empty lines are passed over. Returns the number
 * of the last line. Throws `STORE_INVALID` for what is no operation.
 */
export function eachChange(bytes: Buffer, first: FilePlace, visit: (change: Change, line: number) => void): number {
  if (!isUtf8(bytes)) throw notUtf8(bytes, first);
  const text = bytes.toString("utf8");
  let { line } = first;
  for (let from = 0; from < text.length; line++) {
    const to = text.indexOf("\n", from);
    const own = text.slice(from, to);
    from = to + 1;
    if (own === "" || own === "\r") continue;
    const change = readLine(own);
    if (typeof change === "string") throw noOperation({ path: first.path, line }, own, change);
    visit(change, line);
  }
  return line - 1;
}

function noOperation(place: FilePlace, text: string, problem: string): WinkError {
  return storeInvalid(place, {
    problem: `The line is no operation: ${problem}`,
    expected: `a line such as ${lineOf({ op: "append", items: [{ path: "a" }] }).trimEnd()}`,
    received: shownValue(text),
    fix: "Mend the line or take it out; nothing was changed.",
  });
}

function notUtf8(bytes: Buffer, first: FilePlace): WinkError {
  let { line } = first;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf("\n", start) + 1;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end;
  }
  return storeInvalid(
    { path: first.path, line },
    {
      problem: "The line cannot be read",
      expected: "UTF-8",
      received: "other bytes",
    },
  );
}
