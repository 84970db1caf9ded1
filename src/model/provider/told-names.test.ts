import { expect, test } from "vitest";
import { toldNames } from "./index.ts";

test("the provider's names of an answer and of its model are taken as they came", () => {
  expect(toldNames("msg_1", "claude-x-20261127")).toEqual({ id: "msg_1", answeredBy: "claude-x-20261127" });
});

test.each([undefined, null, "", 7, true, {}, ["m"]])("%j is no name", (value) => {
  expect(toldNames(value, value)).toEqual({});
});

test("a long text is no name of a model", () => {
  expect(toldNames("i", "m".repeat(200))).toHaveProperty("answeredBy");
  expect(toldNames("i", "m".repeat(201))).toEqual({ id: "i" });
});
