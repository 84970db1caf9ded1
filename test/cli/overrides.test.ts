import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Folder, makeFolder, type Ran, wink, winkIn } from "./harness.ts";

/** Runs a command on the overrides of the agent in a folder. */
const overrides = (folder: Folder, command: string, ...args: readonly string[]): Promise<Ran> =>
  wink("overrides", command, "agent.ts#agent", "--root", folder.path, ...args);

/** What a command printed that went well. */
async function said(ran: Promise<Ran>): Promise<string> {
  const { code, out, err } = await ran;
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return out;
}

const fileIn = (folder: Folder, tag = "latest"): string =>
  join(folder.path, `.weakincentives/prompts/overrides/test/cli/agent/${tag}.json`);

/** Writes a file of overrides as an older version of the code may have left it. */
function write(folder: Folder, content: object): void {
  mkdirSync(join(fileIn(folder), ".."), { recursive: true });
  writeFileSync(
    fileIn(folder),
    JSON.stringify({ version: 2, ns: "test/cli", prompt_key: "agent", tag: "latest", ...content }),
  );
}

const old = { expected_hash: "0".repeat(64), body: "Long functions." };

describe("wink overrides seed", () => {
  test("writes a file with every text, and keeps one that is there", async () => {
    using folder = makeFolder();
    expect(await said(overrides(folder, "seed"))).toBe(`Seeded 7 sections and 2 tools: ${fileIn(folder)}\n`);
    const before = readFileSync(fileIn(folder), "utf8");
    expect(Object.keys(JSON.parse(before).tools)).toEqual(["read_file", "search"]);
    expect(await said(overrides(folder, "seed"))).toBe(`Kept what was there: ${fileIn(folder)}\n`);
    expect(readFileSync(fileIn(folder), "utf8")).toBe(before);
    expect(await said(overrides(folder, "status"))).toMatch(/^section {2}style +same$/m);
  });

  test("counts in words, and names a file in the current folder from there on", async () => {
    using folder = makeFolder();
    const bound = join(import.meta.dirname, "fixtures/several.ts#bound");
    const inFolder = (cwd: string, command: string, ...args: readonly string[]): Promise<string> =>
      said(winkIn({ cwd }, "overrides", command, bound, "--root", folder.path, ...args));
    const file = ".weakincentives/prompts/overrides/test/cli/greeting/latest.json";
    expect(await inFolder(folder.path, "seed")).toBe(`Seeded 1 section and 0 tools: ${file}\n`);
    expect(await inFolder(folder.path, "seed")).toBe(`Kept what was there: ${file}\n`);
    expect(await inFolder(folder.path, "status")).toMatch(`\noverrides in ${file}\n`);
    const set = ["--section", "task", "--body", "Welcome {{name}}."];
    expect(await inFolder(folder.path, "set", ...set)).toBe(`Set the override of section "task": ${file}\n`);
    const whole = join(folder.path, file);
    expect(JSON.parse(await inFolder(folder.path, "status", "--json")).file).toBe(whole);
    mkdirSync(join(folder.path, "..weak"));
    expect(await inFolder(join(folder.path, "..weak"), "status")).toMatch(`\noverrides in ${whole}\n`);
    expect(await inFolder(folder.path, "delete", "--all")).toBe(`Deleted the overrides "latest": ${file}\n`);
  });

  test("--tag names the file, --json tells as data", async () => {
    using folder = makeFolder();
    expect(JSON.parse(await said(overrides(folder, "seed", "--tag", "stable", "--json")))).toEqual({
      prompt: "test/cli:agent",
      tag: "stable",
      file: fileIn(folder, "stable"),
      seeded: true,
      sections: 7,
      tools: 2,
    });
    expect(existsSync(fileIn(folder, "stable"))).toBe(true);
  });
});

describe("wink overrides set", () => {
  test("replaces the text of a section, which prompt show then shows and marks", async () => {
    using folder = makeFolder();
    const set = await said(overrides(folder, "set", "--section", "request", "--body", "Judge {{repository}}."));
    expect(set).toBe(`Set the override of section "request": ${fileIn(folder)}\n`);
    const show = ["prompt", "show", "agent.ts", "--params", '{"repository":"acme","depth":"quick"}'];
    const shown = await said(wink(...show, "--root", folder.path));
    expect(shown).toMatch(/^test\/cli:agent\noverrides "latest": 1 in place\n/);
    expect(shown).toMatch(/^2 +request +full +text$/m);
    expect(shown).toContain("Judge acme.");
    expect(await said(wink(...show, "--root", folder.path, "--tag", "stable"))).toContain("Look at acme, quick.");
  });

  test("replaces descriptions of a tool and of its params", async () => {
    using folder = makeFolder();
    const texts = [
      "--description",
      "Read a file.",
      "--param",
      "path=from the root",
      "--param",
      "limit=lines = at most",
    ];
    await said(wink("overrides", "set", "--root", folder.path, "--tool", "read_file", ...texts, "agent.ts"));
    const show = ["prompt", "show", "agent.ts", "--params", '{"repository":"acme","depth":"quick"}', "--json"];
    const page = JSON.parse(await said(wink(...show, "--root", folder.path)));
    expect(page.overrides).toMatchObject({ tag: "latest", applied: { sections: [], tools: ["read_file"] } });
    expect(page.sections[0]).toMatchObject({ path: "guide", overridden: ["read_file"] });
    expect(page.tools[0]).toMatchObject({
      description: "Read a file.",
      parameters: { properties: { path: { description: "from the root" }, limit: { description: "lines = at most" } } },
    });
  });

  test("takes the text from a file or from standard input, without the end of its last line", async () => {
    using folder = makeFolder();
    writeFileSync(join(folder.path, "body.md"), "From a file.\n");
    const args = ["overrides", "set", "agent.ts", "--root", folder.path, "--section", "style", "--body-file"];
    const bodyNow = (): unknown => JSON.parse(readFileSync(fileIn(folder), "utf8")).sections.style.body;
    await said(wink(...args, join(folder.path, "body.md")));
    expect(bodyNow()).toBe("From a file.");
    for (const [input, body] of [
      ["From input.", "From input."],
      ["From\r\ninput.\r\n", "From\r\ninput."],
      ["An empty line:\n\n", "An empty line:\n"],
    ] as const) {
      await said(winkIn({ readInput: async () => input }, ...args, "-"));
      expect(bodyNow()).toBe(body);
    }
  });

  test.each([
    [["--section", "request", "--body", "{{repo}}"], /OVERRIDES_INVALID: .*\{\{repo\}\} is not declared/],
    [["--tool", "read_file", "--description", ""], /OVERRIDES_INVALID: .*The description is not well formed/],
  ])("what would not apply is refused and nothing written: %j", async (args, expected) => {
    using folder = makeFolder();
    const { code, out, err } = await overrides(folder, "set", ...args);
    expect({ code, out, isWritten: existsSync(fileIn(folder)) }).toEqual({ code: 1, out: "", isWritten: false });
    expect(err).toMatch(expected);
    expect(err).toMatch(/^wink: .*\n$/);
  });

  test.each([
    [[], /INPUT_INVALID: set: It is not said what to set\. Expected --section PATH or --tool NAME\./],
    [["--body", "x"], /It is not said what to set/],
    [["--section", "style"], /INPUT_INVALID: --section: .*Expected --body TEXT, or --body-file/],
    [["--tool", "search"], /INPUT_INVALID: --tool: .*Expected --description TEXT or --param NAME=TEXT/],
    [["--tool", "search", "--param", "pattern"], /INPUT_INVALID: --param: .*Expected NAME=TEXT\. Received "pattern"\./],
    [["--section", "style", "--body-file", "no.md"], /INPUT_INVALID: --body-file no\.md: The file cannot be read/],
    [
      ["--section", "style", "--tool", "search", "--body", "x"],
      /'--section <path>' cannot be used with option '--tool <name>'/,
    ],
    [
      ["--section", "style", "--body", "x", "--body-file", "-"],
      /'--body <text>' cannot be used with option '--body-file/,
    ],
    [["--section", "style", "--body", "x", "--description", "y"], /cannot be used with option '--description/],
    [["--section", "style", "--body", "x", "--tag", "../up"], /'--tag <tag>' argument '\.\.\/up' is invalid/],
    [["--section", "stile", "--body", "x"], /INPUT_INVALID: .*Expected one of guide, .*Did you mean "style"\?\n$/],
    [["--tool", "read_fil", "--description", "x"], /INPUT_INVALID: .*Did you mean "read_file"\?\n$/],
    [["--tool", "read_file", "--param", "pth=x"], /INPUT_INVALID: .*Did you mean "path"\?/],
  ])("wrong usage: %j", async (args, expected) => {
    using folder = makeFolder();
    const { code, out, err } = await overrides(folder, "set", ...args);
    expect({ code, out, isWritten: existsSync(fileIn(folder)) }).toEqual({ code: 2, out: "", isWritten: false });
    expect(err).toMatch(expected);
  });
});

describe("wink overrides status", () => {
  test("without a file lists what may be overridden", async () => {
    using folder = makeFolder();
    const out = await said(overrides(folder, "status"));
    expect(out).toMatch(/^test\/cli:agent\nno overrides "latest"\n/);
    expect(out).toMatch(/^section {2}style\.names$/m);
    expect(out).toMatch(/^tool {5}search$/m);
  });

  test("has the order of the prompt, what that does not have comes last", async () => {
    using folder = makeFolder();
    write(folder, { sections: { end: old, nowhere: old, request: old }, tools: { gone: {}, search: {} } });
    const { out } = await overrides(folder, "status");
    expect(out.match(/(?<=^(section|tool) +)[\w.]+/gm)).toEqual([
      ...["guide", "guide.tone", "request", "style", "style.names", "strict", "end", "read_file", "search"],
      ...["nowhere", "gone"],
    ]);
    const { entries } = JSON.parse((await overrides(folder, "status", "--json")).out);
    expect(entries.map(({ name }: { name: string }) => name).slice(-3)).toEqual(["search", "nowhere", "gone"]);
    const diff = await said(overrides(folder, "diff"));
    expect(diff.match(/(?<=^---- \w+ ")[\w.]+/gm)).toEqual(["request", "end", "search", "nowhere", "gone"]);
  });

  test("ends with 1 when an entry does not apply, and says why", async () => {
    using folder = makeFolder();
    write(folder, { sections: { style: old, stile: old }, tools: { search: { expected_contract_hash: "x" } } });
    const { code, out, err } = await overrides(folder, "status");
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toMatch(/^section {2}style +stale$/m);
    expect(out).toMatch(/^section {2}stile +unknown$/m);
    expect(out).toMatch(/^tool {5}search +invalid$/m);
    expect(out.match(/^problem: .*$/gm)).toEqual([
      expect.stringContaining('section "style" has changed'),
      expect.stringContaining("The hash is not well formed"),
      expect.stringContaining('Did you mean "style"?'),
    ]);
    const json = await overrides(folder, "status", "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      file: fileIn(folder),
      entries: expect.arrayContaining([expect.objectContaining({ kind: "section", name: "style", state: "stale" })]),
    });
  });

  test("prompt show tells of such entries and goes on", async () => {
    using folder = makeFolder();
    write(folder, { sections: { style: old } });
    const show = ["prompt", "show", "agent.ts", "--params", '{"repository":"acme","depth":"quick"}'];
    const out = await said(wink(...show, "--root", folder.path));
    expect(out).toMatch(/^no overrides "latest" apply$/m);
    expect(out).toMatch(/^problem: The text of section "style" has changed/m);
  });

  test("a file that cannot be used is told, and can be deleted as a whole", async () => {
    using folder = makeFolder();
    write(folder, { version: 1 });
    for (const command of ["status", "seed", "diff"]) {
      const { code, out, err } = await overrides(folder, command);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toMatch(/^wink: OVERRIDES_INVALID: .*Python library.*\n$/);
    }
    expect(await said(overrides(folder, "delete", "--all"))).toBe(
      `Deleted the overrides "latest": ${fileIn(folder)}\n`,
    );
    expect(existsSync(fileIn(folder))).toBe(false);
  });
});

describe("wink overrides delete", () => {
  test("deletes one entry, also a stale or unknown one, or the file", async () => {
    using folder = makeFolder();
    write(folder, { sections: { style: old, stile: old }, tools: {} });
    await said(overrides(folder, "set", "--tool", "search", "--description", "Find."));
    const entries = (): unknown => {
      const { sections, tools } = JSON.parse(readFileSync(fileIn(folder), "utf8"));
      return [...Object.keys(sections), ...Object.keys(tools)];
    };
    expect(await said(overrides(folder, "delete", "--section", "stile"))).toBe(
      `Deleted the override of section "stile": ${fileIn(folder)}\n`,
    );
    expect(entries()).toEqual(["style", "search"]);
    const asData = JSON.parse(await said(overrides(folder, "delete", "--tool", "search", "--json")));
    expect(asData).toMatchObject({ file: fileIn(folder), tool: "search", deleted: true });
    expect(entries()).toEqual(["style"]);
    await said(overrides(folder, "delete", "--all"));
    expect(existsSync(fileIn(folder))).toBe(false);
  });

  test("what is not there is fine, and told", async () => {
    using folder = makeFolder();
    expect(await said(overrides(folder, "delete", "--all"))).toBe('There are no overrides "latest".\n');
    expect(await said(overrides(folder, "delete", "--section", "style"))).toBe(
      'There is no override of section "style".\n',
    );
    write(folder, { sections: { style: old } });
    expect(await said(overrides(folder, "delete", "--tool", "search"))).toBe(
      'There is no override of tool "search".\n',
    );
    expect(existsSync(fileIn(folder))).toBe(true);
  });

  test.each([
    ["--section", "stile", 'There is no override of section "stile". Did you mean "style"?\n'],
    ["--section", "old-stile", 'There is no override of section "old-stile". Did you mean "old-style"?\n'],
    ["--tool", "serch", 'There is no override of tool "serch". Did you mean "search"?\n'],
    ["--tool", "x", 'There is no override of tool "x".\n'],
  ])("ends with 1 for a name that neither file nor prompt has: %s %s", async (kind, name, expected) => {
    using folder = makeFolder();
    write(folder, { sections: { "old-style": old } });
    expect(await overrides(folder, "delete", kind, name)).toEqual({ code: 1, out: expected, err: "" });
  });

  test.each([
    [[], /INPUT_INVALID: delete: It is not said what to delete/],
    [["--all", "--section", "style"], /cannot be used with option '--all'/],
    [["--tool", "search", "--section", "style"], /cannot be used with option '--tool <name>'/],
  ])("wrong usage: %j", async (args, expected) => {
    using folder = makeFolder();
    const { code, err } = await overrides(folder, "delete", ...args);
    expect(code).toBe(2);
    expect(err).toMatch(expected);
  });
});

describe("wink overrides diff", () => {
  test("shows what changes, line by line, also of what does not apply any more", async () => {
    using folder = makeFolder();
    write(folder, { sections: { style: old, stile: old } });
    await said(overrides(folder, "set", "--section", "guide", "--body", "Read twice.\nSay what you found."));
    await said(overrides(folder, "set", "--tool", "search", "--description", "Find."));
    const out = await said(overrides(folder, "diff"));
    expect(out.replace(/ \(.*$/m, " …")).toBe(`---- section "guide"
- Read before you judge.
+ Read twice.
  Say what you found.

---- section "style", stale
problem: The text of section "style" has changed since its override was written …
- Short functions.
+ Long functions.

---- tool "search"
  {
-   "description": "Search the repository.",
+   "description": "Find.",
    "parameters": {
      "type": "object",
      "properties": {
  …

---- section "stile", unknown
problem: Section "stile" is not in prompt "test/cli:agent". Did you mean "style"?
`);
  });

  test("--json gives both texts", async () => {
    using folder = makeFolder();
    await said(overrides(folder, "set", "--section", "style", "--body", "Long functions."));
    expect(JSON.parse(await said(overrides(folder, "diff", "--json")))).toMatchObject({
      file: fileIn(folder),
      differences: [
        { kind: "section", name: "style", state: "applies", code: "Short functions.", override: "Long functions." },
      ],
    });
  });

  test("says when nothing changes", async () => {
    using folder = makeFolder();
    await said(overrides(folder, "seed"));
    expect(await said(overrides(folder, "diff"))).toBe('No overrides "latest" change test/cli:agent.\n');
  });

  test("a text of very many lines is shown whole, at once", async () => {
    using folder = makeFolder();
    write(folder, { sections: { style: { ...old, body: "a\n".repeat(100_000) } } });
    const out = await said(overrides(folder, "diff"));
    expect(out.match(/^\+ a$/gm)).toHaveLength(100_000);
  });
});

describe("the folder of overrides", () => {
  test("is that of the repository around the current folder", async () => {
    using folder = makeFolder();
    mkdirSync(join(folder.path, ".git"));
    mkdirSync(join(folder.path, "deep/er"), { recursive: true });
    const agent = join(import.meta.dirname, "fixtures/agent.ts");
    const { out } = await winkIn({ cwd: join(folder.path, "deep/er") }, "overrides", "seed", agent, "--json");
    expect(JSON.parse(out).file).toBe(fileIn(folder));
  });

  test("without a repository must be named; prompt show does without", async () => {
    using folder = makeFolder();
    const agent = join(import.meta.dirname, "fixtures/several.ts#bound");
    const { code, err } = await winkIn({ cwd: folder.path }, "overrides", "status", agent);
    expect(code).toBe(2);
    expect(err).toMatch(
      /INPUT_INVALID: \/.*: There is no folder for overrides\. Expected .*--root\. Received none that holds \.git/,
    );
    expect(await said(winkIn({ cwd: folder.path }, "prompt", "show", agent))).toContain("Greet Ada.");
  });

  test("must exist when it is named", async () => {
    for (const root of ["no-such-folder", "agent.ts"]) {
      const { code, err } = await wink("overrides", "status", "agent.ts", "--root", root);
      expect(code).toBe(2);
      const folder = join(import.meta.dirname, "fixtures", root);
      expect(err).toContain(
        `INPUT_INVALID: --root ${root}: There is no such folder. Expected the folder that holds .weakincentives, or that shall hold it. Received ${folder}, where nothing is.`,
      );
    }
  });
});
