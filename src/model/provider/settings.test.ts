import { expect, test } from "vitest";
import type { ModelRequest } from "../index.ts";
import { mostTokens, stopList } from "./settings.ts";

test("the smaller limit counts", () => {
  const most = (own: number | undefined, asked: number | undefined) => {
    const request: ModelRequest = { system: "", messages: [], tools: [], limits: { maxOutputTokens: asked } };
    return mostTokens(own, request);
  };
  expect([most(5, 9), most(9, 5), most(undefined, 5), most(5, undefined)]).toEqual([5, 5, 5, 5]);
  expect(most(undefined, undefined)).toBe(Infinity);
});

test("stops are a list of one's own", () => {
  const given = ["a", "b"];
  expect(stopList(given)).toEqual(given);
  expect(stopList(given)).not.toBe(given);
  expect(stopList("END")).toEqual(["END"]);
});
