import { expect, test } from "vitest";
import { invalidAnswer } from "./invalid-answer.ts";
import { withoutKey } from "./provider-error.ts";

test.each<[unknown, RegExp]>([
  [undefined, /Received nothing/],
  ["", /Received nothing/],
  ["<!doctype html>\n<html>", /Received <!doctype html> <html>/],
  [{ models: [] }, /Received \{"models":\[\]\}/],
  [{ big: 1n }, /an object that JSON cannot hold/],
])("shows what came: %s", (received, shown) => {
  const error = invalidAnswer(String, "m")("The answer is odd", "another", received);
  expect(error).toMatchObject({ code: "MODEL_RESPONSE_INVALID", retryable: true });
  expect(error.message).toMatch(shown);
});

test("shows only the beginning, and leaves no piece of the client's key where it cuts", () => {
  const key = "Zq9vK2mWp7RtXy4Ln8Bc3Jd6Fh1Gs5Ae0Uw";
  const invalid = invalidAnswer((text) => withoutKey(text, key), "m");
  for (let before = 0; before <= 130; before++) {
    const filling = "x".repeat(before);
    for (const body of [{ note: filling + key + "x".repeat(5_000) }, " x".repeat(before) + key]) {
      const error = invalid("The answer is odd", "another", body);
      expect(error.message.length).toBeLessThan(500);
      expect(String(error)).not.toMatch(/Zq9v|K2mW|p7Rt/);
    }
  }
});
