/** What can be told of a place in a line of code without parsing the file. */
import { languageOf } from "./languages.ts";
import type { Hit } from "./rule.ts";

/** Where a place in a line stands: in code, in a text, or in a comment. */
export type Place = "code" | "text" | "comment";

/** Tells where the match of a hit begins. A guess from one line: what began on an earlier line is not seen. */
export function placeOf({ path, line, start }: Pick<Hit, "path" | "line" | "start">): Place {
  const hash = languageOf(path) !== "javascript";
  if (/^\s*(\*|\/\*|<!--)/.test(line)) return "comment";
  let quote = "";
  for (let at = 0; at < start; at++) {
    const sign = line.charAt(at);
    if (quote !== "") {
      if (sign === "\\") at += 1;
      else if (sign === quote) quote = "";
    } else if (sign === '"' || sign === "'" || (sign === "`" && !hash)) quote = sign;
    else if (hash ? sign === "#" : sign === "/" && line.charAt(at + 1) === "/") return "comment";
  }
  return quote === "" ? "code" : "text";
}

/** Whether the match of a hit begins in code. */
export const isCode = (hit: Hit): boolean => placeOf(hit) === "code";

/** Whether the match of a hit begins outside comments. */
export const isNoComment = (hit: Hit): boolean => placeOf(hit) !== "comment";

/** The hit's line with the lines of code around it, up to the next empty line, as one text. */
export function codeAround({ before, line, after }: Hit, reach: number): string {
  const near = [...untilEmpty(before.slice(-reach).reverse()), ...untilEmpty(after.slice(0, reach))];
  return [line, ...near.filter((text) => !/^\s*(\/\/|\/\*|\*|#)/.test(text))].join("\n");
}

function untilEmpty(lines: readonly string[]): readonly string[] {
  const end = lines.findIndex((text) => text.trim() === "");
  return end < 0 ? lines : lines.slice(0, end);
}

/** The statement that begins at a hit, as far as its brackets are open, at most six more lines. */
export function statementOf({ line, after }: Hit): string {
  let text = line;
  for (const next of after) {
    if (openBrackets(text) <= 0) break;
    text += `\n${next}`;
  }
  return text;
}

function openBrackets(text: string): number {
  let open = 0;
  for (const sign of text) {
    if (sign === "(" || sign === "[") open += 1;
    else if (sign === ")" || sign === "]") open -= 1;
  }
  return open;
}
