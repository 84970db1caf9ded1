/** Times and sizes for people. */

/** A moment in UTC, to the second; `?` for a number that is no moment. */
export function momentText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "?" : date.toISOString().slice(0, 19).replace("T", " ");
}

/** How long something took. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 120_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

/** A number with its thing: "1 turn", "2 turns". */
export const countText = (many: number, thing: string): string => `${many} ${thing}${many === 1 ? "" : "s"}`;
