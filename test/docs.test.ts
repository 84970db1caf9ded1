import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anchorsIn, type Block, blocksIn, linksIn, readDocs } from "./support/markdown.ts";
import { type CompilerConfig, compileSnippets, type Ended, linkedClone } from "./support/snippets.ts";
import { resolveImport, root, type SourceText } from "./support/source-tree.ts";

const docs = readDocs();
const blocks = docs.flatMap(blocksIn);
const place = ({ path, line }: Block): string => `${path}:${line}`;

const typescript = blocks.filter(({ language }) => language === "ts");
const regions = typescript.filter(({ note }) => note.includes("/"));
const programs = typescript.filter(({ note }) => note === "");
const commands = blocks.filter(({ path, language }) => path === "GETTING_STARTED.md" && language === "sh");

/** A block with a mistake, compiled with the others to see that mistakes are told. */
const planted: Block = {
  path: "docs/planted.md",
  line: 10,
  language: "ts",
  note: "no-run",
  code: 'import { ok } from "weakincentives";\nexport const a: number = ok("x");\n',
  prints: undefined,
};

const snippets = compileSnippets([...typescript.filter((block) => !regions.includes(block)), planted]);
const [told, problems] = [true, false].map((wanted) =>
  snippets.problems.filter((problem) => problem.startsWith(planted.path) === wanted),
);
/** The README's agent with the configuration that the README shows. */
const shown = blocks.find(({ path, note }) => path === "README.md" && note === "tsconfig.json");
const withShown = compileSnippets(
  [...programs.filter(({ path }) => path === "README.md"), planted],
  JSON.parse(shown?.code ?? "{}") as CompilerConfig, // as: a wrong one does not compile
);
const clone = linkedClone();
const ended = new Map<Block, Ended>();

/** Programs and commands, a few at a time: each begins a Node of its own. */
beforeAll(async () => {
  const waiting = [
    ...programs.map((block) => ({ block, run: () => snippets.run(block) })),
    ...commands.map((block) => ({ block, run: () => clone.run(block) })),
  ];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      ended.set(next.block, await next.run());
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, worker));
}, 240_000);
afterAll(() => {
  snippets[Symbol.dispose]();
  withShown[Symbol.dispose]();
  clone[Symbol.dispose]();
});

describe("the code in documents", () => {
  test("compiles", () => {
    expect(problems).toEqual([]);
  });

  test("says of each block what it is", () => {
    const notes = typescript.filter(({ note }) => !["", "no-run"].includes(note) && !existsSync(join(root, note)));
    expect(notes.map((block) => `${place(block)} ${block.note}`)).toEqual([]);
  });

  test.each(regions.map((block) => [place(block), block] as const))("%s stands in its file", (_place, block) => {
    const withoutIndent = (text: string): string => text.replace(/^ +/gm, "");
    expect(withoutIndent(readFileSync(join(root, block.note), "utf8"))).toContain(withoutIndent(block.code));
  });

  test.each([...programs, ...commands].map((block) => [place(block), block] as const))(
    "%s runs and prints what follows it",
    (_place, block) => {
      const end = ended.get(block);
      expect(end).toMatchObject({ status: 0 });
      if (block.prints !== undefined) expect(end?.stdout).toBe(block.prints);
    },
  );
});

test("the tsconfig that the README shows compiles its agent, and finds mistakes", () => {
  expect(withShown.problems).toEqual([expect.stringMatching(/^docs\/planted\.md:12 /)]);
});

describe("the examples", () => {
  const limits = { "01-hello-world.ts": 50, "02-hello-with-tool.ts": 100, "03-hello-with-state.ts": 150 };

  test.each(Object.entries(limits))("%s is short, and its walk runs it and shows what it prints", (name, limit) => {
    const lines = readFileSync(join(root, "examples", name), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines.length).toBeLessThanOrEqual(limit);
    const runs = commands.filter(({ code, prints }) => code.includes(`examples/${name}`) && prints !== undefined);
    expect(runs).toHaveLength(1);
  });

  test("the complete agent of the README has at most 40 lines of code", () => {
    const agent = programs.find(({ path }) => path === "README.md");
    const lines = (agent?.code ?? "").split("\n").filter((line) => line.trim() !== "");
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.length).toBeLessThanOrEqual(40);
  });
});

/** Names the links of a document that lead nowhere. */
function deadLinks(doc: SourceText): string[] {
  return linksIn(doc).flatMap(({ line, target }) => {
    const [file = "", anchor] = target.split("#", 2);
    const path = file === "" ? doc.path : resolveImport(doc.path, file);
    const known = docs.find((other) => other.path === path);
    const text = path === doc.path ? doc.text : known?.text;
    if (text === undefined && !existsSync(join(root, path))) return [`${doc.path}:${line} there is no ${path}`];
    if (anchor === undefined || (text !== undefined && anchorsIn(text).has(anchor))) return [];
    return [`${doc.path}:${line} ${path} has no heading for #${anchor}`];
  });
}

test("every link inside the repository leads somewhere", () => {
  expect(docs.flatMap(deadLinks)).toEqual([]);
});

describe("the checks themselves", () => {
  const doc = (text: string): SourceText => ({ path: "docs/planted.md", text });
  const fence = "```";

  test("find blocks with what they print, also inside lists and in longer fences", () => {
    const text = `a\n${fence}ts no-run\nx\n${fence}\n- b\n  ${fence}sh\n  y\n  ${fence}\n${fence}text\nz\n${fence}\n\`${fence}md\n${fence}\n\`${fence}\n`;
    expect(
      blocksIn(doc(text)).map(({ line, language, note, code, prints }) => [line, language, note, code, prints]),
    ).toEqual([
      [2, "ts", "no-run", "x\n", undefined],
      [6, "sh", "", "y\n", "z\n"],
      [9, "text", "", "z\n", undefined],
      [12, "md", "", `${fence}\n`, undefined],
    ]);
    expect(() => blocksIn(doc(`${fence}ts\nx`))).toThrow("docs/planted.md:1 the block is not closed");
  });

  test("name dead links and anchors by line, and pass over code and the web", () => {
    const text = `# A \`b\` (c)\n[a](../README.md) [b](gone.md) [c](#a-b-c) [d](#gone) [\`e\`](../gone.ts)\n`;
    expect(deadLinks(doc(`${text}[f](https://x.example) \`[g](gone)\`\n${fence}\n[h](gone)\n${fence}\n`))).toEqual([
      "docs/planted.md:2 there is no docs/gone.md",
      "docs/planted.md:2 docs/planted.md has no heading for #gone",
      "docs/planted.md:2 there is no gone.ts",
    ]);
  });

  test("name what does not compile by the line of the document", () => {
    expect(told).toEqual([expect.stringMatching(/^docs\/planted\.md:12 Type 'ToolOk<string>' is not assignable/)]);
  });
});
