/** Runs cases interleaved, once a round in rotating order, so that a drift of the machine hits all alike; gives medians in milliseconds. */
export interface Timed {
  readonly median: number;
  readonly min: number;
  readonly rounds: number;
}

/** A case returns its own milliseconds, or nothing to be timed from outside. */
// biome-ignore lint/suspicious/noConfusingVoidType: a case that is timed from outside is a plain statement body
export type Case = () => number | void | Promise<number | void>;

export async function sideBySide(cases: Readonly<Record<string, Case>>, rounds = 9): Promise<Record<string, Timed>> {
  const names = Object.keys(cases);
  const times: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + names.length) % names.length] as string;
      (globalThis as { gc?: () => void }).gc?.();
      const start = performance.now();
      const own = await cases[name]?.();
      const taken = typeof own === "number" ? own : performance.now() - start;
      if (round >= 0) times[name]?.push(taken);
    }
  }
  return Object.fromEntries(
    names.map((name) => {
      const sorted = [...(times[name] ?? [])].sort((a, b) => a - b);
      return [name, { median: sorted[sorted.length >> 1] ?? Number.NaN, min: sorted[0] ?? Number.NaN, rounds }];
    }),
  );
}
