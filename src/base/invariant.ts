import { brokenContract, type ContractValues } from "./contracts.ts";

/**
 * Throws `INVARIANT_BROKEN`, showing the values, unless the claim holds. For promises that the code makes to itself, never for
 * input. It is always checked, because the code after it counts on the claim.
 */
export function invariant(claim: unknown, problem: string, values: ContractValues = {}): asserts claim {
  if (!claim) throw brokenContract("INVARIANT_BROKEN", problem, values);
}

/** Gives the value, or throws `INVARIANT_BROKEN` when it is undefined. */
export function present<T>(value: T | undefined, problem: string): T {
  invariant(value !== undefined, problem);
  return value;
}
