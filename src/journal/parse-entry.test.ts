import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { entryVersion } from "./entry.ts";
import { parseEntry, parseObject } from "./parse-entry.ts";

const entry = { v: entryVersion, seq: 3, epoch: 1, at: 5, type: "model/failed", turn: 1, error: {} };
const text = (change: object = {}): string => JSON.stringify({ ...entry, ...change });

describe("the text of an entry", () => {
  test.each([entryVersion, 1])("is read in version %i", (v) => {
    expect(parseEntry(text({ v }), 3, "journal.db")).toEqual({ ...entry, v });
  });

  test.each([
    ["no JSON", "{", "The entry cannot be read. Expected JSON. Received "],
    ["no object", "[]", "The entry cannot be read. Expected an entry. Received other JSON."],
    ["without a type", text({ type: undefined }), "The entry cannot be read. Expected an entry. Received other JSON."],
    [
      "with a type that is no text",
      text({ type: 7 }),
      "The entry cannot be read. Expected an entry. Received other JSON.",
    ],
    [
      "of a later version",
      text({ v: entryVersion + 1 }),
      `The version of the entry is not right. Expected ${entryVersion} or earlier. Received number ${entryVersion + 1}.`,
    ],
    [
      "of no version",
      text({ v: undefined }),
      `The version of the entry is not right. Expected ${entryVersion} or earlier. Received nothing.`,
    ],
    [
      "of a version that is no number",
      text({ v: "1" }),
      `The version of the entry is not right. Expected ${entryVersion} or earlier. Received string "1".`,
    ],
    ["with another number", text({ seq: 4 }), "The number of the entry is not right. Expected 3. Received number 4."],
    [
      "without an epoch",
      text({ epoch: undefined }),
      "The epoch of the entry is not right. Expected a whole number. Received nothing.",
    ],
    [
      "with half an epoch",
      text({ epoch: 1.5 }),
      "The epoch of the entry is not right. Expected a whole number. Received number 1.5.",
    ],
  ])("is refused: %s", (_what, given, problem) => {
    const error = thrownBy(() => parseEntry(given, 3, "journal.db"));
    expect(error).toMatchObject({ code: "JOURNAL_INVALID", details: { entry: 3 } });
    expect(error.message).toContain(problem);
    expect(error.message).toContain("journal.db, entry 3");
  });
});

test.each(["v", "seq", "epoch"])("what stands for `%s` is told cut and without secrets", (field) => {
  const key = "sk-proj-abcdefghijklmnopqrstuvwx";
  for (const value of [
    `${key} ${"x".repeat(5_000_000)}`,
    [key, ..."x".repeat(100_000)],
    { apiKey: key, x: "y".repeat(1_000) },
  ]) {
    const { message, parts } = thrownBy(() => parseEntry(text({ [field]: value }), 3, "journal.db"));
    expect(message.length).toBeLessThan(500);
    expect(message).not.toContain(key);
    expect(parts.received).toMatch(/^(string|list|object) /);
  }
});

test.each([
  ["one line by its column", text().slice(0, -1), `unexpected end of JSON at column ${text().length}`],
  ["several lines by line and column", `${text().slice(0, -1)}\n`, "unexpected end of JSON at line 2, column 1"],
])("a text that is cut off is told where it ends: %s", (_what, given, told) => {
  expect(thrownBy(() => parseEntry(given, 3, "journal.db")).parts.received).toBe(told);
});

test("bytes that are no UTF-8 are told as such", () => {
  expect(parseObject(Buffer.of(0x7b, 0xff), "line")).toEqual({
    ok: false,
    wrong: { problem: "The line cannot be read", expected: "UTF-8", received: "other bytes" },
  });
  expect(parseObject(Buffer.from(text()), "line")).toMatchObject({ ok: true });
});
