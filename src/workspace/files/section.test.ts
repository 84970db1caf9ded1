import { describe, expect, it } from "vitest";
import { playFileTools } from "../../../test/support/play-tools.ts";
import { files, memoryFiles } from "../../files/index.ts";
import { definePrompt } from "../../prompt/index.ts";
import { filesSection } from "../index.ts";

describe("filesSection", () => {
  it("brings six tools, and says what they do to the world", () => {
    expect(filesSection().tools.map(({ name, effects }) => `${name} ${effects}`)).toEqual([
      "ls none",
      "read_file none",
      "glob none",
      "grep none",
      "edit_file workspace",
      "write_file workspace",
    ]);
  });

  it("leaves out what writes when files are only to be read", async () => {
    expect(filesSection({ readOnly: true }).tools.map(({ name }) => name)).toEqual(["ls", "read_file", "glob", "grep"]);
    const [played] = await playFileTools(
      memoryFiles(),
      [{ name: "write_file", arguments: { path: "a", content: "" } }],
      { readOnly: true },
    );
    expect(played?.failed).toBe(true);
  });

  it("takes its files from itself or from bind", () => {
    const template = definePrompt({ ns: "test", key: "files", sections: [filesSection()] });
    expect(() => template.bind({})).toThrow("files");
    expect(() => template.bind({}, { resources: [files.bind(memoryFiles())] })).not.toThrow();
    expect(() =>
      definePrompt({ ns: "test", key: "own", sections: [filesSection({ fs: memoryFiles() })] }).bind({}),
    ).not.toThrow();
  });

  it("can stand twice under other names", () => {
    expect(filesSection({ key: "docs", title: "Documents" })).toMatchObject({ key: "docs", title: "Documents" });
  });

  it("takes a prefix off the paths that a model gives", async () => {
    const fs = memoryFiles({ "src/a.ts": "1" });
    const [listed, read] = await playFileTools(
      fs,
      [
        { name: "ls", arguments: { path: "/workspace" } },
        { name: "read_file", arguments: { path: "/workspace/src/a.ts" } },
      ],
      { prefix: "/workspace" },
    );
    expect([listed?.text, read?.text]).toEqual([
      "1 entry in the root\n\nDIR  src/",
      "src/a.ts - lines 1-1 of 1\n\n   1 | 1",
    ]);
  });

  it("every tool's parameters are described", async () => {
    for (const { parameters } of filesSection().tools) {
      expect(
        JSON.stringify(
          Object.values(parameters.properties as object).map((property: object) => "description" in property),
        ),
      ).not.toContain("false"); // as: parameters are always an object schema
    }
  });

  it("an edit of a call that fails is taken back with it", async () => {
    const fs = memoryFiles({ a: "1" });
    const before = await fs.snapshot();
    await playFileTools(fs, [
      { name: "write_file", arguments: { path: "a/b", content: "" } },
      { name: "write_file", arguments: { path: "b", content: "2" } },
    ]);
    expect(await fs.changes(before)).toEqual([{ path: "b", kind: "added" }]);
  });
});
