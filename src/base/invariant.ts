import { WinkError } from "./errors.ts";

/** Throws `INVARIANT_BROKEN` unless the claim holds; for promises that the code makes to itself, never for input. */
export function invariant(claim: unknown, problem: string): asserts claim {
  if (!claim) throw new WinkError("INVARIANT_BROKEN", { problem });
}

/** Gives the value, or throws `INVARIANT_BROKEN` when it is undefined. */
export function present<T>(value: T | undefined, problem: string): T {
  invariant(value !== undefined, problem);
  return value;
}
