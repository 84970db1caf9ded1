/**
 * Contracts of public functions: what they ask of their callers, and what they promise. They are for mistakes of programs,
 * and may cost time; what comes from outside is checked always, and not here.
 */
import type { ErrorCode } from "./error-codes.ts";
import { WinkError } from "./errors.ts";
import { shownField } from "./field-problem.ts";

/** The actual values that a contract speaks of, by name. */
export type ContractValues = Readonly<Record<string, unknown>>;

let areOn = true;

/**
 * Switches the checks of contracts on or off for the whole process. They are on unless told: leave them on in tests and
 * development. Off, they cost nothing, and a mistake shows later and elsewhere.
 */
export function switchContracts(on: boolean): void {
  areOn = on;
}

/** Throws `INPUT_INVALID`, showing the values, unless what a function asks of its caller holds. */
export function requires(holds: () => boolean, problem: string, values: ContractValues): void {
  check("INPUT_INVALID", holds, problem, values);
}

/** Throws `INVARIANT_BROKEN`, showing the values, unless what a function promises holds. */
export function ensures(holds: () => boolean, problem: string, values: ContractValues): void {
  check("INVARIANT_BROKEN", holds, problem, values);
}

/** A condition that throws does not hold. */
function check(code: ErrorCode, holds: () => boolean, problem: string, values: ContractValues): void {
  if (!areOn) return;
  let cause: unknown;
  try {
    if (holds()) return;
  } catch (thrown) {
    cause = thrown;
  }
  throw brokenContract(code, problem, values, cause);
}

/** The error of a contract that does not hold. Values are cut, and secrets redacted. */
export function brokenContract(code: ErrorCode, problem: string, values: ContractValues, cause?: unknown): WinkError {
  const shown = Object.entries(values)
    .slice(0, mostShown)
    .map(([name, value]) => `${name} = ${shownField([name], value)}`);
  const more = Object.keys(values).length - shown.length;
  if (more > 0) shown.push(`${more} more`);
  return new WinkError(code, { problem, received: shown.length === 0 ? undefined : shown.join(", "), cause });
}

const mostShown = 10;
