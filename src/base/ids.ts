/** Ids and randomness as arguments, so that tests and replays get the same ones again. */
import { randomUUID } from "node:crypto";

/** Makes ids that no one else makes. */
export interface IdSource {
  /** A new id: `prefix-…`, of letters, digits and dashes only, so that it can stand in a file's name. */
  next(prefix: string): string;
}

/** Random ids (UUID version 4) of the machine. */
export const systemIds: IdSource = { next: (prefix) => `${prefix}-${randomUUID()}` };

/** Numbered ids, `prefix-1`, `prefix-2` …, for tests and examples whose output must not change. */
export function countedIds(): IdSource {
  const counts = new Map<string, number>();
  return {
    next(prefix) {
      const count = (counts.get(prefix) ?? 0) + 1;
      counts.set(prefix, count);
      return `${prefix}-${count}`;
    },
  };
}

/** Gives numbers in [0, 1). */
export type RandomSource = () => number;

/** The random numbers of the machine; not for secrets. */
export const systemRandom: RandomSource = () => Math.random();
