import { afterEach, describe, expect, test, vi } from "vitest";
import { rejectionOf, thrownBy } from "../../test/support/thrown-by.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { sleep } from "./clock.ts";
import { ensures, requires, switchContracts } from "./contracts.ts";
import { parseJson } from "./json.ts";

afterEach(() => switchContracts(true));

describe.each([
  ["requires", requires, "INPUT_INVALID"],
  ["ensures", ensures, "INVARIANT_BROKEN"],
] as const)("%s", (_name, contract, code) => {
  test("says nothing when its condition holds", () => {
    contract(() => true, "never told", {});
  });

  test("throws with the actual values when it does not", () => {
    const error = thrownBy(() => contract(() => false, "The books do not balance", { sum: 3, parts: [1, "x"] }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^The books do not balance\. Received sum = number 3, parts = list \[1,"x"\]\. /);
  });

  test("takes a condition that throws for one that does not hold, and keeps why", () => {
    const error = thrownBy(() => contract(() => expect.fail("no entry"), "The books do not balance", {}));
    expect(error).toMatchObject({ code, cause: { message: "no entry" } });
    expect(error.message).not.toContain("Received");
    expect(thrownBy(() => contract(() => false, "It does not", {})).cause).toBeUndefined();
  });

  test("costs nothing when contracts are switched off", () => {
    const holds = vi.fn(() => false);
    switchContracts(false);
    contract(holds, "never told", {});
    expect(holds).not.toHaveBeenCalled();
    switchContracts(true);
    expect(() => contract(holds, "told again", {})).toThrow("told again");
  });

  test("shows no secrets, and of many or large values the beginning", () => {
    const long = "word ".repeat(1_000);
    const values = {
      password: "hunter2",
      note: `sk-${"a1B2".repeat(8)}`,
      missing: undefined,
      ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`v${index}`, long])),
    };
    const { message } = thrownBy(() => contract(() => false, "Too much", values));
    expect(message).toContain('password = [redacted], note = string "[redacted]", missing = nothing, v0 = string');
    expect(message).toContain("v6 = string");
    expect(message).not.toContain("v7");
    expect(message).toContain(", 13 more.");
    expect(message.length).toBeLessThan(3_000);
  });

  test("shows ten values without a word of more", () => {
    const ten = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`v${index}`, index]));
    const { message } = thrownBy(() => contract(() => false, "Ten", ten));
    expect(message).toContain("v9 = number 9. ");
    expect(message).not.toContain("more");
  });
});

describe("the contracts of public functions", () => {
  test.each([{ maxLength: Number.NaN }, { maxDepth: -1 }])("refuse the limits %j of JSON", (limits) => {
    const error = thrownBy(() => parseJson("{}", limits));
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain(`= number ${Object.values(limits)[0]}`);
    switchContracts(false);
    expect(() => parseJson("1", limits)).not.toThrow();
  });

  test("take limits of any size", () => {
    expect(parseJson("[]", { maxLength: Number.POSITIVE_INFINITY, maxDepth: 1 }).ok).toBe(true);
    expect(parseJson("", { maxLength: 0, maxDepth: 0 }).ok).toBe(false);
  });

  test("refuse a wait of NaN milliseconds", async () => {
    const error = await rejectionOf(sleep(createFakeClock(), Number.NaN));
    expect(error.message).toContain("Received delay = number NaN.");
  });
});
