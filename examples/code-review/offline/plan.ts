/**
 * The plan of the offline reviewer. Each turn is worked out anew from the transcript: what is wanted, less what was asked
 * already. List, choose files, search, read around the hits, mend what is safe, answer.
 */
import type { Move, PastCall, Plan, PlannedCall, PlanView } from "weakincentives/model/offline";
import { answerOf } from "./answer.ts";
import { planEdits } from "./edits.ts";
import { choose, confirm, linesRead, type Search } from "./findings.ts";
import { globOf, type Language, languages } from "./languages.ts";
import { readsFor } from "./reads.ts";
import { rules } from "./rules.ts";
import { findCall, glob, grep, ls, pathsIn } from "./toolbox.ts";

/** How many calls one turn makes at most. */
const callsOfTurn = 20;

/** Reviews a repository by the table of rules. */
export const reviewPlan: Plan = (view) => {
  const { calls } = view;
  const look = ask(view, [ls("")], "I look at what is there.");
  if (look !== undefined) return look;

  const looks = languages.map((language) => ({ language, call: glob(globOf([language])) }));
  const find = ask(
    view,
    looks.map(({ call }) => call),
    "I look for the kinds of files that my rules know.",
  );
  if (find !== undefined) return find;

  const found = new Map(looks.map(({ language, call }) => [language, countOf(findCall(calls, call))]));
  const searches = searchesFor(found);
  const search = ask(
    view,
    searches.map(({ call }) => call),
    "I search for what my rules name, one search a rule.",
  );
  if (search !== undefined) return search;

  const chosen = choose(searches, calls);
  const files = linesRead(calls);
  const confirmed = confirm(chosen.candidates, files);
  const read = ask(
    view,
    readsFor(confirmed, calls, callsOfTurn),
    "I read around the hits, to tell findings from chance.",
  );
  if (read !== undefined) return read;

  const edits = planEdits(confirmed.findings, files, view.turns);
  const mend = ask(view, edits.next, "I mend what can be mended safely.");
  if (mend !== undefined) return mend;

  const trial = ask(view, [{ name: "save_draft", arguments: { text: "Draft of the review." } }], "I save a draft.");
  if (trial !== undefined) return trial;

  return { answer: answerOf({ found, searches, chosen, confirmed, mended: edits.done, calls }) };
};

/** The next turn's calls: what is wanted, on offer, and not asked yet. */
function ask(view: PlanView, wanted: readonly PlannedCall[], text: string): Move | undefined {
  const open = wanted.filter((call) => view.has(call.name) && findCall(view.calls, call) === undefined);
  return open.length === 0 ? undefined : { calls: open.slice(0, callsOfTurn), text };
}

/** How many files a look found; undefined when nobody knows. */
function countOf(past: PastCall | undefined): number | undefined {
  return past === undefined || past.failed ? undefined : pathsIn(past.text).total;
}

/** One search for each rule, over the kinds of files that are there. */
function searchesFor(found: ReadonlyMap<Language, number | undefined>): readonly Search[] {
  const searches: Search[] = [];
  for (const rule of rules) {
    const there = rule.languages.filter((language) => found.get(language) !== 0);
    if (there.length > 0) searches.push({ rule, call: grep(rule.pattern, globOf(there)) });
  }
  return searches;
}
