/**
 * Finds the fenced `json` block of a text by hand, in one pass: expressions for it read hostile text again and again.
 */

const ticks = "```";

/**
 * What may be the content of the first block, the likeliest first; nothing without a block that is closed. JSON holds no
 * bare line break in a text, so a fence that begins a line closes the block even if a text quotes fences.
 */
export function fencedBlocks(text: string): readonly string[] {
  const start = contentStart(text);
  if (start === -1) return [];
  const first = text.indexOf(ticks, start);
  if (first === -1) return [];
  for (let close = first; close !== -1; close = text.indexOf(ticks, close + 1)) {
    if (beginsLine(text, close)) return [text.slice(start, close), text.slice(start, first)];
  }
  return [text.slice(start, first)];
}

/** Where the content of the first block begins: behind a line that ends with the language. */
function contentStart(text: string): number {
  for (let at = text.indexOf(ticks); at !== -1; at = text.indexOf(ticks, at + 1)) {
    let end = at + ticks.length + 4;
    if (text.slice(at + ticks.length, end).toLowerCase() !== "json") continue;
    while (isBlank(text[end])) end++;
    if (text[end] === "\n") return end + 1;
  }
  return -1;
}

function beginsLine(text: string, index: number): boolean {
  let before = index - 1;
  while (isBlank(text[before])) before--;
  return text[before] === "\n";
}

/** White space that does not end the line; only a line feed does. */
const isBlank = (char: string | undefined): boolean => char !== undefined && char !== "\n" && char.trim() === "";
