import { expect, test } from "vitest";
import { countedIds, systemIds, systemRandom } from "./ids.ts";

test("ids of the machine can stand in the name of a file and do not come twice", () => {
  const ids = Array.from({ length: 1_000 }, () => systemIds.next("run"));
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^run-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});

test("counted ids are numbered by prefix, and begin again in another source", () => {
  const ids = countedIds();
  expect([ids.next("run"), ids.next("call"), ids.next("run")]).toEqual(["run-1", "call-1", "run-2"]);
  expect(countedIds().next("run")).toBe("run-1");
  expect(ids.next("__proto__")).toBe("__proto__-1");
});

test("random numbers lie in [0, 1)", () => {
  const numbers = Array.from({ length: 1_000 }, systemRandom);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  expect(new Set(numbers).size).toBeGreaterThan(990);
});
