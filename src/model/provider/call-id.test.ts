import { expect, test } from "vitest";
import { callId } from "./call-id.ts";

/** The ids of calls of one answer. */
function idsOf(given: readonly (string | number | null | undefined)[], answer = "a1"): readonly string[] {
  const taken = new Set<string>();
  return given.map((id, index) => callId(id, taken, answer, index));
}

test("calls without an id, or with one id twice, get one of their own, always the same in the same answer", () => {
  const given = [undefined, "", null, 7, "c", "c"];
  const ids = idsOf(given);
  expect(new Set(ids).size).toBe(given.length);
  expect(ids[4]).toBe("c");
  for (const id of ids.filter((one) => one !== "c")) expect(id).toMatch(/^call-[0-9a-f]{24}$/);
  expect(idsOf(given)).toEqual(ids);
  expect(idsOf(given, "a2").filter((id) => ids.includes(id))).toEqual(["c"]);
});
