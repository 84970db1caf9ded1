import { expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { switchContracts } from "./contracts.ts";
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

test("both are checked with contracts switched off, and invariant shows values", () => {
  switchContracts(false);
  const error = thrownBy(() => invariant(false, "The books do not balance", { sum: 3, apiKey: "x" }));
  expect(error.message).toMatch(/^The books do not balance\. Received sum = number 3, apiKey = \[redacted\]\. This/);
  expect(() => present(undefined, "There is no first entry")).toThrow("There is no first entry");
  switchContracts(true);
});
