import { pause, WinkError } from "../base/index.ts";
import { textOf } from "./content.ts";
import type { GrepMatch, GrepOptions, GrepResult } from "./filesystem.ts";
import { compileGlob } from "./glob.ts";
import { compileSearch, type LineHit, type LineSearch } from "./grep-pattern.ts";
import type { FoundFile } from "./tree.ts";

/** The longest text of a match, in UTF-16 units; of a longer line the part around the match is given. */
const longestMatchText = 1_000;

/** How many matches are given unless told. */
const defaultMost = 1_000;

/**
 * How much is searched without a pause, in characters of a plain search. Other patterns get the less the larger they are:
 * this also bounds the part of a very long line that is searched, so that one line cannot hold up the process.
 */
const workWithoutPause = 10_000_000;

/** What is kept of a cut line before its match. */
const keptBefore = 200;

/** Finds the lines of text files that a pattern matches. `base` is the path that the glob is relative to. */
export async function grepFiles(
  files: readonly FoundFile[],
  base: string,
  pattern: string,
  options: GrepOptions,
): Promise<GrepResult> {
  const { glob, ignoreCase = false, most = defaultMost, signal } = options;
  if (!Number.isSafeInteger(most) || most < 1) {
    throw new WinkError("INPUT_INVALID", {
      problem: "`most` is wrong",
      expected: "a positive integer",
      received: String(most),
    });
  }
  const wanted = glob === undefined ? () => true : compileGlob(glob);
  const search = await compileSearch(pattern, ignoreCase);
  const matches: GrepMatch[] = [];
  let work = 0;
  for (const { path, content } of files) {
    if (!wanted(pathBelow(path, base))) continue;
    const text = textOf(content);
    if (text === undefined || text.includes("\0")) continue;
    for (const { hit, line, searched } of searchText(text, search)) {
      if (hit !== undefined) {
        if (matches.length === most) return { matches, truncated: true };
        matches.push({ path, line, ...cut(hit) });
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
  /** The line's number, when there is a hit. */
  readonly line: number;
  /** Characters that have been gone through since the last step. */
  readonly searched: number;
}

/** Searches a text in blocks of whole lines; gives a step for each hit and each block. */
function* searchText(text: string, search: LineSearch): Generator<Step> {
  const reach = Math.max(1, Math.floor(workWithoutPause / search.cost));
  let line = 1;
  let counted = 0;
  for (let from = 0; from < text.length; ) {
    const to = blockEnd(text, from, reach);
    const block = from === 0 && to === text.length ? text : text.slice(from, to);
    for (const hit of search.find(block, reach)) {
      for (
        let next = text.indexOf("\n", counted);
        next >= 0 && next < from + hit.at;
        next = text.indexOf("\n", counted)
      ) {
        line += 1;
        counted = next + 1;
      }
      yield { hit, line, searched: 0 };
    }
    yield { line, searched: Math.min(reach, to - from) };
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

function cut({ line, start, end }: LineHit): { readonly text: string; readonly start: number; readonly end: number } {
  if (line.length <= longestMatchText) return { text: line, start, end };
  let from = Math.max(0, Math.min(start - keptBefore, line.length - longestMatchText));
  let to = from + longestMatchText;
  if (isInsidePair(line, from)) from += 1;
  if (isInsidePair(line, to)) to -= 1;
  return { text: line.slice(from, to), start: start - from, end: Math.min(end, to) - from };
}

/** Whether a cut at this position would part the two halves of one character. */
function isInsidePair(text: string, at: number): boolean {
  return at > 0 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
