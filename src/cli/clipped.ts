/** One line of a text, cut off where it is long. What is shown must be redacted before: half a secret may not be known as one. */
export function clipped(text: string, most: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
