/** The pieces that examples are written with: JSON on one line, fences, and the lines of one call. */
import type { JsonValue } from "../base/index.ts";
import type { ToolExample } from "../tool/index.ts";

/** The lines of what goes into a tool and what comes out; `mark` makes them items of a list. */
export function callLines({ params, output }: ToolExample, mark: "" | "- "): readonly string[] {
  return [
    `${mark}input:`,
    ...indented(2, fenced(lineJson(params), "json")),
    `${mark}output:`,
    ...indented(2, fenced(output)),
  ];
}

/** JSON on one line, with a space behind each comma and colon. */
export function lineJson(value: JsonValue): string {
  // a text within JSON never holds a line break as it is, so that all of these stand between its parts
  return JSON.stringify(value, null, 1).replace(/,\n */g, ", ").replace(/\n */g, "");
}

/** Sets lines in; empty ones stay empty. */
export function indented(by: number, lines: readonly string[]): readonly string[] {
  const space = " ".repeat(by);
  return lines.map((line) => (line === "" ? "" : space + line));
}

/** A text in a fence that is longer than any run of backticks in it, so that the text cannot end it. */
function fenced(text: string, language = ""): readonly string[] {
  let fence = "```";
  for (const [run] of text.matchAll(/`{3,}/g)) if (run.length >= fence.length) fence = "`".repeat(run.length + 1);
  return [fence + language, ...(text === "" ? [] : text.split(/\r\n|\r|\n/)), fence];
}
