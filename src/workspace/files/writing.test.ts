import { describe, expect, it } from "vitest";
import { playFileTools } from "../../../test/support/play-tools.ts";
import { type Filesystem, memoryFiles } from "../../files/index.ts";

interface Played {
  readonly failed: boolean;
  readonly text: string;
  readonly fs: Filesystem;
}

async function call(name: string, args: object, initial: Parameters<typeof memoryFiles>[0] = {}): Promise<Played> {
  const fs = memoryFiles(initial);
  const [played] = await playFileTools(fs, [{ name, arguments: args }]);
  if (played === undefined) throw new Error("the call has no result");
  return { ...played, fs };
}

const edit = (text: string, old_string: string, new_string: string, replace_all?: boolean): Promise<Played> =>
  call(
    "edit_file",
    { path: "a.ts", old_string, new_string, ...(replace_all === undefined ? {} : { replace_all }) },
    { "a.ts": text },
  );

describe("edit_file", () => {
  it.each([
    ["one occurrence", "a\nb\nc\n", "b", "B", "a\nB\nc\n", "Replaced 1 occurrence in a.ts, line 2"],
    ["text without a final line end", "a\nb", "b", "B", "a\nB", "Replaced 1 occurrence in a.ts, line 2"],
    ["the final line end only when asked", "a\n\n", "a\n\n", "a", "a", "Replaced 1 occurrence in a.ts, line 1"],
    ["nothing in place of text", "a b c", " b", "", "a c", "Replaced 1 occurrence in a.ts, line 1"],
    ["patterns are no patterns", "$& .* $1", ".*", "$&$'", "$& $&$' $1", "Replaced 1 occurrence in a.ts, line 1"],
    [
      "\\n for the \\r\\n of the file",
      "a\r\nb\r\nc\r\n",
      "a\nb",
      "x\ny\nz",
      "x\r\ny\r\nz\r\nc\r\n",
      "Replaced 1 occurrence in a.ts, line 1",
    ],
    [
      "exactly what is there when line ends are mixed",
      "a\r\nb\nc",
      "b\nc",
      "d\ne",
      "a\r\nd\ne",
      "Replaced 1 occurrence in a.ts, line 2",
    ],
  ])("%s", async (_what, text, old, replacement, expected, told) => {
    const played = await edit(text, old, replacement);
    expect([played.failed, played.text]).toEqual([false, told]);
    expect(await played.fs.readText("a.ts")).toBe(expected);
  });

  it("replaces every occurrence only when told", async () => {
    const refused = await edit("x\ny\nx\n", "x", "z");
    expect(refused).toMatchObject({
      failed: true,
      text: '"a.ts": `old_string` occurs 2 times. Give more of the text around it, so that it occurs once, or set `replace_all`.',
    });
    expect(await refused.fs.readText("a.ts")).toBe("x\ny\nx\n");
    const done = await edit("x\ny\nx\n", "x", "z", true);
    expect(done.text).toBe("Replaced 2 occurrences in a.ts, line 1 and on");
    expect(await done.fs.readText("a.ts")).toBe("z\ny\nz\n");
  });

  it.each([
    [
      "other space",
      "if (a) {\n\treturn 1;\n}\n",
      "if (a) {\n  return 1;\n}",
      'The nearest is line 1: "if (a) {". The beginning fits',
    ],
    [
      "other indent",
      "  const value = 1;\n",
      "    const value = 1;\n",
      'The nearest is line 1: "  const value = 1;". The beginning fits',
    ],
    [
      "other words",
      "function add(first, second) {\n}\n",
      "function add(first, third) {",
      'The nearest is line 1: "function add(first, second) {". It must be the same',
    ],
    ["line numbers", "a\nb\n", "   1 | a\n   2 | b", "which are not part of the file: leave them out"],
    ["something else", "a\nb\n", "wholly different words here", "Read the file again with `read_file`"],
    ["an empty file", "", "x", "Read the file again with `read_file`"],
  ])("hints at the nearest text: %s", async (_what, text, old, hint) => {
    const played = await edit(text, old, "new");
    expect(played.failed).toBe(true);
    expect(played.text).toContain("`old_string` does not occur.");
    expect(played.text).toContain(hint);
  });

  it("refuses what would change nothing, or too much", async () => {
    expect((await edit("a", "a", "a")).text).toContain("are the same, so nothing would change");
    expect((await edit("a".repeat(100), "a", "b".repeat(1_000), true)).text).toContain(
      "The file would grow by 99900 characters.",
    );
    expect((await edit("a", "a", "b".repeat(48_001))).failed).toBe(true);
    expect((await edit("a", "", "b")).text).toContain("old_string");
  });

  it("edits a file that is larger than one answer", async () => {
    const played = await edit(`${"x".repeat(100_000)}\nend`, "\nend", "\nEND\n");
    expect(played.failed).toBe(false);
    expect(await played.fs.readText("a.ts", { offset: 1 })).toBe("END\n");
  });

  it("edits only text files that are there", async () => {
    const initial = { "src/a.ts": "a", "é.txt": "a", b: Uint8Array.of(0xff) };
    const play = async (path: string): Promise<string> =>
      (await call("edit_file", { path, old_string: "a", new_string: "b" }, initial)).text;
    expect(await play("a.ts")).toBe('There is no "a.ts". Did you mean "src/a.ts"?');
    expect(await play("src")).toBe('"src" is a directory. Give the path of a file.');
    expect(await play("b")).toBe('"b": It cannot be read as text. Expected UTF-8. Received other bytes.');
    expect(await play("é.txt")).toBe("Replaced 1 occurrence in é.txt, line 1");
  });
});

describe("write_file", () => {
  it("makes a file with exactly this text, and its directories", async () => {
    const played = await call("write_file", { path: "/src/new/a.ts", content: "a\r\nb" });
    expect(played.text).toBe("Wrote src/new/a.ts (2 lines)");
    expect(await played.fs.readText("src/new/a.ts")).toBe("a\r\nb");
  });

  it.each([
    ["a.ts", '"a.ts" exists. Change it with `edit_file`, or choose another path.'],
    ["d", '"d" is a directory. Give the path of a new file.'],
    ["a.ts/b", '"a.ts/b": Nothing can be below a file. Expected directories above it. Received the file "a.ts".'],
    [
      "é.ts",
      '"é.ts": A new file or directory cannot have this name. Expected printable ASCII. Received U+00E9 at position 1.',
    ],
    ["../x", "A path cannot have `.` or `..`. Give it from the root of the workspace, such as `src/main.ts`."],
    ["", "The path is empty. Give the path of a file, such as `src/main.ts`."],
  ])("refuses %j", async (path, expected) => {
    const played = await call("write_file", { path, content: "x" }, { "a.ts": "1", "d/b": "2" });
    expect(played).toMatchObject({ failed: true, text: expected });
    expect(await played.fs.glob("**")).toEqual(["a.ts", "d/b"]);
  });

  it("takes 48,000 characters and no more", async () => {
    expect((await call("write_file", { path: "a", content: "x".repeat(48_000) })).failed).toBe(false);
    expect((await call("write_file", { path: "a", content: "x".repeat(48_001) })).text).toContain("content");
    expect((await call("write_file", { path: "a", content: "\uD83D" })).text).toContain("cannot be written as UTF-8");
  });
});
