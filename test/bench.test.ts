import { expect, test } from "vitest";
import { against, type Bench, type Row } from "../bench/bench.ts";
import { judge, orphanedBounds } from "../bench/judge.ts";

/** A benchmark whose ratio is another one in each repeat. */
function benchOf(...ratios: number[]): Bench & { readonly runs: () => number } {
  let runs = 0;
  return {
    name: "planted",
    runs: () => runs,
    *run(): Iterable<Row> {
      yield against("ratio", ratios[runs] ?? Number.NaN, 1);
      yield { metric: "value", value: 7.123456, unit: "MB" };
      runs++;
    },
  };
}

const ignore = (): undefined => undefined;

test("a benchmark within its bounds runs once", async () => {
  const bench = benchOf(1.2);
  const { lines, over } = await judge(bench, { "planted/ratio": 1.25 }, ignore);
  expect(over).toEqual([]);
  expect(bench.runs()).toBe(1);
  expect(lines).toEqual([
    { bench: "planted", metric: "ratio", value: 1.2, unit: "ms", floor: 1, ratio: 1.2, bound: 1.25 },
    { bench: "planted", metric: "value", value: 7.123, unit: "MB", floor: null, ratio: null, bound: null },
  ]);
});

test("a row over its bound fails only when it is over in three of three repeats", async () => {
  const once = benchOf(2, 2, 1);
  expect((await judge(once, { "planted/ratio": 1.25 }, ignore)).over).toEqual([]);
  expect(once.runs()).toBe(3);

  const notes: string[] = [];
  const always = benchOf(2, 3, 2.5, 1);
  const { lines, over } = await judge(always, { "planted/ratio": 1.25 }, (text) => notes.push(text));
  expect(over).toEqual(["planted/ratio"]);
  expect(always.runs()).toBe(3);
  expect(notes).toHaveLength(3);
  expect(lines[0]?.ratio).toBe(2);
});

test("a row without a floor is held to its value", async () => {
  expect((await judge(benchOf(1), { "planted/value": 7 }, ignore)).over).toEqual(["planted/value"]);
});

test("a bound that no row stands for is named, but only of benchmarks that ran", async () => {
  const bounds = { "planted/gone": 1, "planted/ratio": 2, "other/metric": 1 };
  const { lines } = await judge(benchOf(1), bounds, ignore);
  expect(orphanedBounds(bounds, lines)).toEqual(["planted/gone"]);
});
