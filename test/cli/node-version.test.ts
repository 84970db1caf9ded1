import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { nodeProblem } from "../../src/cli/node-version.ts";

test("a Node that is older than package.json says is refused in words", () => {
  const oldest = Number.parseInt(manifest.engines.node.replace(">=", ""), 10);
  expect(nodeProblem(`${oldest}.0.0`)).toBeUndefined();
  expect(nodeProblem("100.1.2")).toBeUndefined();
  expect(nodeProblem("20.20.2")).toBe(`needs Node ${oldest} or later; this is 20.20.2`);
  expect(nodeProblem(`${oldest - 1}.99.99-nightly`)).toBe(
    `needs Node ${oldest} or later; this is ${oldest - 1}.99.99-nightly`,
  );
});
