import { WinkError } from "./errors.ts";
import { shownValue } from "./field-problem.ts";
import { NotPlain, plainCopy } from "./plain-data.ts";

/** Throws `INPUT_INVALID` for a value that JSON would change or lose; `what` is its name. */
export function requirePlain(value: unknown, what: string): void {
  let problem = "is undefined";
  try {
    if (plainCopy(value) !== undefined) return;
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    problem = error.path === "" ? error.message : `${error.path}: ${error.message}`;
  }
  throw new WinkError("INPUT_INVALID", {
    at: what,
    problem: `It ${problem}`,
    expected: "plain data, as JSON gives it back",
    received: shownValue(value),
  });
}
