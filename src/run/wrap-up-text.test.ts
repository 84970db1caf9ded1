import { expect, test } from "vitest";
import type { LimitState } from "../limits/index.ts";
import { leftText, wrapUpText } from "./wrap-up-text.ts";

const by: LimitState = { limit: "totalTokens", most: 200_000, used: 156_400, left: 43_600, call: 0, turn: 0 };
const facts = { costly: ["search", "build"], hasForm: false };

test.each<[Partial<LimitState>, string]>([
  [{}, "78 % of the tokens for this task are used, about 44,000 are left."],
  [{ limit: "inputTokens" }, "78 % of the tokens of requests for this task are used, about 44,000 are left."],
  [{ limit: "outputTokens" }, "78 % of the tokens of answers for this task are used, about 44,000 are left."],
  [
    { limit: "cost", most: 2, used: 1.51, left: 0.4949 },
    "75 % of the money for this task is used, about 0.49 is left.",
  ],
  [{ limit: "cost", most: 1, used: 1.2, left: 0 }, "100 % of the money for this task is used, about 0 is left."],
  [{ limit: "turns", most: 4, used: 3, left: 1 }, "75 % of the model calls for this task are used, 1 is left."],
  [{ limit: "maxTurns", most: 50, used: 38, left: 12 }, "76 % of the model calls for this task are used, 12 are left."],
])("%j is told as: %s", (parts, text) => {
  expect(leftText({ ...by, ...parts })).toBe(text);
});

test.each([
  [0, "about 0 seconds are"],
  [1_999, "about 1 second is"],
  [119_999, "about 119 seconds are"],
  [120_000, "about 2 minutes are"],
  [3_599_999, "about 59 minutes are"],
])("%d ms are told as: %s left", (left, text) => {
  const time: LimitState = { ...by, limit: "deadline", most: 1e7, used: 8e6, left };
  expect(leftText(time)).toBe(`80 % of the time for this task is used, ${text} left.`);
});

test("each stage says what to do", () => {
  const left = leftText(by);
  expect(wrapUpText({ stage: "left-told", by }, facts)).toBe(
    `${left} Finish what matters most, then give your answer.`,
  );
  expect(wrapUpText({ stage: "costly-gone", by }, facts)).toBe(
    `${left} These tools can no longer be used: search, build. Finish without them, then give your answer.`,
  );
  expect(wrapUpText({ stage: "last-answer", by }, { ...facts, hasForm: true })).toBe(
    `${left} Call no more tools: give your answer in the form asked for now, with what you have.`,
  );
});
