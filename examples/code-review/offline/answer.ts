import type { PastCall } from "weakincentives/model/offline";
import type { Issue, Review } from "../review.ts";
import type { Chosen, Confirmed, Finding, Search } from "./findings.ts";
import type { Language } from "./languages.ts";

/** All that a review is written from. */
export interface Material {
  /** How many files of each kind there are; undefined when nobody knows. */
  readonly found: ReadonlyMap<Language, number | undefined>;
  readonly searches: readonly Search[];
  readonly chosen: Chosen;
  readonly confirmed: Confirmed;
  readonly mended: readonly Finding[];
  readonly calls: readonly PastCall[];
}

/** Writes the review. */
export function answerOf(material: Material): Review {
  const issues = material.confirmed.findings.map(issueOf);
  return { summary: summaryOf(material, issues), issues, nextSteps: nextSteps(material, issues) };
}

function issueOf({ rule, hit }: Finding): Issue {
  const { name, severity, message, fix } = rule;
  return { file: hit.path, line: hit.number, quote: hit.line.replace(/\r$/, ""), rule: name, severity, message, fix };
}

function summaryOf({ found, searches, chosen, confirmed }: Material, issues: readonly Issue[]): string {
  const kinds = [...found].filter(([, many]) => many !== 0).map(([kind]) => kind);
  const files = [...found.values()].reduce<number>((sum, many) => sum + (many ?? 0), 0);
  if (kinds.length === 0) return "There is nothing here that the rules know: no source, no scripts, no configuration.";
  const searched = `${count(searches.length, "rule")} searched ${count(files, "file")} (${kinds.join(", ")}).`;
  const unseen = unseenText(chosen, confirmed);
  if (issues.length === 0)
    return `${searched} None of them found anything, which does not say that the code is right.${unseen}`;
  const places = new Set(issues.map(({ file }) => file)).size;
  const by = (["high", "medium", "low"] as const).map(
    (level) => [level, issues.filter((one) => one.severity === level).length] as const,
  );
  const levels = by.filter(([, many]) => many > 0).map(([level, many]) => `${many} ${level}`);
  const { more } = confirmed;
  const rest = more === 0 ? "" : ` ${count(more, "more finding")} of the same kinds are not listed.`;
  return `${searched} They found ${count(issues.length, "problem")} in ${count(places, "file")}: ${levels.join(", ")}.${rest}${unseen}`;
}

/** Says what the review does not cover, though the rules searched for it. */
function unseenText({ cut, failed }: Chosen, { open }: Confirmed): string {
  let text = "";
  const byRule = Map.groupBy(open, ({ rule }) => rule.name);
  if (open.length > 0) {
    const kinds = [...byRule].map(([name, hits]) => `${hits.length} of ${name}`);
    text += ` ${count(open.length, "hit")} ${open.length === 1 ? "was" : "were"} not looked at: ${kinds.join(", ")}.`;
  }
  if (cut.length > 0) text += ` There are more hits than a search gives of ${cut.join(", ")}.`;
  if (failed.length > 0) text += ` ${count(failed.length, "search", "searches")} failed.`;
  return text;
}

function nextSteps({ chosen, confirmed, mended, calls }: Material, issues: readonly Issue[]): string[] {
  const steps: string[] = [];
  if (issues.some(({ rule }) => rule === "hard-coded-secret")) {
    steps.push(
      "Replace every password and key that stands in the source: taking it out does not make it secret again.",
    );
  }
  const urgent = issues.filter(({ severity, rule }) => severity === "high" && rule !== "hard-coded-secret");
  if (urgent.length > 0) steps.push(`Mend the findings of severity high first: ${placesOf(urgent)}.`);
  if (mended.length > 0) {
    steps.push(
      `Read and apply the proposed patch: it mends ${count(mended.length, "finding")}. Run the tests after it.`,
    );
  }
  const byHand = issues.length - mended.length;
  if (byHand > 0)
    steps.push(
      `Mend ${byHand === 1 ? "the one finding that needs" : `the ${byHand} findings that need`} a person to decide.`,
    );
  if (calls.some(({ name, failed }) => name === "save_draft" && failed)) {
    steps.push("A draft could not be saved: the tool failed and was rolled back. The review is not touched by it.");
  }
  for (const { rule, why } of chosen.failed) steps.push(`Search for ${rule} by hand: the search failed (${why}).`);
  if (confirmed.open.length > 0 || chosen.cut.length > 0) {
    steps.push("Review single folders as well: here there are more hits than could be looked at.");
  }
  const { inTests, inForeign } = chosen.leftOut;
  const left = [
    ...(inTests > 0 ? [`in tests (${inTests})`] : []),
    ...(inForeign > 0 ? [`in foreign or generated files (${inForeign})`] : []),
  ];
  if (left.length > 0) steps.push(`Hits ${left.join(" and ")} were left out.`);
  steps.push("Let a language model review what rules cannot see: names, design, missing cases.");
  return steps;
}

function placesOf(issues: readonly Issue[]): string {
  const places = issues.slice(0, 5).map(({ file, line }) => `${file}:${line}`);
  return issues.length > 5 ? `${places.join(", ")} and ${issues.length - 5} more` : places.join(", ");
}

const count = (many: number, thing: string, things = `${thing}s`): string => `${many} ${many === 1 ? thing : things}`;
