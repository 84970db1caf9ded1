import { describe, expect, it } from "vitest";
import { playFileTools } from "../../../test/support/play-tools.ts";
import { memoryFiles } from "../../files/index.ts";

const initial = {
  "a.ts": "1\n2 x\n3\n4\n5 x\n6\n7\n8\n9 x",
  "b.ts": "x\n2\n",
};

async function grep(args: object, files: Record<string, string> = initial): Promise<string> {
  const [played] = await playFileTools(memoryFiles(files), [{ name: "grep", arguments: args }]);
  return played?.text ?? "";
}

describe("lines around matches", () => {
  it("are shown once each, groups apart", async () => {
    expect(await grep({ pattern: "x", context: 1 })).toBe(
      [
        "4 matches in 2 files",
        "",
        "a.ts-1- 1",
        "a.ts:2: 2 x",
        "a.ts-3- 3",
        "a.ts-4- 4",
        "a.ts:5: 5 x",
        "a.ts-6- 6",
        "--",
        "a.ts-8- 8",
        "a.ts:9: 9 x",
        "--",
        "b.ts:1: x",
        "b.ts-2- 2",
      ].join("\n"),
    );
  });

  it("do not hide a match", async () => {
    expect(await grep({ pattern: "[345]", path: "a.ts", context: 2 })).toBe(
      [
        "3 matches in 1 file",
        "",
        "a.ts-1- 1",
        "a.ts-2- 2 x",
        "a.ts:3: 3",
        "a.ts:4: 4",
        "a.ts:5: 5 x",
        "a.ts-6- 6",
        "a.ts-7- 7",
      ].join("\n"),
    );
  });

  it("are left out unless asked for", async () => {
    const expected = "1 match in 1 file\n\na.ts:7: 7";
    expect(await grep({ pattern: "7" })).toBe(expected);
    expect(await grep({ pattern: "7", context: 0 })).toBe(expected);
    expect(await grep({ pattern: "[79]", path: "a.ts" })).toBe("2 matches in 1 file\n\na.ts:7: 7\na.ts:9: 9 x");
  });

  it("count for the length of an answer, each once", async () => {
    const near = { a: "x 123456789\n".repeat(1_500) };
    expect(await grep({ pattern: "x", context: 50 }, near)).toMatch(/^The first 1000 matches .*\n\na:1: x/);
    const far = { a: `x\n${"123456789\n".repeat(99)}`.repeat(100) };
    const answer = await grep({ pattern: "x", context: 40 }, far);
    expect(answer).toMatch(/^The first 33 matches in 1 file; narrow/);
    expect(answer.length).toBeLessThan(50_000);
  });

  it("are at most 50", async () => {
    expect(await grep({ pattern: "x", context: 51 })).toContain("context");
  });
});
