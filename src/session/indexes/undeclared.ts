import { WinkError } from "../../base/index.ts";
import type { Index } from "./define-index.ts";

/** The error of a slice that is asked for what it does not keep. */
export function undeclared({ name }: Index, slice?: string): WinkError {
  return new WinkError("INPUT_INVALID", {
    at: slice === undefined ? `index "${name}"` : `slice "${slice}"`,
    problem: `The slice does not declare index "${name}"`,
    expected: "one of its own indexes",
    received: "another object",
    fix: "Declare the same index object where the slice is defined.",
    example: "slice({ indexes: [byPath], … })",
    details: { index: name },
  });
}
