import { expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { invariant, present } from "./invariant.ts";

test("invariant throws unless the claim holds", () => {
  invariant(true, "never told");
  for (const claim of [false, 0, "", null, undefined]) {
    const error = thrownBy(() => invariant(claim, "The books do not balance"));
    expect(error.code).toBe("INVARIANT_BROKEN");
    expect(error.message).toMatch(/^The books do not balance\. This is a bug/);
  }
});

test("present gives what is there, and throws for undefined only", () => {
  for (const value of [0, "", false, null]) expect(present(value, "never told")).toBe(value);
  expect(thrownBy(() => present(undefined, "There is no first entry")).code).toBe("INVARIANT_BROKEN");
});
