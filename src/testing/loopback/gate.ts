/** Where pieces of held answers wait until a test lets them go. */

export interface Gate {
  /** Calls `then` when the piece may go; the returned function takes that back. */
  wait(then: () => void): () => void;
  /** Lets the next pieces go: those that wait, in their order, then those that come. */
  release(count: number): void;
}

export function createGate(): Gate {
  let free = 0;
  const waiting = new Set<() => void>();
  return {
    wait(then) {
      if (free > 0) {
        free--;
        then();
        return () => undefined;
      }
      const entry = (): void => then();
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    release(count) {
      free += count;
      for (const next of waiting) {
        if (free <= 0) return;
        free--;
        waiting.delete(next);
        next();
      }
    },
  };
}
