import { pause } from "../base/index.ts";
import { textOf } from "./content.ts";
import { checkCount } from "./count.ts";
import type { GrepMatch, GrepOptions, GrepResult } from "./filesystem.ts";
import { compileGlob } from "./glob.ts";
import { contextOf, cutLine } from "./grep-context.ts";
import { type LineHit, type LineSearch, lineEnd } from "./grep-lines.ts";
import { compileSearch } from "./grep-pattern.ts";
import type { FoundFile } from "./tree.ts";

/** How many matches are given unless told. */
const defaultMost = 1_000;

/** The most lines that are given before and after a match. */
const mostContext = 50;

/**
 * How much is searched without a pause, in characters of a plain search. Other patterns get the less the larger they are:
 * this also bounds the part of a very long line that is searched, so that one line cannot hold up the process.
 */
const workWithoutPause = 10_000_000;

/** What meeting a file costs, whether or not it is searched; in the same measure. */
const workOfFile = 10_000;

/** Finds the lines of text files that a pattern matches. `base` is the path that the glob is relative to. */
export async function grepFiles(
  files: Iterable<FoundFile>,
  base: string,
  pattern: string,
  options: GrepOptions,
): Promise<GrepResult> {
  const { glob, ignoreCase = false, most = defaultMost, context = 0, signal } = options;
  checkCount(most, "most", { least: 1 });
  checkCount(context, "context", { most: mostContext });
  const wanted = glob === undefined ? undefined : compileGlob(glob);
  const search = await compileSearch(pattern, ignoreCase);
  const matches: GrepMatch[] = [];
  let work = 0;
  for (const file of files) {
    const { path } = file;
    const isWanted = wanted?.(pathBelow(path, base)) !== false;
    const content = isWanted ? file.content : undefined; // not before: it may have to be read
    const text = content && textOf(content);
    work += workOfFile + (content?.size ?? 0);
    if (work >= workWithoutPause) {
      work = 0;
      await pause();
      signal?.throwIfAborted();
    }
    if (text === undefined) continue;
    for (const { hit, at, line, searched } of searchText(text, search)) {
      if (hit !== undefined) {
        if (matches.length === most) return { matches, truncated: true };
        const { before, after, walked } = contextOf(text, at, context);
        matches.push({ path, line, ...cutLine(hit.line, hit.start, hit.end), before, after });
        work += walked;
      }
      work += searched * search.cost;
      if (work < workWithoutPause) continue;
      work = 0;
      await pause();
      signal?.throwIfAborted();
    }
  }
  return { matches, truncated: false };
}

/** A path as a glob sees it: below the base, or the name of the base itself when that is a file. */
function pathBelow(path: string, base: string): string {
  if (path === base) return path.slice(path.lastIndexOf("/") + 1);
  return base === "" ? path : path.slice(base.length + 1);
}

interface Step {
  readonly hit?: LineHit;
  /** The number of the hit's line, and where it begins in the text; of no meaning without a hit. */
  readonly line: number;
  readonly at: number;
  /** Characters that have been gone through since the last step. */
  readonly searched: number;
}

/** Searches a text in blocks of whole lines; gives a step for each hit and each block. A text with a NUL is none. */
function* searchText(text: string, search: LineSearch): Generator<Step> {
  const reach = Math.max(1, Math.floor(workWithoutPause / search.cost));
  let line = 0;
  let counted = 0;
  for (let from = 0; from < text.length; ) {
    const to = blockEnd(text, from, reach);
    const block = from === 0 && to === text.length ? text : text.slice(from, to);
    for (let hit = search.find(block, 0, reach); hit !== undefined; ) {
      const at = from + hit.at;
      if (line === 0 && text.includes("\0")) return;
      if (line === 0) line = 1;
      for (let next = text.indexOf("\n", counted); next >= 0 && next < at; next = text.indexOf("\n", counted)) {
        line += 1;
        counted = next + 1;
      }
      yield { hit, line, at, searched: 0 };
      hit = search.find(block, lineEnd(block, hit.at) + 1, reach);
    }
    yield { line, at: from, searched: Math.min(reach, to - from) };
    from = to;
  }
}

/** The end of a block: the last line end within reach, else the end of the one line that is longer. */
function blockEnd(text: string, from: number, reach: number): number {
  if (text.length - from <= reach) return text.length;
  const within = text.lastIndexOf("\n", from + reach - 1);
  if (within >= from) return within + 1;
  const after = text.indexOf("\n", from + reach);
  return after < 0 ? text.length : after + 1;
}
