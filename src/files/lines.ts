import { checkCount } from "./count.ts";
import type { ReadTextOptions } from "./filesystem.ts";

/** The lines of a text that the options ask for, line ends kept. Only `\n` ends a line; throws `INPUT_INVALID`. */
export function linesOf(text: string, { offset = 0, limit }: Pick<ReadTextOptions, "offset" | "limit">): string {
  checkCount(offset, "offset");
  if (limit !== undefined) checkCount(limit, "limit");
  const start = afterLines(text, 0, offset);
  return text.slice(start, limit === undefined ? text.length : afterLines(text, start, limit));
}

function afterLines(text: string, from: number, count: number): number {
  let at = from;
  for (let line = 0; line < count && at < text.length; line++) {
    const end = text.indexOf("\n", at);
    at = end < 0 ? text.length : end + 1;
  }
  return at;
}
