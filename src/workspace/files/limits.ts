/** The longest text that one call of a tool takes from a model or gives to it, in UTF-16 units. */
export const longestText = 48_000;

/** The most lines that one `read_file` gives. */
export const mostLines = 2_000;

/** The most entries, paths or matches that one call gives. */
export const mostFound = 1_000;

/** Writes a count with its noun: `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
