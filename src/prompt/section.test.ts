import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { definePrompt, type RawText, raw, renderPrompt, type Section, section } from "./index.ts";

const plain = (key: string, title = "T"): Section => section({ key, title, body: "text" });
const person = z.object({ name: z.string(), age: z.int() });

/** Sections as code without types would define them. */
const untyped = section as (definition: object) => Section;

describe("the key of a section", () => {
  test.each(["a", "code-style", "a_b", "0", "a".repeat(64)])("%j is well formed", (key) => {
    expect(plain(key).key).toBe(key);
  });

  test.each(["", "A", "a b", " a", "-a", "_a", "a.b", "a/b", "é", "a\n", "a".repeat(65)])("%j is refused", (key) => {
    const error = thrownBy(() => plain(key));
    expect(error.code).toBe("PROMPT_INVALID");
    expect(error.message).toContain(JSON.stringify(key));
  });

  test.each([undefined, null, 7])("%j is refused", (key) => {
    expect(thrownBy(() => untyped({ key, title: "T", body: "" })).code).toBe("PROMPT_INVALID");
  });
});

describe("the title of a section", () => {
  test("is one line, and outer space is taken away", () => {
    expect(plain("a", "  What to do ").title).toBe("What to do");
    for (const title of ["", "  ", "a\nb", "a\rb"]) {
      expect(thrownBy(() => plain("a", title)).message).toContain('section "a": The title is not well formed');
    }
  });
});

describe("the body of a section", () => {
  test("names a placeholder that no param has, what there is, and what was meant", () => {
    const error = thrownBy(() => section({ key: "s", title: "S", params: person, body: raw("Hi {{nmae}}.") }));
    expect(error).toMatchObject({
      code: "PROMPT_INVALID",
      details: { placeholder: "nmae", declared: ["name", "age"] },
    });
    expect(error.message).toBe(
      'section "s": The placeholder {{nmae}} is not declared in params. Expected one of {{name}}, {{age}}. Received {{nmae}}. Did you mean "name"? Example: body: "{{name}}"',
    );
  });

  test("is dedented when it is a literal; that of a file keeps its lines", () => {
    const system = (body: RawText): string =>
      renderPrompt(definePrompt({ ns: "t", key: "p", sections: [section({ key: "s", title: "S", body })] }).bind())
        .system;
    const heading = "## 1. S (s)\n\n";
    expect(system(raw("  first\n    code\n    more\n"))).toBe(`${heading}  first\n    code\n    more`);
    expect(system(raw(" \n\n\ta  \r\n\r\n  b \n\t\n"))).toBe(`${heading}\ta  \n\n  b `);
    expect(system(raw(" a "))).toBe(`${heading} a `);
    expect(system(raw(" \n "))).toBe("## 1. S (s)");
    const literal = section({ key: "s", title: "S", body: "\n    first\n      code\n  " });
    expect(literal.body).toMatchObject({ kind: "parts", parts: ["first\n  code"] });
    expect(literal.body).toMatchObject({ written: "\n    first\n      code\n  " });
  });

  test("without params has no placeholders", () => {
    const error = thrownBy(() => section({ key: "s", title: "S", body: raw("{{who}}") }));
    expect(error.message).toContain("Expected no placeholders: the section has no params.");
    expect(error.message).toContain("params: z.object({ who: z.string() })");
  });

  test("may use what every branch of a union gives out", () => {
    const shape = z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("circle"), radius: z.number() }),
      z.object({ kind: z.literal("square"), side: z.number() }),
    ]);
    expect(thrownBy(() => section({ key: "s", title: "S", params: shape, body: raw("{{knid}}") })).message).toContain(
      'Did you mean "kind"?',
    );
    expect(section({ key: "s", title: "S", params: shape, body: "A {{kind}}" }).paramNames).toEqual([
      "kind",
      "radius",
      "side",
    ]);
  });

  test("over params that are transformed as a whole is checked when it is rendered", () => {
    const shouted = z.object({ name: z.string() }).transform(({ name }) => ({ loud: name.toUpperCase() }));
    const text = (body: string): string => {
      const prompt = definePrompt({
        ns: "t",
        key: "p",
        sections: [section({ key: "s", title: "S", params: shouted, body: raw(body) })],
      });
      return renderPrompt(prompt.bind({ name: "ada" })).first;
    };
    expect(text("{{loud}}!")).toBe("## 1. S (s)\n\nADA!");
    const error = thrownBy(() => text("{{name}}"));
    expect(error).toMatchObject({ code: "RENDER_FAILED", details: { section: "s", placeholder: "name" } });
    expect(error.message).toContain("Expected text, a number or a boolean. Received nothing.");
  });

  test.each([undefined, null, 7, {}, { text: "a/v1" }, { "~raw": 7 }])("%j is refused", (body) => {
    const error = thrownBy(() => untyped({ key: "s", title: "S", body }));
    expect(error.message).toContain('section "s": The body is not text.');
  });
});

test("params without a JSON Schema are refused by section", () => {
  const error = thrownBy(() => section({ key: "s", title: "S", params: z.object({ at: z.date() }), body: "" }));
  expect(error.code).toBe("PROMPT_INVALID");
  expect(error.message).toContain('section "s": `params` has no JSON Schema');
});
