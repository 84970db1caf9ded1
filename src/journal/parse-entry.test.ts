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
    ["no JSON", "{", "The entry is not JSON: "],
    ["no object", "[]", "The entry is not an entry"],
    ["without a type", text({ type: undefined }), "The entry is not an entry"],
    ["with a type that is no text", text({ type: 7 }), "The entry is not an entry"],
    [
      "of a later version",
      text({ v: entryVersion + 1 }),
      `The entry has version ${entryVersion + 1}, this release reads up to ${entryVersion}`,
    ],
    ["of no version", text({ v: undefined }), "The entry has version undefined"],
    ["of a version that is no number", text({ v: "1" }), "The entry has version 1, this release"],
    ["with another number", text({ seq: 4 }), "The entry has number 4 where 3 was expected"],
    ["without an epoch", text({ epoch: undefined }), "The entry has the epoch undefined"],
    ["with half an epoch", text({ epoch: 1.5 }), "The entry has the epoch 1.5"],
  ])("is refused: %s", (_what, given, problem) => {
    const error = thrownBy(() => parseEntry(given, 3, "journal.db"));
    expect(error).toMatchObject({ code: "JOURNAL_INVALID", details: { entry: 3 } });
    expect(error.message).toContain(problem);
    expect(error.message).toContain("journal.db, entry 3");
  });
});

test("bytes that are no UTF-8 are told as such", () => {
  expect(parseObject(Buffer.of(0x7b, 0xff), "line")).toEqual({ ok: false, problem: "The line is not UTF-8" });
  expect(parseObject(Buffer.from(text()), "line")).toMatchObject({ ok: true });
});
