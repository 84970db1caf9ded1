/** Options of {@link suggest}. */
export interface SuggestOptions {
  /** How many names are given at most; 3 unless told. */
  readonly most?: number;
}

/**
 * Finds the names nearest to a misspelt one, best first.
 * A name is near when its edit distance (Damerau: insert, delete, change, swap neighbours; case ignored)
 * is at most 2 or a third of the longer word, whichever is more.
 */
export function suggest(wrong: string, names: Iterable<string>, options: SuggestOptions = {}): readonly string[] {
  const found: { readonly name: string; readonly distance: number }[] = [];
  const target = wrong.slice(0, longestCompared).toLowerCase();
  for (const name of new Set(names)) {
    const candidate = name.slice(0, longestCompared).toLowerCase();
    const reach = Math.max(2, Math.floor(Math.max(target.length, candidate.length) / 3));
    if (Math.abs(target.length - candidate.length) > reach) continue;
    const distance = editDistance(target, candidate);
    if (distance <= reach && distance < Math.max(target.length, candidate.length)) found.push({ name, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, options.most ?? 3).map(({ name }) => name);
}

/** Writes suggestions as one sentence, `Did you mean "a" or "b"?`, or nothing when there are none. */
export function didYouMean(wrong: string, names: Iterable<string>): string {
  const near = suggest(wrong, names).map((name) => JSON.stringify(name));
  if (near.length === 0) return "";
  const last = near.pop() as string; // as: the list was just seen not to be empty
  return near.length === 0 ? `Did you mean ${last}?` : `Did you mean ${near.join(", ")} or ${last}?`;
}

/** Longer names are compared by their beginning only, so that hostile input stays cheap. */
const longestCompared = 100;

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(
        cell(last, column) + 1,
        cell(current, column - 1) + 1,
        cell(last, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, cell(beforeLast, column - 2) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return cell(last, b.length);
}

const cell = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;
