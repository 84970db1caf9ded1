/** From what `grep` found to findings: choose hits, read around them, confirm. Everything is bounded. */
import type { PastCall, PlannedCall } from "weakincentives/model/offline";
import { isForeign, isTest } from "./languages.ts";
import type { Hit, Rule } from "./rule.ts";
import { type FoundLine, findCall, foundIn, isCut, type Lines, linesIn, readLines } from "./toolbox.ts";

/** A rule with the call that searches for it. */
export interface Search {
  readonly rule: Rule;
  readonly call: PlannedCall;
}

/** A hit that may be a finding. */
export interface Candidate extends FoundLine {
  readonly rule: Rule;
  /** Which of its rule's hits it is, from 0. */
  readonly rank: number;
}

/** A hit that is a finding. */
export interface Finding {
  readonly rule: Rule;
  readonly hit: Hit;
}

/** What the searches gave. */
export interface Chosen {
  readonly candidates: readonly Candidate[];
  /** Hits that were left out, by reason. */
  readonly leftOut: { readonly inTests: number; readonly inForeign: number; readonly overLimit: number };
  /** Rules whose search failed, with what the tool said. */
  readonly failed: readonly { readonly rule: string; readonly why: string }[];
}

/** How many hits of one rule are looked at, how many findings of one rule are told, and how many of all. */
export const limits = { hitsOfRule: 20, findingsOfRule: 8, findings: 40, reads: 80 } as const;

/** How many lines are read before and after a hit, and how far apart two hits may be to be read at once. */
const reach = 6;
const nearby = 30;

/** Chooses the hits worth reading. */
export function choose(searches: readonly Search[], calls: readonly PastCall[]): Chosen {
  const candidates: Candidate[] = [];
  const failed: { rule: string; why: string }[] = [];
  const leftOut = { inTests: 0, inForeign: 0, overLimit: 0 };
  for (const { rule, call } of searches) {
    const past = findCall(calls, call);
    if (past === undefined) continue;
    if (past.failed) {
      failed.push({ rule: rule.name, why: past.text.split("\n")[0] ?? "" });
      continue;
    }
    let taken = 0;
    for (const found of foundIn(past.text)) {
      if (isForeign(found.path)) leftOut.inForeign += 1;
      else if (isTest(found.path) && rule.inTests !== true) leftOut.inTests += 1;
      else if (!isPlausible(rule, found)) continue;
      else if (taken === limits.hitsOfRule) leftOut.overLimit += 1;
      else candidates.push({ ...found, rule, rank: taken++ });
    }
    if (isCut(past.text)) leftOut.overLimit += 1;
  }
  return { candidates, leftOut, failed };
}

/** Whether a hit may be a finding, as far as its own line tells. */
function isPlausible(rule: Rule, { path, number, text }: FoundLine): boolean {
  if (rule.looksAround === true || rule.confirm === undefined) return true;
  const hit = hitAt(rule, path, number, new Map([[number, text]]));
  return hit !== undefined && rule.confirm(hit);
}

/** The reads that show the candidates with what stands around them: near hits share one. Every rule gets its share. */
export function readsFor(candidates: readonly Candidate[]): readonly PlannedCall[] {
  const reads: PlannedCall[] = [];
  for (const [path, numbers] of numbersByPath(candidates.toSorted((a, b) => a.rank - b.rank))) {
    let from = 0;
    let to = 0;
    for (const number of numbers) {
      if (to > 0 && number - reach > to + nearby) {
        reads.push(readLines(path, from, to));
        to = 0;
      }
      if (to === 0) from = Math.max(1, number - reach);
      to = number + reach;
    }
    if (to > 0) reads.push(readLines(path, from, to));
  }
  return reads.slice(0, limits.reads);
}

function numbersByPath(candidates: readonly Candidate[]): ReadonlyMap<string, readonly number[]> {
  const byPath = new Map<string, number[]>();
  for (const { path, number } of candidates) {
    const numbers = byPath.get(path);
    if (numbers === undefined) byPath.set(path, [number]);
    else numbers.push(number);
  }
  for (const numbers of byPath.values()) numbers.sort((a, b) => a - b);
  return byPath;
}

/** What the reads gave, by path. */
export function linesRead(calls: readonly PastCall[]): ReadonlyMap<string, Lines> {
  const byPath = new Map<string, Map<number, string>>();
  for (const { name, arguments: given, text, failed } of calls) {
    if (name !== "read_file" || failed || typeof given.path !== "string") continue;
    const lines = byPath.get(given.path) ?? new Map<number, string>();
    for (const [number, line] of linesIn(text)) lines.set(number, line);
    byPath.set(given.path, lines);
  }
  return byPath;
}

/** The candidates that are findings, the worst first; `more` counts those over the limits. */
export function confirm(
  candidates: readonly Candidate[],
  files: ReadonlyMap<string, Lines>,
): { readonly findings: readonly Finding[]; readonly more: number } {
  const findings: Finding[] = [];
  const told = new Map<Rule, number>();
  let more = 0;
  for (const { rule, path, number } of candidates) {
    const hit = hitAt(rule, path, number, files.get(path));
    if (hit === undefined || (rule.confirm !== undefined && !rule.confirm(hit))) continue;
    const count = told.get(rule) ?? 0;
    if (count === limits.findingsOfRule || findings.length === limits.findings) more += 1;
    else {
      told.set(rule, count + 1);
      findings.push({ rule, hit });
    }
  }
  const order = { high: 0, medium: 1, low: 2 };
  findings.sort((a, b) => order[a.rule.severity] - order[b.rule.severity]); // stable: rules and paths keep their order
  return { findings, more };
}

/** Longer lines were made by programs. */
const longestLine = 500;

function hitAt(rule: Rule, path: string, number: number, lines: Lines | undefined): Hit | undefined {
  const line = lines?.get(number);
  if (lines === undefined || line === undefined || line.length > longestLine) return undefined;
  const match = new RegExp(rule.pattern.replaceAll("(?i)", ""), rule.pattern.includes("(?i)") ? "i" : "").exec(line);
  if (match === null) return undefined;
  const around = (from: number, to: number): string[] => {
    const found: string[] = [];
    for (let at = from; at <= to; at++) {
      const text = lines.get(at);
      if (text !== undefined) found.push(text);
    }
    return found;
  };
  const before = around(number - reach, number - 1);
  return { path, number, line, start: match.index, before, after: around(number + 1, number + reach) };
}
