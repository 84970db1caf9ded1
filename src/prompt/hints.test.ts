import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import { definePrompt, raw, renderPrompt, type Section, section, step, taskExample } from "./index.ts";

const fixed = (key: string): Section => section({ key, title: "F", body: "Fixed é." });
const changing = (key: string, more: object = {}): Section =>
  section({ key, title: "C", params: z.object({ name: z.string() }), body: "{{name}}", ...more });
const define = (...sections: Section[]) => definePrompt({ ns: "test", key: "hints", sections });

describe("hints", () => {
  test("are none when the stable sections come first", () => {
    expect(define(fixed("a"), fixed("b"), changing("c")).hints).toEqual([]);
    expect(define().hints).toEqual([]);
  });

  test("name each place where a changing section stands before stable ones, and what is not cached", () => {
    const { hints } = define(
      fixed("a"),
      changing("b"),
      fixed("c"),
      fixed("d"),
      changing("e"),
      changing("f"),
      fixed("g"),
    );
    const bytes = Buffer.byteLength("## 3. F (c)\n\nFixed é.");
    expect(hints).toMatchObject([
      { kind: "uncached", section: "b", stable: ["c", "d"], bytes: 2 * bytes },
      { kind: "uncached", section: "e", stable: ["g"], bytes },
    ]);
    expect(hints[0]?.message).toBe(
      `"b" changes from run to run and stands before "c", "d": ${2 * bytes} bytes that read the same in every run are not cached.`,
    );
  });

  test("see sections inside others: what stands in one that may be off is not stable", () => {
    const inner = section({ key: "p", title: "P", body: "P", enabled: () => true, sections: [fixed("x")] });
    expect(define(inner, fixed("y")).hints).toMatchObject([{ section: "p", stable: ["y"] }]);
    const nested = section({ key: "p", title: "P", body: "P", sections: [changing("x"), fixed("z")] });
    expect(define(nested).hints).toMatchObject([{ section: "p.x", stable: ["p.z"] }]);
  });

  test("see a summary as it is shown at first, without what it stands for", () => {
    const brief = section({
      key: "b",
      title: "B",
      body: "All of it.",
      summary: "A part.",
      visibility: "summary",
      sections: [fixed("x"), changing("y")],
    });
    const shown =
      '## 2. B (b)\n\nA part.\n\n---\n\n[This is a summary: call read_section with "b" to read it in full. It also holds: b.x, b.y.]';
    expect(define(changing("a"), brief, fixed("c")).hints).toMatchObject([
      { section: "a", stable: ["b", "c"], bytes: Buffer.byteLength(`${shown}## 3. F (c)\n\nFixed é.`) },
    ]);
  });

  test("count a param of a stable section as its name", () => {
    const greeting = changing("b", { body: raw("Hello {{name}}!"), stable: true });
    const bytes = "## 2. C (b)\n\nHello name!".length;
    expect(define(changing("a"), greeting).hints).toMatchObject([{ section: "a", stable: ["b"], bytes }]);
  });
});

describe("a stable section", () => {
  test("may say so itself, also when it has params; then it stands in the system text", () => {
    const { system, first } = renderPrompt(
      definePrompt({ ns: "test", key: "s", sections: [changing("a", { stable: true }), fixed("b")] }).bind({
        name: "x",
      }),
    );
    expect(system).toBe("## 1. C (a)\n\nx\n\n## 2. F (b)\n\nFixed é.");
    expect(first).toBe("Begin.");
  });

  const stableOf = (...sections: Section[]) => {
    const { nodes, stable } = define(...sections).compiled;
    return nodes.flatMap(({ path }, index) => (stable[index] ? [path] : []));
  };
  const holding = (key: string, more: object, ...sections: Section[]): Section =>
    section({ key, title: "H", body: "H", ...more, sections } as never);

  test("stands in sections that are always shown in full", () => {
    const inner = holding("in", {}, fixed("deep"));
    expect(stableOf(holding("p", { enabled: () => true }, inner))).toEqual([]);
    expect(stableOf(holding("p", { summary: "Short.", visibility: () => "full" }, inner))).toEqual([]);
    expect(stableOf(changing("p", { sections: [inner] }))).toEqual(["p.in", "p.in.deep"]);
  });

  test("may stand in one whose functions always answer the same, if that says so", () => {
    const same = { enabled: () => true, summary: "Short.", visibility: () => "full", stable: true };
    expect(stableOf(holding("p", same, fixed("in")))).toEqual(["p", "p.in"]);
  });

  test("that shows a summary tells of no section that may be switched off", () => {
    const brief = { summary: "Short.", visibility: "summary" };
    const maybe = section({ key: "maybe", title: "M", body: "M", enabled: () => true });
    expect(stableOf(fixed("a"), holding("b", brief, fixed("c")))).toEqual(["a", "b", "b.c"]);
    expect(stableOf(fixed("a"), holding("b", brief, maybe))).toEqual(["a"]);
    expect(stableOf(fixed("a"), holding("b", brief, holding("c", {}, maybe)))).toEqual(["a", "b.c"]);
    expect(stableOf(fixed("a"), holding("b", {}, maybe))).toEqual(["a", "b"]);
  });

  test("may say that it is none", () => {
    const one = section({ key: "a", title: "A", body: "A", stable: false });
    expect(renderPrompt(define(one, fixed("b")).bind()).system).toBe("");
  });

  test("has no body made from state", () => {
    const error = thrownBy(() =>
      section({ key: "a", title: "A", body: { text: "a/v1", write: () => "x" }, stable: true }),
    );
    expect(error.code).toBe("PROMPT_INVALID");
    expect(error.message).toContain("A body made from state cannot be stable");
  });

  test("is an example of a task only while its tools are always offered", () => {
    const look = tool({ name: "look", description: "Look.", effects: "none", handler: () => ok("") });
    const example = taskExample({
      key: "e",
      objective: "Look",
      outcome: "Seen.",
      steps: [step(look, { description: "Look", params: {}, result: "" })],
    });
    const brings = (more: object): Section => section({ key: "t", title: "T", body: "T", tools: [look], ...more });
    expect(define(example, brings({})).compiled.leading).toBe(2);
    expect(define(example, brings({ enabled: () => true })).compiled.leading).toBe(0);
    expect(define(example, brings({ summary: "x" })).compiled.leading).toBe(0);
    const within = (more: object): Section => holding("p", more, brings({}));
    expect(define(example, within({})).compiled.leading).toBe(3);
    expect(define(example, within({ enabled: () => true })).compiled.leading).toBe(0);
    expect(define(example, within({ summary: "x" })).compiled.leading).toBe(0);
  });

  test("is no example of a task while one of several tools may not be offered", () => {
    const [always, sometimes] = ["always", "sometimes"].map((name) =>
      tool({ name, description: "Look.", effects: "none", handler: () => ok("") }),
    ) as [Tool, Tool]; // as: two names, two tools
    const steps = [always, sometimes].map((used) => step(used, { description: "Look", params: {}, result: "" }));
    const example = taskExample({ key: "e", objective: "Look", outcome: "Seen.", steps });
    const first = section({ key: "f", title: "F", body: "F", tools: [always] });
    const second = section({ key: "g", title: "G", body: "G", tools: [sometimes], enabled: () => true });
    expect(stableOf(example, first, second)).toEqual(["f"]);
  });
});
