import { describe, expect, test } from "vitest";
import { thrownBy } from "../../../test/support/thrown-by.ts";
import { formatOverrideFile, type OverrideFile, parseOverrideFile } from "./index.ts";

const id = { ns: "webapp/agents", key: "welcome", tag: "stable" };
const header = { version: 2, ns: id.ns, prompt_key: id.key, tag: id.tag };
const parse = (value: unknown): OverrideFile =>
  parseOverrideFile(typeof value === "string" ? value : JSON.stringify(value), id, "/r/stable.json");

describe("a file", () => {
  test("has sorted keys, two spaces, ASCII only, paths with slashes, and an end of line", () => {
    const file: OverrideFile = {
      ...id,
      sections: { "system.inner": { expected_hash: "b", body: "Grüße 😀" }, system: {} },
      tools: {},
      at: "anywhere",
    };
    expect(formatOverrideFile(file)).toBe(
      [
        "{",
        '  "ns": "webapp/agents",',
        '  "prompt_key": "welcome",',
        '  "sections": {',
        '    "system": {},',
        '    "system/inner": {',
        '      "body": "Gr\\u00fc\\u00dfe \\ud83d\\ude00",',
        '      "expected_hash": "b"',
        "    }",
        "  },",
        '  "tag": "stable",',
        '  "tools": {},',
        '  "version": 2',
        "}",
        "",
      ].join("\n"),
    );
    expect(parse(formatOverrideFile(file))).toEqual({ ...file, at: "/r/stable.json" });
  });

  test("keeps entries as they are, whatever they are", () => {
    const sections = JSON.parse('{"__proto__":{"body":3},"gone/one":null,"x//y":[1],"":{}}');
    const file = parse({ ...header, sections, tools: { "T T": 5 } });
    expect(Object.entries(file.sections)).toEqual([
      ["__proto__", { body: 3 }],
      ["gone.one", null],
      ["x..y", [1]],
      ["", {}],
    ]);
    expect(JSON.parse(formatOverrideFile(file))).toEqual({ ...header, sections, tools: { "T T": 5 } });
    expect(({} as { body?: unknown }).body).toBeUndefined();
  });

  test.each([{}, { sections: null, tools: null }, { sections: {}, tools: {} }])("may have no entries: %j", (rest) => {
    expect(parse({ ...header, ...rest })).toMatchObject({ sections: {}, tools: {} });
  });
});

const manyNames = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`t${index}`, {}]));

describe("a file is refused", () => {
  test.each([
    ["empty", "", "", "The file is not JSON", "an empty file"],
    ["cut off", '{"version": 2,', "", "The file is not JSON", ""],
    ["a list", [], "", "The file is not a file of overrides. Expected one JSON object. Received []", ""],
    ["null", null, "", "The file is not a file of overrides", "Received null"],
    ["a text", '"x"', "", "The file is not a file of overrides", ""],
    ["without a version", {}, ", version", "The version is none. Expected 2. Received undefined", '"version": 2'],
    ["of a version that is no number", { ...header, version: "2" }, ", version", "The version is none", 'Received "2"'],
    ["of version 0", { ...header, version: 0 }, ", version", "The version is none", ""],
    ["of version 1", { ...header, version: 1 }, ", version", "written by the Python library", "Seed anew"],
    [
      "of version 3",
      { ...header, version: 3, new: 1 },
      ", version",
      "written by a newer release",
      "Update the package",
    ],
    ["for another namespace", { ...header, ns: "webapp" }, ", ns", "for another prompt or tag", 'Received "webapp"'],
    ["for another prompt", { ...header, prompt_key: "x" }, ", prompt_key", "for another prompt", 'Expected "welcome"'],
    ["for another tag", { ...header, tag: "latest" }, ", tag", "for another prompt or tag", '"tag": "stable"'],
    ["without a tag", { ...header, tag: undefined }, ", tag", "for another prompt or tag", "Received undefined"],
    ["with an odd field", { ...header, tols: {} }, ", tols", "a field that nobody reads", 'Did you mean "tools"?'],
    ["with a list of sections", { ...header, sections: [] }, ", sections", "This is not an object", '"sections": {}'],
    ["with a text for tools", { ...header, tools: "x" }, ", tools", "This is not an object", 'Received "x"'],
    [
      "with dots in a path",
      { ...header, sections: { "a.b": 1 } },
      ', sections["a.b"]',
      "not well formed",
      'Write "a/b"',
    ],
    ["nested too deep", `${"[".repeat(50_000)}${"]".repeat(50_000)}`, "", "deeper than 16", ""],
    ["too long", `"${"x".repeat(4 * 1024 * 1024)}"`, "", "more than 4194304", ""],
    [
      "with too many names",
      { ...header, tools: manyNames },
      ", tools",
      "There are too many names",
      "Received 2001 names",
    ],
    ["with a number too large", '{"version":1e999}', "", "a number is too large", ""],
  ])("%s", (_what, value, place, problem, more) => {
    const error = thrownBy(() => parse(value));
    expect(error.code).toBe("OVERRIDES_INVALID");
    expect(error.message).toContain(`/r/stable.json${place}: `);
    expect(error.message).toContain(problem);
    expect(error.message).toContain(more);
    expect(error.details).toMatchObject({ file: "/r/stable.json", place: place.slice(2) });
    expect(error.message.length).toBeLessThan(700);
    for (const part of ["expected", "received", "fix", "example"] as const) expect(error.parts[part]).toBeTruthy();
  });
});
