import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { appendAll, event, slice } from "../session/index.ts";
import { ok, tool } from "../tool/index.ts";
import { definePrompt, raw, renderPrompt, type Section, section } from "./index.ts";

/** A section `key` with children; keys are written as `a[b,c]` in the cases below. */
const node = (key: string, ...sections: readonly Section[]): Section =>
  section({ key, title: key.toUpperCase(), body: raw(`${key} body`), sections });

const define = (...sections: readonly Section[]) => definePrompt({ ns: "test", key: "p", sections });
const tick = (name: string) => tool({ name, description: "Ticks.", effects: "none", handler: () => ok("tick") });

describe("the name of a prompt", () => {
  test.each([
    ["examples", "code-review"],
    ["webapp/agents", "a"],
    ["a.b_c-d/0", "k.k"],
    ["a".repeat(64), "b".repeat(64)],
  ])("%s:%s is well formed", (ns, key) => {
    const { compiled } = definePrompt({ ns, key, sections: [] });
    expect(compiled).toMatchObject({ ns, key, name: `${ns}:${key}` });
  });

  test.each([
    ["", "k"],
    ["a", ""],
    ["A", "k"],
    ["a", "K"],
    ["a//b", "k"],
    ["/a", "k"],
    ["a", "b/c"],
    ["a", "k k"],
    ["a".repeat(65), "k"],
    ["a:b", "k"],
  ])("%j and %j are refused", (ns, key) => {
    const error = thrownBy(() => definePrompt({ ns, key, sections: [] }));
    expect(error.code).toBe("PROMPT_INVALID");
    expect(error.message).toContain(`prompt "${ns}:${key}": \`ns\` or \`key\` is not well formed`);
  });
});

describe("numbers, paths and headings", () => {
  test("follow the tree", () => {
    const { compiled } = define(node("a", node("b", node("c")), node("d")), node("e"));
    expect(compiled.nodes.map(({ number, path, heading }) => [number, path, heading])).toEqual([
      ["1", "a", "## 1. A (a)"],
      ["1.1", "a.b", "### 1.1. B (a.b)"],
      ["1.1.1", "a.b.c", "#### 1.1.1. C (a.b.c)"],
      ["1.2", "a.d", "### 1.2. D (a.d)"],
      ["2", "e", "## 2. E (e)"],
    ]);
    expect(compiled.nodes.map(({ depth, descendants }) => [depth, descendants])).toEqual([
      [0, 3],
      [1, 1],
      [2, 0],
      [1, 0],
      [0, 0],
    ]);
  });

  test("have no more than six marks, as Markdown knows no more", () => {
    const deep = ["f", "e", "d", "c", "b"].reduce((child, key) => node(key, child), node("g"));
    expect(define(deep).compiled.nodes.map(({ heading }) => heading.indexOf(" "))).toEqual([2, 3, 4, 5, 6, 6]);
  });

  test("keep their gaps when a section is disabled, and it goes with all below it", () => {
    const off = section({ key: "off", title: "Off", body: "off body", enabled: () => false, sections: [node("kid")] });
    const prompt = define(node("a", node("b"), off, node("c")), off, node("z")).bind({});
    const { system, first, sections } = renderPrompt(prompt);
    expect(`${system}\n\n${first}`).toBe(
      "## 1. A (a)\n\na body\n\n### 1.1. B (a.b)\n\nb body\n\n### 1.3. C (a.c)\n\nc body\n\n## 3. Z (z)\n\nz body",
    );
    expect(sections.map(({ number, path }) => [number, path])).toEqual([
      ["1", "a"],
      ["1.1", "a.b"],
      ["1.3", "a.c"],
      ["3", "z"],
    ]);
  });

  test("of an empty body are all there is of a section", () => {
    const empty = section({ key: "e", title: "E", body: "  \n", sections: [node("k")] });
    expect(renderPrompt(define(empty).bind({})).system).toBe("## 1. E (e)\n\n### 1.1. K (e.k)\n\nk body");
  });
});

describe("a definition that cannot be", () => {
  test("two siblings of one key name their path", () => {
    const error = thrownBy(() => define(node("a", node("b"), node("b"))));
    expect(error).toMatchObject({ code: "PROMPT_INVALID", details: { path: "a.b" } });
    expect(error.message).toBe(
      'prompt "test:p": Two sections have the path "a.b". Expected one section a key among siblings. Received key: "b" twice. Rename one of the two, or leave one out. Example: section({ key: "b-2", title, body })',
    );
    expect(define(node("a", node("b")), node("b", node("b"))).compiled.nodes).toHaveLength(4);
  });

  test.each([
    [["a"], "a-2"],
    [["a", "a-2", "a-3"], "a-4"],
    [["a", "a-2", "a-3", "a-4"], "a-5"],
    [["a", "a-2", "a-3", "a-4", "a-5"], "a-more"],
  ])("a second sibling beside %j is told a key that is free: %s", (keys, free) => {
    const error = thrownBy(() => define(...keys.map((key) => node(key)), node("a")));
    expect(error.parts.received).toBe('key: "a" twice');
    expect(error.parts.example).toBe(`section({ key: "${free}", title, body })`);
  });

  test.each([undefined, "rules", { 0: node("a"), length: 1 }])("sections that are no list: %o", (sections) => {
    const error = thrownBy(() => definePrompt({ ns: "test", key: "p", sections: sections as never }));
    expect(error.code).toBe("PROMPT_INVALID");
    expect(error.message).toBe(
      `prompt "test:p": \`sections\` is no list. Expected a list of sections. Received ${typeof sections}. Correct the section and field that the message names. Example: sections: [section({ key, title, body })]`,
    );
  });

  test("nesting 1,000 deep is refused, 32 levels are not", () => {
    const nested = (depth: number): Section =>
      Array.from({ length: depth }).reduce<Section>((child) => node("d", child), node("leaf"));
    expect(define(nested(31)).compiled.nodes).toHaveLength(32);
    for (const depth of [32, 1_000]) {
      const error = thrownBy(() => define(nested(depth)));
      expect(error.code).toBe("PROMPT_INVALID");
      expect(error.message.replace(/d(\.d)*(\.leaf)?"/, 'd…"')).toBe(
        'prompt "test:p", section "d…": Sections are nested deeper than 32 levels. Expected at most 32 levels. Received a section on level 33. Let some of them stand side by side. Example: sections: [introduction, details]',
      );
    }
  });

  test("two tools of one name name both sections", () => {
    const search = tick("search");
    const one = section({ key: "one", title: "One", body: "", tools: [search] });
    const two = section({ key: "two", title: "Two", body: "", tools: [tick("other"), tick("search")] });
    const error = thrownBy(() => define(one, node("in", two)));
    expect(error).toMatchObject({
      code: "PROMPT_INVALID",
      details: { tool: "search", sections: ["one", "in.two"] },
    });
  });

  test("two slices of one name name both sections; one slice may be brought twice", () => {
    const Said = event("said", z.string());
    const notes = (): ReturnType<typeof slice<string>> =>
      slice({ name: "notes", item: z.string(), reducers: (on) => [on(Said, appendAll())] });
    const shared = notes();
    const bringing = (key: string, brought: ReturnType<typeof notes>) =>
      section({ key, title: key, body: "", slices: [brought] });
    const error = thrownBy(() => define(bringing("a", shared), bringing("b", notes())));
    expect(error).toMatchObject({ code: "SLICE_CONFLICT", details: { slice: "notes", sections: ["a", "b"] } });
    expect(error.message).toContain('Sections "a" and "b" bring different slices called "notes"');
    expect(define(bringing("a", shared), bringing("b", shared)).compiled.nodes).toHaveLength(2);
  });

  test("a param that two sections see differently names both", () => {
    const one = section({ key: "one", title: "One", params: z.object({ id: z.string() }), body: "{{id}}" });
    const two = section({ key: "two", title: "Two", params: z.object({ id: z.string().min(2) }), body: "{{id}}" });
    const error = thrownBy(() => define(one, node("in", two)));
    expect(error).toMatchObject({ code: "PROMPT_INVALID", details: { param: "id", sections: ["one", "in.two"] } });
    expect(error.message).toContain('The param "id" has different schemas in sections "one" and "in.two"');
    expect(error.message).toContain('"minLength":2');
  });

  test("a param may be described and defaulted in one section only", () => {
    const one = section({
      key: "one",
      title: "One",
      params: z.object({ id: z.string().describe("Whose?").default("me") }),
      body: "{{id}}",
    });
    const two = section({ key: "two", title: "Two", params: z.object({ id: z.string() }), body: "{{id}}" });
    const both = definePrompt({ ns: "test", key: "p", sections: [one, two] });
    expect(renderPrompt(both.bind({ id: "x" })).first).toBe("## 1. One (one)\n\nx\n\n## 2. Two (two)\n\nx");
    expect(thrownBy(() => (both.bind as (params: object) => unknown)({})).message).toContain('section "two"');
  });

  test("params that point at different definitions of one name differ", () => {
    const tree = (leaf: z.ZodType) => {
      const recursive: z.ZodType = z.lazy(() => z.object({ leaf, children: z.array(recursive) }));
      return z.object({ tree: z.array(recursive) });
    };
    const of = (key: string, leaf: z.ZodType) => section({ key, title: key, params: tree(leaf), body: "" });
    expect(define(of("a", z.string()), of("b", z.string())).compiled.nodes).toHaveLength(2);
    expect(thrownBy(() => define(of("a", z.string()), of("b", z.number()))).details).toMatchObject({ param: "tree" });
  });
});
