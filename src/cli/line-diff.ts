/** Differences between texts, line by line. */
import { diff } from "node:util";

/** How many lines stand around a change. */
const context = 3;

/** The time that a comparison takes grows with the square of the lines: more than so many are not compared. */
const mostLines = 2_000;

/** Writes what becomes of a text: `-` lines go, `+` lines come, others stay. */
export function lineDiff(before: string, after: string): string {
  const changes = compared(before.split("\n"), after.split("\n"));
  const near = (index: number): boolean =>
    changes.slice(Math.max(0, index - context), index + context + 1).some(([sign]) => sign !== " ");
  let text = "";
  let isCut = false;
  for (const [index, [sign, line]] of changes.entries()) {
    const isNear = near(index);
    if (isNear) text += line === "" ? `${sign.trim()}\n` : `${sign} ${line}\n`;
    else if (!isCut) text += "  …\n";
    isCut = !isNear;
  }
  return text;
}

type Change = readonly [sign: " " | "-" | "+", line: string];

function compared(before: readonly string[], after: readonly string[]): readonly Change[] {
  if (before.length + after.length > mostLines) {
    return [...before.map((line): Change => ["-", line]), ...after.map((line): Change => ["+", line])];
  }
  return diff(before, after).map(([side, line]): Change => [side === 0 ? " " : side === 1 ? "-" : "+", line]);
}
