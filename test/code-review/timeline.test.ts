import { expect, test } from "vitest";
import type { RunEvent } from "weakincentives/adapter";
import { createTimeline } from "../../examples/code-review/timeline.ts";

const started = (call: string, effects: "none" | "workspace"): RunEvent => ({
  type: "tool/started",
  at: 0,
  turn: 1,
  call,
  name: "look",
  effects,
  arguments: {},
});
const failed = (call: string, effects: "none" | "workspace", text: string): RunEvent => ({
  type: "tool/finished",
  at: 0,
  turn: 1,
  call,
  name: "look",
  effects,
  status: "failed",
  text,
  events: [],
  changes: {},
  milliseconds: 12,
});

test("a call that only reads is not rolled back: it is stopped, or it failed", () => {
  const controller = new AbortController();
  const lineOf = createTimeline(controller.signal);
  lineOf(started("a", "none"));
  expect(lineOf(failed("a", "none", "no such file"))).toMatch(/ none +12 ms {2}failed +no such file$/);
  controller.abort(new Error("stopped by the user"));
  lineOf(started("b", "none"));
  expect(lineOf(failed("b", "none", "The tool look failed: stopped by the user"))).toMatch(/ 12 ms {2}stopped$/);
  lineOf(started("c", "workspace"));
  expect(lineOf(failed("c", "workspace", "The tool look failed: stopped by the user"))).toMatch(/rolled back/);
});

test("calls side by side share their time, which the line says", () => {
  const lineOf = createTimeline(new AbortController().signal);
  lineOf(started("a", "none"));
  lineOf(started("b", "none"));
  expect(lineOf(failed("a", "none", "x"))).toContain("≤ 12 ms");
  expect(lineOf(failed("b", "none", "x"))).toContain("≤ 12 ms");
  lineOf(started("c", "none"));
  expect(lineOf(failed("c", "none", "x"))).not.toContain("≤");
});
