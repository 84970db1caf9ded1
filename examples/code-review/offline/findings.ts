/** From what `grep` found to findings: choose hits, confirm them, from the lines around where their own is not enough. */
import type { PastCall, PlannedCall } from "weakincentives/model/offline";
import { isForeign, isTest } from "./languages.ts";
import { type Hit, isFinding, type Rule } from "./rule.ts";
import { type FoundLine, findCall, foundIn, isCut, type Lines, linesIn } from "./toolbox.ts";

/** A rule with the call that searches for it. */
export interface Search {
  readonly rule: Rule;
  readonly call: PlannedCall;
}

/** A hit that may be a finding. */
export interface Candidate extends FoundLine {
  readonly rule: Rule;
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
  readonly leftOut: { readonly inTests: number; readonly inForeign: number };
  /** Rules with more hits than one answer of the tool holds. */
  readonly cut: readonly string[];
  /** Rules whose search failed, with what the tool said. */
  readonly failed: readonly { readonly rule: string; readonly why: string }[];
}

/** What the hits came to. */
export interface Confirmed {
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** How many findings are over the limits. */
  readonly more: number;
  /** The hits of which the lines around, which decide, were not read. */
  readonly open: readonly Candidate[];
}

/** How many findings of one rule are told, and how many of all. */
export const limits = { findingsOfRule: 8, findings: 40 } as const;

/** How many lines are looked at before and after a hit. */
export const reach = 6;

/** Chooses the hits that may be findings, as far as their own lines tell. */
export function choose(searches: readonly Search[], calls: readonly PastCall[]): Chosen {
  const candidates: Candidate[] = [];
  const cut: string[] = [];
  const failed: { rule: string; why: string }[] = [];
  const leftOut = { inTests: 0, inForeign: 0 };
  for (const { rule, call } of searches) {
    const past = findCall(calls, call);
    if (past === undefined) continue;
    if (past.failed) {
      failed.push({ rule: rule.name, why: past.text.split("\n")[0] ?? "" });
      continue;
    }
    for (const found of foundIn(past.text)) {
      if (isForeign(found.path)) leftOut.inForeign += 1;
      else if (isTest(found.path) && rule.inTests !== true) leftOut.inTests += 1;
      else if (isPlausible(rule, found)) candidates.push({ ...found, rule });
    }
    if (isCut(past.text)) cut.push(rule.name);
  }
  return { candidates, leftOut, cut, failed };
}

function isPlausible(rule: Rule, found: FoundLine): boolean {
  const hit = ownHit(rule, found);
  return hit !== undefined && (rule.confirm?.(hit) ?? true);
}

const ownHit = (rule: Rule, { path, number, text }: FoundLine): Hit | undefined =>
  hitAt(rule, path, number, new Map([[number, text]]));

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

/** Confirms candidates: from what was read, or from the line that `grep` showed where that is enough. */
export function confirm(candidates: readonly Candidate[], files: ReadonlyMap<string, Lines>): Confirmed {
  const findings: Finding[] = [];
  const open: Candidate[] = [];
  const told = new Map<Rule, number>();
  let more = 0;
  for (const candidate of candidates) {
    const { rule, path, number } = candidate;
    const read = hitAt(rule, path, number, files.get(path));
    if (read === undefined && rule.confirmAround !== undefined) {
      open.push(candidate);
      continue;
    }
    const hit = read ?? ownHit(rule, candidate);
    if (hit === undefined || !isFinding(rule, hit)) continue;
    const count = told.get(rule) ?? 0;
    if (count === limits.findingsOfRule || findings.length === limits.findings) more += 1;
    else {
      told.set(rule, count + 1);
      findings.push({ rule, hit });
    }
  }
  const order = { high: 0, medium: 1, low: 2 };
  findings.sort((a, b) => order[a.rule.severity] - order[b.rule.severity]); // stable: rules and paths keep their order
  return { findings, more, open };
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
