import { describe, expect, it } from "vitest";
import { type PlayedCall, playFileTools } from "../../../test/support/play-tools.ts";
import { type Filesystem, memoryFiles } from "../../files/index.ts";

const initial = {
  "README.md": "# Demo\n\nA demo.\n",
  "src/main.ts": "import { a } from './lib/a.ts';\r\n\r\nconsole.log(a);\r\n",
  "src/lib/a.ts": "export const a = 1; // TODO",
  "src/lib/empty.ts": "",
  "données/é.txt": "é TODO\n",
  "logo.png": Uint8Array.of(0x89, 0x50, 0, 0xff),
};

async function call(
  name: string,
  args: object = {},
  fs: Filesystem = memoryFiles(initial),
): Promise<PlayedCall | undefined> {
  return (await playFileTools(fs, [{ name, arguments: args }]))[0];
}
const textOf = async (...args: Parameters<typeof call>): Promise<string | undefined> => {
  const played = await call(...args);
  expect(played?.failed).toBe(false);
  return played?.text;
};
const failureOf = async (...args: Parameters<typeof call>): Promise<string | undefined> => {
  const played = await call(...args);
  expect(played?.failed).toBe(true);
  return played?.text;
};

describe("ls", () => {
  it("lists a directory, directories marked and files with their size", async () => {
    expect(await textOf("ls")).toBe(
      "4 entries in the root\n\nFILE README.md (16 B)\nDIR  données/\nFILE logo.png (4 B)\nDIR  src/",
    );
    expect(await textOf("ls", { path: "./src" })).toBe("2 entries in src\n\nDIR  src/lib/\nFILE src/main.ts (52 B)");
    expect(await textOf("ls", { path: "/données" })).toContain("FILE données/é.txt (8 B)");
    expect(await textOf("ls", { path: "." }, memoryFiles())).toBe("0 entries in the root\n\n<empty>");
  });

  it("tells what to do when there is no such directory", async () => {
    expect(await failureOf("ls", { path: "src/main.ts" })).toBe('"src/main.ts" is a file. Read it with `read_file`.');
    expect(await failureOf("ls", { path: "scr" })).toBe('There is no "scr". Did you mean "src"?');
    expect(await failureOf("ls", { path: "nothing/like/it" })).toBe(
      'There is no "nothing/like/it". Use `ls` or `glob` to see what is there.',
    );
    expect(await failureOf("ls", { path: "../etc" })).toContain("A path cannot have `.` or `..`.");
  });

  it("gives the first thousand of very many", async () => {
    const fs = memoryFiles(Object.fromEntries(Array.from({ length: 1_200 }, (_, index) => [`f${index}`, ""])));
    expect(await textOf("ls", {}, fs)).toMatch(/^1200 entries in the root.*\n… \(\+200 more; use `glob`\)$/s);
  });
});

describe("read_file", () => {
  it("gives numbered lines", async () => {
    expect(await textOf("read_file", { path: "README.md" })).toBe(
      "README.md - lines 1-3 of 3\n\n   1 | # Demo\n   2 | \n   3 | A demo.",
    );
    expect(await textOf("read_file", { path: "src/main.ts", offset: 1, limit: 1 })).toBe(
      "src/main.ts - lines 2-2 of 3; read on with offset 2\n\n   2 | ",
    );
    expect(await textOf("read_file", { path: "src/lib/empty.ts" })).toBe("src/lib/empty.ts - 0 lines\n\n<empty>");
    expect(await textOf("read_file", { path: "données/é.txt" })).toContain("   1 | é TODO");
  });

  it("keeps numbers apart from text beyond line 9,999", async () => {
    const fs = memoryFiles({ long: "x\n".repeat(10_001) });
    expect(await textOf("read_file", { path: "long", offset: 9_998 }, fs)).toBe(
      "long - lines 9999-10001 of 10001\n\n9999 | x\n10000 | x\n10001 | x",
    );
  });

  it("gives at most 2,000 lines and 48,000 characters, and says where to read on", async () => {
    const fs = memoryFiles({
      lines: "x\n".repeat(3_000),
      wide: `${"y".repeat(9_999)}\n`.repeat(9),
      one: `${"z".repeat(60_000)}\nlast`,
      emoji: "😀".repeat(30_000),
    });
    expect(await textOf("read_file", { path: "lines", limit: 9_999 }, fs)).toContain(
      "lines - lines 1-2000 of 3000; read on with offset 2000",
    );
    expect(await textOf("read_file", { path: "wide" }, fs)).toContain("wide - lines 1-4 of 9; read on with offset 4");
    const cut = await textOf("read_file", { path: "one" }, fs);
    expect(cut).toContain("one - lines 1-1 of 2; read on with offset 1");
    expect(cut).toMatch(/zz… \(the line goes on\)$/);
    expect((await textOf("read_file", { path: "emoji" }, fs))?.isWellFormed()).toBe(true);
  });

  it.each([
    [{ path: "main.ts" }, 'There is no "main.ts". Did you mean "src/main.ts"?'],
    [{ path: "src/mian.ts" }, 'There is no "src/mian.ts". Did you mean "src/main.ts"?'],
    [{ path: "src/main.ts/x" }, 'There is no "src/main.ts/x". Did you mean "src/main.ts"?'],
    [{ path: "src" }, '"src" is a directory. List it with `ls`.'],
    [{ path: "logo.png" }, '"logo.png": It cannot be read as text. Expected UTF-8. Received other bytes.'],
    [{ path: "README.md", offset: 3 }, '"README.md" has only 3 lines. Give an `offset` below 3, or none.'],
    [{ path: "" }, "The path is empty. Give the path of a file, such as `src/main.ts`."],
  ])("%j: %s", async (args, expected) => {
    expect(await failureOf("read_file", args)).toBe(expected);
  });

  it("refuses wrong numbers by name", async () => {
    expect(await failureOf("read_file", { path: "README.md", offset: -1 })).toContain("offset");
    expect(await failureOf("read_file", { path: "README.md", limit: 0 })).toContain("limit");
  });
});

describe("glob", () => {
  it("finds files by name at any depth, or by path", async () => {
    expect(await textOf("glob", { pattern: "*.ts" })).toBe(
      "3 files found\n\nsrc/lib/a.ts\nsrc/lib/empty.ts\nsrc/main.ts",
    );
    expect(await textOf("glob", { pattern: "/*.ts", path: "src" })).toBe("1 file found\n\nsrc/main.ts");
    expect(await textOf("glob", { pattern: "*.rs" })).toBe("0 files found\n\n<empty>");
  });

  it("tells what is wrong", async () => {
    expect(await failureOf("glob", { pattern: "src/[a" })).toBe(
      'glob "src/[a", character 5: A `[` is not closed. Expected `[abc]`; write `\\[` for the character. Received "[a".',
    );
    expect(await failureOf("glob", { pattern: "*", path: "README.md" })).toContain("is a file");
    expect(await failureOf("glob", { pattern: "*", path: "lib" })).toBe('There is no "lib". Did you mean "src/lib"?');
  });

  it("gives the first thousand of very many", async () => {
    const fs = memoryFiles(Object.fromEntries(Array.from({ length: 1_200 }, (_, index) => [`f${index}`, ""])));
    expect(await textOf("glob", { pattern: "*" }, fs)).toMatch(
      /^1200 files found.*\n… \(\+200 more; narrow the pattern\)$/s,
    );
  });
});

describe("grep", () => {
  it("finds lines with their numbers", async () => {
    expect(await textOf("grep", { pattern: "TODO" })).toBe(
      "2 matches in 2 files\n\ndonnées/é.txt:1: é TODO\nsrc/lib/a.ts:1: export const a = 1; // TODO",
    );
    expect(await textOf("grep", { pattern: "(?i)todo$", glob: "*.ts" })).toBe(
      "1 match in 1 file\n\nsrc/lib/a.ts:1: export const a = 1; // TODO",
    );
    expect(await textOf("grep", { pattern: "a", path: "src/main.ts" })).toContain("2 matches in 1 file");
    expect(await textOf("grep", { pattern: "nowhere" })).toBe("0 matches in 0 files\n\n<empty>");
  });

  it("tells what is wrong", async () => {
    expect(await failureOf("grep", { pattern: "call(" })).toContain(
      'pattern "call(": The pattern is wrong: missing closing ).',
    );
    expect(await failureOf("grep", { pattern: "(?<=a)b" })).toContain(
      "look-around and back-references are not supported.",
    );
    expect(await failureOf("grep", { pattern: "a", path: "lib" })).toBe('There is no "lib". Did you mean "src/lib"?');
  });

  it("gives what one answer can hold", async () => {
    const fs = memoryFiles({ many: "x\n".repeat(1_500), wide: `${"y".repeat(900)}\n`.repeat(100) });
    expect(await textOf("grep", { pattern: "x" }, fs)).toMatch(/^The first 1000 matches in 1 file; narrow the pattern/);
    const wide = await textOf("grep", { pattern: "y" }, fs);
    expect(wide).toMatch(/^The first 52 matches in 1 file/);
    expect(wide?.length).toBeLessThan(50_000);
  });
});
