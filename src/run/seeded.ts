import { type RandomSource, sha256 } from "../base/index.ts";

/** Random numbers and ids made from a key alone: a handler that runs again after a crash gets the same ones. */
export interface Seeded {
  readonly random: RandomSource;
  readonly newId: (prefix: string) => string;
}

/** Makes them from an idempotency key; nothing is computed before the first use. */
export function seededBy(key: string): Seeded {
  let state: number | undefined;
  let ids = 0;
  return {
    random: () => {
      state = ((state ?? Number.parseInt(sha256(key).slice(0, 8), 16)) + 0x6d2b79f5) | 0; // the step of mulberry32
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
    newId: (prefix) => `${prefix}-${sha256(`${key}\n${ids++}`).slice(0, 24)}`,
  };
}
