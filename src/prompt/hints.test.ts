import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { ok, tool } from "../tool/index.ts";
import { definePrompt, renderPrompt, type Section, section, step, taskExample } from "./index.ts";

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
  });
});
