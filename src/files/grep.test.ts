import { describe, expect, it } from "vitest";
import { WinkError } from "../base/index.ts";
import { byteContent, type FileContent, textContent } from "./content.ts";
import type { GrepMatch } from "./filesystem.ts";
import { grepFiles } from "./grep.ts";
import { memoryFiles } from "./memory.ts";

const grep = async (text: string, pattern: string, ignoreCase = false): Promise<readonly GrepMatch[]> =>
  (await memoryFiles({ a: text }).grep(pattern, { ignoreCase })).matches;
const found = async (text: string, pattern: string, ignoreCase = false): Promise<readonly string[]> =>
  (await grep(text, pattern, ignoreCase)).map(
    ({ line, text: line_, start, end }) => `${line}:${line_.slice(start, end)}@${start}`,
  );

describe("lines", () => {
  it.each([
    ["plain text", "ab\ncab\n\nb", "ab", ["1:ab@0", "2:ab@1"]],
    ["escaped operators", "a.b axb (", "a\\.b", ["1:a.b@0"]],
    ["a class", "x1\ny2\n", "[y-z]\\d", ["2:y2@0"]],
    ["both anchors", "ab\nb\nba\n", "^b$", ["2:b@0"]],
    ["anchors at \\r\\n", "ab\r\nb\r\nba\r\n", "^b$", ["2:b@0"]],
    ["a lone \\r is no line end", "a\rb\nb", "^b$", ["2:b@0"]],
    ["plain text at \\r\\n", "ab\r\nab", "ab", ["1:ab@0", "2:ab@0"]],
    ["text anchors are line anchors", "ab\nb\nba\n", "\\Ab\\z", ["2:b@0"]],
    ["anchors switched off", "ab\nb\nba\n", "(?-m)^b$", ["2:b@0"]],
    ["a dot never takes a line end", "a\nb", "(?s)a.*b", []],
    ["a negated class never takes a line end", "a\nb", "a[^x]b", []],
    ["a repetition behind flags alone", "b\nA", "A(?m)*", ["1:@0", "2:A@0"]],
    ["empty matches", "a\n\nb", "x*", ["1:@0", "2:@0", "3:@0"]],
    ["empty lines", "a\n\n\r\nb\n", "^$", ["2:@0", "3:@0"]],
    ["nothing after the last line end", "a\n", "^", ["1:@0"]],
    ["an empty file has no line", "", "^", []],
    ["letters beyond ASCII", "é😀ß\n", "\\p{L}$", ["1:ß@3"]],
    ["quoted text", "a.b\\1\n", "\\Qa.b\\1\\E", ["1:a.b\\1@0"]],
    ["a bracket in a class", "]\n", "[]\\n]", ["1:]@0"]],
  ])("%s", async (_what, text, pattern, expected) => {
    expect(await found(text, pattern)).toEqual(expected);
  });

  it("can take upper and lower case as the same", async () => {
    expect(await found("Straße\nSTRASSE\nÉté\n", "éTÉ", true)).toEqual(["3:Été@0"]);
    expect(await found("ab\nAB\n", "ab")).toEqual(["1:ab@0"]);
    expect(await found("ab\nAB\n", "a(b)", true)).toEqual(["1:ab@0", "2:AB@0"]);
  });
});

describe("wrong patterns", () => {
  it.each([
    ["a(?=b)", 'pattern "a(?=b)", character 2: The pattern has a look-around, `(?=`'],
    ["(?<!a)b", "The pattern has a look-around, `(?<!`"],
    ["(a)\\1", "character 4: The pattern has a back-reference"],
    ["(?P<n>a)\\k<n>", "character 9: The pattern has a back-reference"],
    ["(?>a)", "The pattern has an atomic group"],
    ["a\\nb", "character 2: The pattern has a line break"],
    ["a\nb", "The pattern has a line break"],
    ["foo(", "The pattern is wrong: missing closing )"],
    ["ab[c", "character 3: The pattern is wrong: missing closing ]"],
    ["a**", "character 2: The pattern is wrong: invalid nested repetition operator"],
    ["x{1001}", "invalid repeat count"],
    ["(x{1,100}){1,100}y", "invalid repeat count"],
    ["", "The pattern is empty"],
    ["x".repeat(1_001), "The pattern is too long"],
  ])("%j", async (pattern, problem) => {
    const error = await grep("a", pattern).catch((thrown: unknown) => thrown);
    expect(WinkError.is(error, "PATTERN_INVALID")).toBe(true);
    expect(String(error)).toContain(problem);
  });

  it("what only looks like them is taken", async () => {
    expect(await found("(?<a\n", "[(?<=]a")).toEqual(["1:<a@2"]);
    expect(await found("(?=\n", "\\(\\?=")).toEqual(["1:(?=@0"]);
    expect(await found("ab\n", "(?P<first>a)(?:b)")).toEqual(["1:ab@0"]);
  });
});

describe("long lines", () => {
  it("gives the part around the match", async () => {
    const line = `${"x".repeat(5_000)}needle${"y".repeat(5_000)}`;
    const [match] = await grep(`${line}\n`, "needle");
    expect(match?.text.length).toBe(1_000);
    expect(match?.text.slice(match.start, match.end)).toBe("needle");
    expect(line).toContain(match?.text);
    expect(await found(`${"x".repeat(5_000)}needle`, "needle")).toEqual(["1:needle@994"]);
    expect(await found(`needle${"x".repeat(5_000)}`, "ne{2}dle")).toEqual(["1:needle@0"]);
  });

  it("keeps both ends right when the match itself is cut", async () => {
    const [match] = await grep("x".repeat(3_000), "x+");
    expect(match).toMatchObject({ start: 0, end: 1_000, text: "x".repeat(1_000) });
  });

  it("never parts the halves of a character", async () => {
    for (const before of [1_000, 1_001]) {
      const [match] = await grep(`${"😀".repeat(before)}needle${"a😀".repeat(1_000)}`, "needle");
      expect(match?.text.isWellFormed()).toBe(true);
      expect(match?.text.slice(match.start, match.end)).toBe("needle");
    }
  });

  it("searches only the beginning of a line that is too long for its pattern", async () => {
    const text = `${"x".repeat(100_000)}y\ny\n`;
    expect(await found(text, "(?:[^z]?){1000}y$")).toEqual(["2:y@0"]);
  });
});

describe("context", () => {
  it("cuts long lines, and passes over the line end of the last", async () => {
    const text = `${"😀".repeat(600)}\r\nneedle\n${"y".repeat(1_001)}\n`;
    const [match] = (await memoryFiles({ a: text }).grep("needle", { context: 3 })).matches;
    expect(match?.before).toEqual(["😀".repeat(500)]);
    expect(match?.after).toEqual(["y".repeat(1_000)]);
  });

  it("reaches beyond the block that is searched", async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `line ${index + 1}`);
    const pattern = "(?:[a-p ]?){1000}(?:20|1050|2000|2990)$";
    const { matches } = await memoryFiles({ a: lines.join("\n") }).grep(pattern, { context: 50 });
    expect(matches.map(({ line }) => line)).toContain(2_990);
    for (const { line, before, after } of matches) {
      expect([...before, ...after]).toEqual([
        ...lines.slice(Math.max(0, line - 51), line - 1),
        ...lines.slice(line, line + 50),
      ]);
    }
  });
});

describe("plain texts", () => {
  it.each([
    ["a sign of it that is everywhere", "zzzzzzzzzz az zaz", "az", ["1:az@11"]],
    ["the rarest sign last", "ez eez", "eez", ["1:eez@3"]],
    ["many places that have its rarest part only", `${"qe ".repeat(300)}aqe`, "aqe", ["1:aqe@900"]],
    [
      "many such places, and then few",
      `${"qe ".repeat(50)}\n${"-".repeat(5_000)}\naqe\nqe\naqe`,
      "aqe",
      ["3:aqe@0", "5:aqe@0"],
    ],
    ["no line of it, only its rarest part", "q\nq\nq\n", "eq", []],
    ["longer than its rarest part", "qwertyuiop qwertyuiox", "qwertyuiox", ["1:qwertyuiox@11"]],
    ["a \\r that belongs to the line end", "a\r\na\r\r\n", "a\r", ["2:a\r@0"]],
  ])("%s", async (_what, text, pattern, expected) => {
    expect(await found(text, pattern)).toEqual(expected);
  });
});

it("numbers lines over several blocks", async () => {
  // The pattern is so large that a block holds a few thousand characters.
  const lines = Array.from({ length: 3_000 }, (_, index) => `line ${index + 1}${index % 1_000 === 999 ? " q" : ""}`);
  expect(await found(lines.join("\r\n"), "(?:[a-p ]?){1000}q$|(?:zz){300}")).toHaveLength(3);
  expect((await grep(lines.join("\n"), "(?:z?){1000} q")).map(({ line }) => line)).toEqual([1_000, 2_000, 3_000]);
});

it("no pattern takes long", async () => {
  const fs = memoryFiles({ x: `${"x".repeat(5_000)}!\n`, a: `${"a".repeat(5_000)}!\n`, ab: "ab".repeat(2_500) });
  // nothing to compare times with: a search that took exponential time would never come to its end
  for (const pattern of [
    "(a+)+$",
    ".*.*.*=.*",
    "(x+x+)+y",
    "(?:x{1,30}){1,30}y",
    "(a|aa)+$",
    "(.*)*(.*)*!b",
    "(?:a?){500}a{500}c|!",
  ]) {
    await expect(fs.grep(pattern)).resolves.toHaveProperty("truncated", false);
  }
});

it("lets other work go on and stops when told", async () => {
  const line = "const value = 1; // nothing to see\n";
  const fs = memoryFiles(
    Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, line.repeat(30_000)])),
  );
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error("enough")));
  await expect(fs.grep("no such thing", { signal: controller.signal })).rejects.toThrow("enough");
});

it("sees the files as they were when it began", async () => {
  const fs = memoryFiles({ a: "x\n", b: "x\n" });
  const searching = fs.grep("x");
  await fs.writeText("b", "y\n");
  expect((await searching).matches.map(({ path }) => path)).toEqual(["a", "b"]);
});

it("lets other work go on and can be aborted, also where nothing is searched", async () => {
  const controller = new AbortController();
  function* files(): Generator<{ readonly path: string; readonly content: FileContent }> {
    for (let n = 0; ; n++) yield { path: `${n}.bin`, content: byteContent(Uint8Array.of(0)) };
  }
  setImmediate(() => controller.abort(new Error("enough")));
  for (const glob of [undefined, "*.ts"]) {
    await expect(grepFiles(files(), "", "x", { glob, signal: controller.signal })).rejects.toThrow("enough");
  }
});

it("does not ask for the content of files that the glob leaves out", async () => {
  const files = ["a.ts", "b.md"].map((path) => ({
    path,
    get content() {
      if (path === "b.md") throw new Error("read for nothing");
      return textContent("found", path);
    },
  }));
  const { matches } = await grepFiles(files, "", "found", { glob: "*.ts" });
  expect(matches.map(({ path }) => path)).toEqual(["a.ts"]);
});
