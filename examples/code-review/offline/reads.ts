/**
 * Which lines are read next. The number of reads is bounded, so they go to rules and files in turn: a common line in
 * many files must not keep a rare one from being looked at.
 */
import type { PastCall, PlannedCall } from "weakincentives/model/offline";
import { type Candidate, type Confirmed, limits, reach } from "./findings.ts";
import type { Rule } from "./rule.ts";
import { readLines } from "./toolbox.ts";

/** How many reads there are at most in a review. */
export const mostReads = 240;

/** How many lines may lie between two hits that are read at once, and how many one read gives at most. */
const nearby = 30;
const longestRead = 300;

interface Place {
  readonly path: string;
  readonly number: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The next reads, at most so many: around the findings that will be told, then around hits that are still open. */
export function readsFor(
  { findings, open }: Confirmed,
  calls: readonly PastCall[],
  most: number,
): readonly PlannedCall[] {
  const asked = rangesAsked(calls);
  const left = Math.min(most, mostReads - calls.filter(({ name }) => name === "read_file").length);
  const isNew = ({ path, number }: Place): boolean =>
    !(asked.get(path) ?? []).some(({ from, to }) => from <= Math.max(1, number - reach) && to >= number + reach);
  const told = Map.groupBy(findings, ({ rule }) => rule);
  // a rule that has all the findings that will be told leaves the reads to others
  const hungry = open.filter(({ rule }) => (told.get(rule)?.length ?? 0) < limits.findingsOfRule);
  return merged([...findings.map(({ hit }) => hit), ...inTurn(hungry)].filter(isNew), left);
}

/** The lines that earlier reads asked for, also where a read failed: asking again would not help. */
function rangesAsked(calls: readonly PastCall[]): ReadonlyMap<string, readonly Range[]> {
  const byPath = new Map<string, Range[]>();
  for (const { name, arguments: given } of calls) {
    const { path, offset, limit } = given;
    if (name !== "read_file" || typeof path !== "string") continue;
    const range = { from: Number(offset) + 1, to: Number(offset) + Number(limit) };
    byPath.set(path, [...(byPath.get(path) ?? []), range]);
  }
  return byPath;
}

/** One hit of each rule after the other, and for each rule one of each file after the other. */
function inTurn(candidates: readonly Candidate[]): readonly Candidate[] {
  const byRule: ReadonlyMap<Rule, readonly Candidate[]> = Map.groupBy(candidates, ({ rule }) => rule);
  return alternate(
    [...byRule.values()].map((ofRule) => alternate([...Map.groupBy(ofRule, ({ path }) => path).values()])),
  );
}

/** The first of each list, then the second of each, and so on. */
function alternate<Item>(lists: readonly (readonly Item[])[]): readonly Item[] {
  const all: Item[] = [];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let at = 0; at < longest; at++) all.push(...lists.flatMap((list) => list.slice(at, at + 1)));
  return all;
}

/** So many reads that show the first of some places; near places of one file share a read. */
function merged(places: readonly Place[], most: number): readonly PlannedCall[] {
  const byPath = new Map<string, Range[]>();
  let reads = 0;
  for (const { path, number } of places) {
    const ranges = byPath.get(path) ?? [];
    const near = ranges.findIndex(
      ({ from, to }) =>
        number >= from - nearby && number <= to + nearby && Math.max(to, number) - Math.min(from, number) < longestRead,
    );
    const here = { from: Math.max(1, number - reach), to: number + reach };
    const other = ranges[near];
    if (other !== undefined) {
      ranges[near] = { from: Math.min(other.from, here.from), to: Math.max(other.to, here.to) };
    } else if (reads < most) {
      ranges.push(here);
      reads += 1;
    }
    byPath.set(path, ranges);
  }
  return [...byPath].flatMap(([path, ranges]) => ranges.map(({ from, to }) => readLines(path, from, to)));
}
