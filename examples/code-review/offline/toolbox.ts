/** How the plan asks the workspace's tools, and how it reads what they answer: the text that a model would see. */
import type { PastCall, PlannedCall } from "weakincentives/model/offline";

/** A line that `grep` found. */
export interface FoundLine {
  readonly path: string;
  readonly number: number;
  readonly text: string;
}

/** Lines of a file by their number. */
export type Lines = ReadonlyMap<number, string>;

export const ls = (path: string): PlannedCall => ({ name: "ls", arguments: { path } });
export const glob = (pattern: string): PlannedCall => ({ name: "glob", arguments: { pattern } });
export const grep = (pattern: string, files: string): PlannedCall => ({
  name: "grep",
  arguments: { pattern, glob: files },
});
export const readLines = (path: string, from: number, to: number): PlannedCall => ({
  name: "read_file",
  arguments: { path, offset: from - 1, limit: to - from + 1 },
});
export const edit = (path: string, old: string, better: string): PlannedCall => ({
  name: "edit_file",
  arguments: { path, old_string: old, new_string: better },
});

/** The earlier call that asked the same, if there was one. */
export function findCall(calls: readonly PastCall[], wanted: PlannedCall): PastCall | undefined {
  const same = JSON.stringify(wanted.arguments);
  return calls.find(({ name, arguments: given }) => name === wanted.name && JSON.stringify(given) === same);
}

/** What `glob` found: as many paths as it lists, and how many there are. */
export function pathsIn(text: string): { readonly paths: readonly string[]; readonly total: number } {
  const paths = listIn(text).filter((line) => line !== "<empty>" && !line.startsWith("… ("));
  const total = /^(\d+) files? found/.exec(text)?.[1];
  return { paths, total: total === undefined ? paths.length : Number(total) };
}

/** The lines that `grep` found: `path:line: text`. */
export function foundIn(text: string): readonly FoundLine[] {
  const found: FoundLine[] = [];
  for (const line of listIn(text)) {
    const match = /^(.+?):(\d+): (.*)$/s.exec(line);
    if (match?.[1] !== undefined) found.push({ path: match[1], number: Number(match[2]), text: match[3] ?? "" });
  }
  return found;
}

/** Whether `grep` left matches off. */
export const isCut = (text: string): boolean => text.startsWith("The first ");

/** The numbered lines that `read_file` gave: `  12 | text`. */
export function linesIn(text: string): Lines {
  const lines = new Map<number, string>();
  for (const line of listIn(text)) {
    const match = /^ *(\d+) \| (.*)$/s.exec(line);
    if (match !== null) lines.set(Number(match[1]), match[2] ?? "");
  }
  return lines;
}

/** What stands after the sentence that begins an answer. */
function listIn(text: string): readonly string[] {
  const at = text.indexOf("\n\n");
  return at < 0 ? [] : text.slice(at + 2).split("\n");
}
