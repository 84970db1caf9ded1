/** Edits for findings whose rule knows a safe rewrite. One edit a file and turn, so that each sees the one before. */
import type { PastTurn, PlannedCall } from "weakincentives/model/offline";
import type { Finding } from "./findings.ts";
import { edit, findCall, type Lines } from "./toolbox.ts";

/** What became of the edits. */
export interface Edits {
  /** The calls to make next; empty when all is done. */
  readonly next: readonly PlannedCall[];
  /** The findings that are mended in the overlay. */
  readonly done: readonly Finding[];
}

/** How many findings are mended at most. */
const mostEdits = 15;

/** How many turns go into edits at most, so that many edits of one file cannot use up the turns of the run. */
const mostTurns = 24;

/** How much is shown around a line to find it: more each time that the tool finds it more than once, or not at all. */
const contexts = [0, 1, 3];

/** Plans the edits from what earlier ones came to. */
export function planEdits(
  findings: readonly Finding[],
  files: ReadonlyMap<string, Lines>,
  turns: readonly PastTurn[],
): Edits {
  const calls = turns.flatMap((turn) => turn.calls);
  const used = turns.filter((turn) => turn.calls.some(({ name }) => name === "edit_file")).length;
  const next: PlannedCall[] = [];
  const done: Finding[] = [];
  const waiting = new Set<string>();
  const edited = new Map<string, Map<number, string>>();
  for (const finding of findings
    .filter(({ rule, hit }) => rule.rewrite?.(hit.line) !== undefined)
    .slice(0, mostEdits)) {
    const { path, number, line } = finding.hit;
    const better = finding.rule.rewrite?.(line);
    if (waiting.has(path) || better === undefined) continue;
    const lines = edited.get(path) ?? new Map(files.get(path));
    edited.set(path, lines);
    for (const context of contexts) {
      const wanted = editWith(lines, path, number, better, context);
      const past = wanted === undefined ? undefined : findCall(calls, wanted);
      if (past === undefined && wanted !== undefined) {
        next.push(wanted);
        waiting.add(path);
      }
      if (past !== undefined && !past.failed) {
        lines.set(number, better);
        done.push(finding);
      }
      if (past === undefined || !past.failed) break;
    }
  }
  return { next: used < mostTurns ? next : [], done };
}

function editWith(
  lines: Lines,
  path: string,
  number: number,
  better: string,
  context: number,
): PlannedCall | undefined {
  const old: string[] = [];
  const changed: string[] = [];
  for (let at = number - context; at <= number + context; at++) {
    const line = lines.get(at);
    if (line === undefined) continue;
    old.push(line);
    if (at !== number) changed.push(line);
    else if (better !== "") changed.push(better);
  }
  if (old.length === 0) return undefined;
  // a line that goes takes its end with it
  const end = better === "" ? "\n" : "";
  return edit(path, old.join("\n") + end, changed.length === 0 ? "" : changed.join("\n") + end);
}
