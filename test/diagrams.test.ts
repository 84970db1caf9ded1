/** The Mermaid diagrams of the documents: every one parses, and those that must be there are there. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createContext, runInContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { type Block, blocksIn, readDocs } from "./support/markdown.ts";

/** A diagram that a document must hold. */
interface Demand {
  readonly path: string;
  /** What its line `accTitle:` says; screen readers say it too. */
  readonly title: string;
  /** As Mermaid names them. */
  readonly types: readonly string[];
}

const demanded: readonly Demand[] = [
  { path: "docs/architecture.md", title: "The flow of a request", types: ["flowchart-v2"] },
  {
    path: "docs/prompts.md",
    title: "The structure of a prompt template",
    types: ["flowchart-v2", "classDiagram"],
  },
  { path: "docs/sessions.md", title: "The dispatch of an event", types: ["sequence"] },
  { path: "docs/transactions.md", title: "The states of a tool call", types: ["stateDiagram"] },
  { path: "docs/durable-runs.md", title: "A crash and the resume", types: ["sequence"] },
];

/** What the tests need of Mermaid. */
interface Mermaid {
  /** Rejects when the text is no diagram. */
  parse(text: string): Promise<{ readonly diagramType: string }>;
}

/**
 * Loads Mermaid's own parser. The package is a script for browsers: it runs in a context of its own, with the few globals
 * that it needs to parse. Its sanitizer of HTML finds no document it can work in, and lets labels through unchanged.
 */
function loadMermaid(): Mermaid {
  const file = createRequire(import.meta.url).resolve("@mermaid-js/tiny");
  const document = { nodeType: 9, createElement: () => ({}) };
  const globals = { window: { document, Element: class {} }, URL, TextEncoder, TextDecoder, structuredClone };
  const context = createContext(globals);
  runInContext(readFileSync(file, "utf8"), context, { filename: file });
  return context.mermaid as Mermaid; // as: the script sets this global; without it no planted diagram would be taken
}

/** A diagram after parsing: its type, or what is wrong with it. */
interface Diagram {
  readonly path: string;
  readonly title: string | undefined;
  readonly type: string | undefined;
  readonly problem: string | undefined;
}

const mermaid = loadMermaid();

async function read({ path, line, code }: Block): Promise<Diagram> {
  const title = /^ *accTitle: *(.*\S)/m.exec(code)?.[1];
  try {
    const { diagramType } = await mermaid.parse(code);
    return { path, title, type: diagramType, problem: undefined };
  } catch (error) {
    // as: an error of another context is no instance of this one's Error
    return { path, title, type: undefined, problem: `${path}:${line} ${(error as Error).message}` };
  }
}

const readAll = (blocks: readonly Block[]): Promise<readonly Diagram[]> =>
  Promise.all(blocks.filter(({ language }) => language === "mermaid").map(read));

/** The demands that no diagram meets. */
const unmet = (diagrams: readonly Diagram[]): readonly Demand[] =>
  demanded.filter(
    (demand) =>
      !diagrams.some(
        ({ path, title, type = "" }) => path === demand.path && title === demand.title && demand.types.includes(type),
      ),
  );

const diagrams = await readAll(readDocs().flatMap(blocksIn));

test("every diagram parses", () => {
  expect(diagrams.flatMap(({ problem }) => problem ?? [])).toEqual([]);
});

test("every diagram that must be there is there", () => {
  expect(unmet(diagrams)).toEqual([]);
});

describe("the checks themselves", () => {
  const planted = (code: string): Block[] =>
    blocksIn({ path: "docs/planted.md", text: `# Planted\n\n\`\`\`mermaid\n${code}\`\`\`\n` });

  test.each([
    ["flowchart-v2", 'flowchart TD\n  a["One <br> two"] -- yes --> b{Three?}\n  b --> a\n', "b -->", "b ->"],
    ["flowchart-v2", 'flowchart TD\n  a["One (two)"]\n  click a "https://x.example"\n', '"One (two)"', "One (two)"],
    ["classDiagram", 'classDiagram\n  class A {\n    +key string\n  }\n  A "1" *-- "*" B : has\n', "}", ""],
    ["stateDiagram", "stateDiagram-v2\n  [*] --> A : begin\n  A --> [*]\n", "-->", "->"],
    ["sequence", "sequenceDiagram\n  A->>B: ask\n  B-->>A: answer\n", ": ask", ""],
    ["sequence", "sequenceDiagram\n  loop each turn\n    A->>B: ask\n  end\n", "end\n", ""],
  ])("a %s is taken, and refused by its place with a mistake in it", async (type, right, part, mistake) => {
    expect(await readAll(planted(right))).toMatchObject([{ type }]);
    const [refused] = await readAll(planted(right.replace(part, mistake)));
    expect(refused).toMatchObject({
      type: undefined,
      problem: expect.stringMatching(/^docs\/planted\.md:3 Parse error/),
    });
  });

  test("what names no type of diagram is refused", async () => {
    expect(await readAll(planted("flowchrt TD\n  a --> b\n"))).toMatchObject([
      { problem: expect.stringMatching(/^docs\/planted\.md:3 No diagram type detected/) },
    ]);
  });

  test("a demand is met only by a diagram of its title and type in its document", () => {
    const met = demanded.map(({ path, title, types }) => ({ path, title, type: types[0], problem: undefined }));
    expect(unmet(met)).toEqual([]);
    for (const other of [{ path: "README.md" }, { title: "Another" }, { type: "pie" }])
      expect(unmet(met.map((diagram) => ({ ...diagram, ...other })))).toEqual(demanded);
  });
});
