/**
 * The public cases: input and expectation of what the library that came before does, or should have done. Each passes as it
 * is, or with a change that a named decision makes, or has no counterpart here, or waits for a part that is not built yet.
 */
import { afterAll, describe, expect, test } from "vitest";
import type { Case, Verdict } from "./cases/case.ts";
import publicCases from "./cases/cases.json" with { type: "json" };
import { meetingOf, runnerKeys } from "./cases/registry.ts";

const cases: readonly Case[] = publicCases.cases;
const running = cases.flatMap((one) => {
  const meeting = meetingOf(one);
  return "run" in meeting ? [{ one, run: meeting.run }] : [];
});
const verdicts = new Map<string, Verdict>();

describe("the public cases", () => {
  test.each(running.map(({ one, run }) => [one.id, one.name, one, run] as const))(
    "%s: %s",
    async (id, _name, one, run) => {
      verdicts.set(id, await run(one));
    },
  );

  test("are counted, and at most a tenth has no counterpart", () => {
    expect(cases).toHaveLength(publicCases.meta.count);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    const without = [...verdicts.values()].filter(({ end }) => end === "not applicable");
    expect(without.length).toBeLessThanOrEqual(cases.length / 10);
  });
});

describe("the runners", () => {
  test("have a case each", () => {
    const met = new Set(cases.map(({ id, group }) => (group === "bug" ? id : group)));
    expect(runnerKeys.filter((key) => !met.has(key))).toEqual([]);
  });

  test("do not let a case of an unknown group pass", () => {
    expect(() => meetingOf({ id: "new-1", group: "new" })).toThrow("nobody owns new");
    expect(() => meetingOf({ id: "bug-1", group: "bug" })).toThrow("nobody owns bug-1");
  });

  test("see an expectation that does not hold", async () => {
    const blind: string[] = [];
    for (const { one, run } of running) {
      if (verdicts.get(one.id)?.end !== "passed") continue;
      const seen = await Promise.resolve()
        .then(() => run({ ...one, expected: another(one.expected) }))
        .then(
          () => false,
          () => true,
        );
      if (!seen) blind.push(one.id);
    }
    expect(blind).toEqual([]);
  });
});

/** An expectation that differs from another in what it says. */
function another(expected: unknown): unknown {
  if (typeof expected === "boolean") return !expected;
  if (typeof expected !== "object" || expected === null) return `not ${String(expected)}`;
  if (Array.isArray(expected)) return [...expected, "one more"];
  if ("error" in expected) return { error: "OtherError" };
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, changed(value)]));
}

function changed(value: unknown): unknown {
  if (value === null) return "something";
  if (typeof value === "number") return value + 1;
  if (Array.isArray(value)) return [...value, "one more"];
  return another(value);
}

afterAll(() => {
  const lines: string[] = [];
  const byEnd = Map.groupBy(verdicts, ([, { end }]) => end);
  const waiting = cases.flatMap((one) => {
    const meeting = meetingOf(one);
    return "pending" in meeting ? [{ id: one.id, part: meeting.pending }] : [];
  });
  const count = (end: Verdict["end"]): number => byEnd.get(end)?.length ?? 0;
  lines.push(
    `public cases: ${count("passed")} passed, ${count("mapped")} mapped, ${count("not applicable")} not applicable, ${waiting.length} pending, ${cases.length} in all`,
  );
  for (const [id, verdict] of verdicts)
    if (verdict.end !== "passed") lines.push(`  ${verdict.end} ${id}: ${verdict.reason}`);
  for (const [part, those] of Map.groupBy(waiting, ({ part }) => part))
    lines.push(`  pending in ${part}: ${those.length}`);
  console.log(lines.join("\n"));
});
