import type { GlobSegment } from "./glob-segment.ts";

/** A part of a compiled glob between two slashes: any directories, or one name. */
export type GlobStep = "directories" | GlobSegment;

/**
 * Makes the matcher of a whole path. What stands before the first `**` belongs to the beginning of the path and what stands
 * behind the last to its end; between them, each run of names is taken where it first fits, because the `**` behind it can
 * take all that is left. So each name is held against each step once at most.
 */
export function pathMatcher(steps: readonly GlobStep[]): (path: string) => boolean {
  const [head = [], ...rest] = runsOf(steps);
  const tail = rest.pop();
  const prefix = prefixOf(head, tail !== undefined);
  const last = (tail ?? head).at(-1);
  const suffix = last === undefined ? "" : last.isText ? last.lead : last.trail;
  if (tail?.length === 1 && rest.length === 0 && last?.isSimple && last.lead === "" && head.every(isText)) {
    return endsMatcher(prefix, suffix);
  }
  if (prefix === "") return (path) => path.endsWith(suffix) && fits(path, head, rest, tail);
  return (path) => path.startsWith(prefix) && path.endsWith(suffix) && fits(path, head, rest, tail);
}

const isText = (segment: GlobSegment): boolean => segment.isText;

/** The runs of names that the `**` part. */
function runsOf(steps: readonly GlobStep[]): GlobSegment[][] {
  const runs: GlobSegment[][] = [[]];
  for (const step of steps) {
    if (step === "directories") runs.push([]);
    else runs.at(-1)?.push(step);
  }
  return runs;
}

/** The text that every path begins with; `more` when something must follow the names of the head. */
function prefixOf(head: readonly GlobSegment[], more: boolean): string {
  let prefix = "";
  for (const [place, { lead, isText }] of head.entries()) {
    prefix += lead;
    if (!isText) break;
    if (more || place < head.length - 1) prefix += "/";
  }
  return prefix;
}

/** `src/**` + `/*.ts` and the like, of which the two ends say all: between them is nothing or any names. */
function endsMatcher(prefix: string, suffix: string): (path: string) => boolean {
  if (prefix === "") return (path) => path.endsWith(suffix);
  const shortest = prefix.length + suffix.length;
  return (path) => path.length >= shortest && path.startsWith(prefix) && path.endsWith(suffix);
}

function fits(
  path: string,
  head: readonly GlobSegment[],
  middle: readonly (readonly GlobSegment[])[],
  tail: readonly GlobSegment[] | undefined,
): boolean {
  let from = afterRun(head, path, 0, path.length);
  if (from < 0) return false;
  if (tail === undefined) return from > path.length;
  let to = path.length;
  for (let place = tail.length - 1; place >= 0; place--) {
    const start = to < from ? -1 : path.lastIndexOf("/", to - 1) + 1;
    if (start < from || !tail[place]?.fits(path, start, to)) return false;
    to = start - 1;
  }
  for (const run of middle) {
    let after = afterRun(run, path, from, to);
    while (after < 0) {
      from = nameEnd(path, from, to) + 1;
      if (from > to) return false;
      after = afterRun(run, path, from, to);
    }
    from = after;
  }
  return true;
}

/** Where the name behind a run of names begins that fit from a position on; -1 when they do not fit. */
function afterRun(run: readonly GlobSegment[], path: string, from: number, to: number): number {
  let at = from;
  for (const segment of run) {
    if (at > to) return -1;
    const end = nameEnd(path, at, to);
    if (!segment.fits(path, at, end)) return -1;
    at = end + 1;
  }
  return at;
}

function nameEnd(path: string, from: number, to: number): number {
  const end = path.indexOf("/", from);
  return end < 0 || end > to ? to : end;
}
