/** Says where a text that does not occur may have been meant to, and why it did not fit. */
export function nearestLine(text: string, wanted: string): string {
  if (/^ *\d+ \| /m.test(wanted))
    return "It seems to hold line numbers (`  12 | `), which are not part of the file: leave them out.";
  const first = wanted.split(/\r?\n/).find((line) => line.trim() !== "") ?? "";
  const lines = text.split("\n");
  const words = [...new Set(first.match(/[\p{L}\p{N}_]+/gu) ?? [])];
  const at = bestLine(lines, first, words);
  if (at === undefined)
    return "Read the file again with `read_file`: the text must be the same, with all spaces and line ends.";
  const line = (lines[at] ?? "").replace(/\r$/, "");
  const shown = line.length > 200 ? `${line.slice(0, 200)}…` : line;
  const why =
    line.trim() === first.trim()
      ? "The beginning fits, so look at spaces and at the lines that follow."
      : "It must be the same, with all spaces and line ends.";
  return `The nearest is line ${at + 1}: ${JSON.stringify(shown)}. ${why}`;
}

/** The line that is the same but for outer space, else the one that shares most words, and at least half of them. */
function bestLine(lines: readonly string[], wanted: string, words: readonly string[]): number | undefined {
  const same = lines.findIndex((line) => line.trim() === wanted.trim());
  if (same >= 0 && wanted.trim() !== "") return same;
  let best: number | undefined;
  let most = Math.max(1, words.length / 2) - 0.5;
  for (const [index, line] of lines.entries()) {
    const shared = words.filter((word) => line.includes(word)).length;
    if (shared > most) {
      best = index;
      most = shared;
    }
  }
  return best;
}
