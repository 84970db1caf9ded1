import { expect } from "vitest";
import { sleep } from "../../src/base/index.ts";
import {
  type Amount,
  BudgetLedger,
  deadlineAfter,
  delayRange,
  noAmount,
  remaining,
  throttlePolicy,
} from "../../src/limits/index.ts";
import { createFakeClock } from "../../src/testing/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { type Case, mapped, passed, type RunCase, type Verdict } from "./case.ts";

const tokens = (inputTokens: number, outputTokens: number): Amount => ({ ...noAmount, inputTokens, outputTokens });

function budget({ name, input, expected }: Case): Verdict {
  if (name === "construct") {
    expect(expected).toEqual({ error: "ValueError" });
    const { max_input_tokens: inputTokens } = input as { readonly max_input_tokens?: number };
    expect(thrownBy(() => new BudgetLedger({ inputTokens })).code).toBe("BUDGET_INVALID");
    return passed;
  }
  if (name.startsWith("record_cumulative")) {
    const ledger = new BudgetLedger({ totalTokens: 10 });
    const newest = new Map<string, Amount>();
    for (const text of input as readonly string[]) {
      const [, id = "", own, answer] = /^(e\d) (\d+)\/(\d+)$/.exec(text) ?? [];
      if (id !== "") newest.set(id, tokens(Number(own), Number(answer)));
    }
    for (const used of newest.values()) ledger.reserve(used).settle(used);
    const { inputTokens, outputTokens } = ledger.used;
    expect({ input: inputTokens, output: outputTokens, check: { ok: null } }).toEqual(expected);
    return mapped("each model call is settled once, with what it used in all: nothing is recorded twice or replaced");
  }
  const ledger = new BudgetLedger({ inputTokens: 8, totalTokens: 10 });
  const { details } = thrownBy(() => ledger.reserve(tokens(9, 3)));
  expect({ inputTokens: "input_tokens" }[String(details.limit)]).toBe(expected);
  return mapped("a deadline is no part of a budget: it is a signal of its own, which ends every wait");
}

function deadline({ input, expected }: Case): Verdict {
  expect(expected).toEqual({ error: "ValueError" });
  const clock = createFakeClock();
  if (input === "naive") {
    expect(thrownBy(() => deadlineAfter("2030-01-01T00:00:00" as never, clock)).code).toBe("DEADLINE_INVALID");
    return mapped("a deadline is made from milliseconds, which have no time zone to forget; a text is refused");
  }
  expect(remaining(deadlineAfter(500, clock), clock)).toBe(500);
  return mapped("a deadline may be as near as one likes: only one that is not in the future is refused");
}

async function clock({ input, expected }: Case): Promise<Verdict> {
  const made = createFakeClock(0);
  const slept = sleep(made, Number(input) * 1_000);
  await made.advanceAsync(Number(input) * 1_000);
  await slept;
  expect([made.elapsed() / 1_000, made.now() / 1_000]).toEqual([
    (expected as { mono: number }).mono,
    (expected as { wall: number }).wall,
  ]);
  expect(() => made.advance(-1)).toThrow();
  return mapped(
    "time stands still until a test advances it; a wall time is a number, which has no time zone to forget",
  );
}

const policyNames = { max_attempts: "attempts", base_delay: "baseMs", max_delay: "maxMs", max_total_delay: "totalMs" };

/** Milliseconds of a duration as Python writes it: `0:00:00`, `-1 day, 23:59:59`. */
function durationOf(text: string): number {
  const found = /^(?:(-?\d+) days?, )?(\d+):(\d+):([\d.]+)$/.exec(text);
  if (found === null) throw new Error(`${text} is no duration`);
  const [, days = "0", hours, minutes, seconds] = found;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

function throttle({ name, input, expected }: Case): Verdict {
  if (name === "policy validation") {
    expect(expected).toEqual({ error: "ValueError" });
    for (const [key, value] of Object.entries(input as object)) {
      const own = policyNames[key as keyof typeof policyNames]; // as: an unknown one is told by the policy that is made
      const told = { [own]: typeof value === "string" ? durationOf(value) : value };
      expect(thrownBy(() => throttlePolicy(told)).message).toContain(`throttle, ${own}:`);
    }
    return passed;
  }
  const { attempt, retry_after_s } = input as { readonly attempt: number; readonly retry_after_s: number | null };
  const retryAfterMs = retry_after_s === null ? undefined : retry_after_s * 1_000;
  const { least, most } = delayRange(throttlePolicy(), { attempt, retryAfterMs });
  if (Array.isArray(expected) && expected.length === 2 && expected[1] * 1_000 === most) {
    expect([least / 1_000, most / 1_000]).toEqual(expected);
    return passed;
  }
  expect(expected).toEqual([least / 1_000, least / 1_000]);
  expect(most).toBeGreaterThan(least);
  return mapped("decision 0020: no wait is the same for all who wait, so that they do not come back at one moment");
}

/** What holds of budgets, deadlines, clocks and waits. */
export const limits: Readonly<Record<string, RunCase>> = { budget, deadline, clock, throttle };
