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

test.each(["<!DOCTYPE html>", " <html lang=en>", "text/html; charset=utf-8"])("%s is a page", (received) => {
  const from = (address?: string) => () => ({ provider: "acme", address, addressFrom: "`baseURL`" });
  const told = (address?: string) => invalidAnswer(String, "m", from(address))("Odd", "a stream", received);
  expect(told("https://a.example").message).toMatch(
    /A web page came from https:\/\/a\.example\..*Check the base URL \(`baseURL`\)/,
  );
  expect(told("https://a.example").details).toEqual({ model: "m", provider: "acme", address: "https://a.example" });
  expect(told().message).toMatch(/A web page came from acme\./);
  expect(told().details).toEqual({ model: "m", provider: "acme" });
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
