/** The lines that a history is kept as: read with care, because whoever can write the folder could have changed them. */
import { isJsonObject, type JsonValue } from "../../base/index.ts";
import type { HistoryEntry } from "./history.ts";
import type { Standing } from "./standing.ts";

/** The first line: what the state is of. */
export interface KeptHeader {
  readonly type: "host-files";
  readonly version: number;
  readonly id: string;
  /** The folder, with links resolved. */
  readonly root: string;
  readonly inode: number;
}

/** The version of the form that is written. */
export const keptVersion = 1;

/** Reads the first line; undefined when it is none. */
export function headerOf(value: JsonValue): KeptHeader | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type, version, id, root, inode } = value;
  if (type !== "host-files" || typeof version !== "number" || typeof inode !== "number") return undefined;
  return typeof id === "string" && typeof root === "string" ? { type, version, id, root, inode } : undefined;
}

/** Reads any other line; undefined when it is none. */
export function entryOf(value: JsonValue): HistoryEntry | undefined {
  if (!isJsonObject(value)) return undefined;
  const { type, id, path, before, commit, files, empty, modes, unkept } = value;
  if (type === "snapshot" && typeof id === "string") return { type, id };
  if (type === "touched" && isPath(path)) {
    const standing = standingOf(before);
    return standing === undefined ? undefined : { type, path, before: standing };
  }
  if (type !== "captured" || !isHash(commit) || typeof files !== "number") return undefined;
  if (!isListOf(empty, isPath) || !isListOf(modes, isChange) || !isListOf(unkept, isPath)) return undefined;
  return { type, commit, files, empty, modes, unkept };
}

function standingOf(value: JsonValue | undefined): Standing | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kind, blob, mode, target } = value;
  if (kind === "nothing" || kind === "unkept") return { kind };
  if (kind === "link" && typeof target === "string") return { kind, target };
  if (kind === "directory" && isMode(mode)) return { kind, mode };
  return kind === "file" && isHash(blob) && isMode(mode) ? { kind, blob, mode } : undefined;
}

const isHash = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{40}$/.test(value);
const isMode = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0o7777;

const isChange = (value: unknown): value is readonly [string, number | null] =>
  Array.isArray(value) && value.length === 2 && isPath(value[0]) && (value[1] === null || isMode(value[1]));

function isListOf<T>(value: unknown, isOne: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isOne);
}

/** Whether this is a path below the folder: what a tampered line says must not lead anywhere else. */
function isPath(value: unknown): value is string {
  if (typeof value !== "string" || value.includes("\0")) return false;
  return value.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}
