/** The review as Markdown, for people. It quotes the files exactly: it is as private as they are. */
import type { SkippedFile } from "weakincentives/files";
import type { CheckedIssue } from "./quotes.ts";
import type { Review } from "./review.ts";
import { limitNotes, withSizes } from "./skipped.ts";
import { count } from "./timeline.ts";

/** All that a report tells. */
export interface ReportParts {
  readonly root: string;
  readonly fileCount: number;
  readonly model: string;
  readonly runId: string;
  readonly review: Review;
  readonly issues: readonly CheckedIssue[];
  /** The files that the proposed patch changes. */
  readonly patched: readonly string[];
  readonly skipped: readonly SkippedFile[];
}

const mostSkipped = 200;

/** Writes the report. */
export function reportOf(parts: ReportParts): string {
  const { root, fileCount, model, runId, review, issues, patched, skipped } = parts;
  const lines = [
    "# Code review",
    "",
    `${plain(root)}: ${count(fileCount, "file")}, looked at by ${plain(model)} in run ${runId}.`,
    "",
    plain(review.summary),
  ];
  if (issues.length > 0) lines.push("", "## Findings");
  for (const [index, checked] of issues.entries()) lines.push("", ...findingLines(checked, index + 1));
  lines.push("", "## Next steps", "", ...listed(review.nextSteps.map(plain), "None."));
  lines.push("", "## Proposed patch", "");
  if (patched.length === 0) lines.push("None: nothing was changed.");
  else {
    lines.push(
      "`changes.patch` changes these files; `git apply --check changes.patch` says whether it still fits, `git apply changes.patch` applies it:",
      "",
    );
    lines.push(...patched.map((path) => `- ${code(path)}`));
  }
  if (skipped.length > 0) {
    lines.push(
      "",
      "## Left out",
      "",
      ...limitNotes(skipped).flatMap((note) => [note, ""]),
      ...skipped.slice(0, mostSkipped).map(({ path, detail }) => `- ${code(path)}: ${withSizes(detail)}`),
    );
    if (skipped.length > mostSkipped) lines.push(`- and ${skipped.length - mostSkipped} more`);
  }
  return `${lines.join("\n")}\n`;
}

const notes = {
  stands: "",
  moved: " (the line's number was corrected)",
  missing: " (**not verified**: this line does not stand in the file)",
} as const;

function findingLines({ issue, quote }: CheckedIssue, number: number): string[] {
  const { file, line, message, fix, rule, severity } = issue;
  const fence = "`".repeat(Math.max(3, longestTicks(issue.quote) + 1));
  return [
    `### ${number}. ${plain(rule)} (${severity})`,
    "",
    `${code(`${file}:${line}`)}${notes[quote]}`,
    "",
    fence,
    issue.quote,
    fence,
    "",
    plain(message),
    "",
    `**Instead:** ${plain(fix)}`,
  ];
}

const listed = (items: readonly string[], none: string): string[] =>
  items.length === 0 ? [none] : items.map((item, index) => `${index + 1}. ${item}`);

/** A text on one line, so that it cannot end the paragraph that it stands in. */
const plain = (text: string): string => text.replace(/\s+/g, " ").trim();

/** A text as inline code, whatever ticks it has. */
function code(text: string): string {
  const ticks = "`".repeat(longestTicks(text) + 1);
  return ticks.length === 1 ? `\`${text}\`` : `${ticks} ${text} ${ticks}`;
}

const longestTicks = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
