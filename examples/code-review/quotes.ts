/** Checks what the agent quotes against the files: a model may err, and a review that cannot be found helps nobody. */
import type { Filesystem } from "weakincentives";
import type { Issue } from "./review.ts";

/** An issue, and whether its quote stands where it says. */
export interface CheckedIssue {
  readonly issue: Issue;
  /** `moved`: the quote stands on another line, which `issue.line` now names. */
  readonly quote: "stands" | "moved" | "missing";
}

/** Looks every quote up in the files as they were before the agent edited them. */
export async function checkQuotes(issues: readonly Issue[], files: Filesystem): Promise<readonly CheckedIssue[]> {
  const checked: CheckedIssue[] = [];
  for (const issue of issues) {
    const lines = (await textOf(files, issue.file)).split("\n");
    const quoted = issue.quote.trim();
    const isSame = (line: string | undefined): boolean => line !== undefined && quoted !== "" && line.trim() === quoted;
    const elsewhere = lines.findIndex(isSame);
    if (isSame(lines[issue.line - 1])) checked.push({ issue, quote: "stands" });
    else if (elsewhere >= 0) checked.push({ issue: { ...issue, line: elsewhere + 1 }, quote: "moved" });
    else checked.push({ issue, quote: "missing" });
  }
  return checked;
}

async function textOf(files: Filesystem, path: string): Promise<string> {
  try {
    return (await files.readText(path)) ?? "";
  } catch {
    return ""; // a path that a model made up may be no path at all
  }
}
