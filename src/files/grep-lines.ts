/** Where a line stands in a text, and the first match in it. */
export interface LineHit {
  /** The line without its line end. */
  readonly line: string;
  /** Where it begins in the text. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** A compiled pattern. */
export interface LineSearch {
  /** How much longer than a plain look at each character the search may take. */
  readonly cost: number;
  /**
   * Finds the first matching line of a text from the beginning of a line on; undefined when there is none. Of a line, at most
   * `reach` characters are searched; a text that is longer is one line.
   */
  find(text: string, from: number, reach: number): LineHit | undefined;
}

/** Where the line begins that holds a position. */
export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

/** Where the line ends that holds a position: its `\n`, or the end of the text. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** A line from its start to its end, without the `\r` of a `\r\n`. */
export function lineText(text: string, start: number, end: number): string {
  return text.slice(start, end > start && text[end] === "\n" && text[end - 1] === "\r" ? end - 1 : end);
}
