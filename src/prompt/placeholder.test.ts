import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { definePrompt, raw, renderPrompt, section } from "./index.ts";

const params = z.object({ name: z.string(), n: z.number(), on: z.boolean(), "odd-name": z.string().default("odd") });
const given = { name: "Ada", n: 3, on: true };

/** The text that a body becomes, without its heading. */
function bodyOf(text: string, values: z.input<typeof params> = given): string {
  const prompt = definePrompt({
    ns: "test",
    key: "body",
    // as: for the compiler this is no literal
    sections: [section({ key: "s", title: "S", params, body: text as "" })],
  });
  const { first } = renderPrompt(prompt.bind(values));
  return first.slice("## 1. S (s)".length).replace(/^\n\n/, "");
}

/** The grammar of placeholders by example; the compiler's cases are the same. */
const table: readonly (readonly [text: string, written: string])[] = [
  ["{{name}}", "Ada"],
  ["Hi {{name}}, {{name}}!", "Hi Ada, Ada!"],
  ["{{n}}{{on}}", "3true"],
  ["{{{name}}}", "{Ada}"],
  ["{{{{name}}}}", "{{name}}}}"],
  ["{{{{{{name}}", "{{Ada"],
  ["{{{{{{{{", "{{{{"],
  ["{{{{{name}}", "{{{name}}"],
  ["{{{{", "{{"],
  ["{{", "{{"],
  ["}}", "}}"],
  ["{{}}", "{{}}"],
  ["{{name", "{{name"],
  ["{{name}", "{{name}"],
  ["{name}", "{name}"],
  ["${name}", "${name}"],
  ["{{1st}}", "{{1st}}"],
  ["{{a b}}", "{{a b}}"],
  ["{{a.b}}", "{{a.b}}"],
  ["{{na\nme}}", "{{na\nme}}"],
  ["{{ é }}", "{{ é }}"],
  ["{{{{ name }}", "{{ name }}"],
  ["{{#if name}}x{{/if}}", "{{#if name}}x{{/if}}"],
  ["{{{{name}} {{name}}", "{{name}} Ada"],
];

describe("placeholders", () => {
  test.each(table)("%j becomes %j", (text, written) => {
    expect(bodyOf(text)).toBe(written);
  });

  test.each(["{{name}}", "{{{{", "$&", "$1", "$$", "\\n", "\\", "`", "\u0000", "{{n}}{{", " x \n"])(
    "the value %j is inserted exactly, never scanned",
    (value) => {
      expect(bodyOf("[{{name}}]", { ...given, name: value })).toBe(`[${value}]`);
    },
  );

  test("are cut, and refused, as by a scanner that goes from character to character", () => {
    const piece = fc.constantFrom("{", "{{", "{{{{", "}", "}}", "name", "n", "x", "_", "7", " ", "\n", "$");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = `[${pieces.join("")}]`;
        const expected = scanned(text);
        if (expected === undefined) expect(thrownBy(() => bodyOf(text)).code).toBe("PROMPT_INVALID");
        else expect(bodyOf(text)).toBe(bodyOf(expected.replaceAll("{{", "{{{{")));
      }),
      { numRuns: propertyRuns },
    );
  });
});

/** What a text becomes, or undefined when it must be refused; knows nothing of regular expressions. */
function scanned(text: string): string | undefined {
  const values: Record<string, string> = { name: "Ada", n: "3", on: "true" };
  let written = "";
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith("{{{{", at)) {
      written += "{{";
      at += 3;
      continue;
    }
    const inner = text.startsWith("{{", at) ? insideBraces(text, at + 2) : undefined;
    const known = inner === undefined ? undefined : values[inner.trim()];
    if (inner !== undefined && isWord(inner)) {
      if (known === undefined) return undefined;
      written += known;
      at += inner.length + 3;
    } else if (known !== undefined) {
      return undefined;
    } else {
      written += text[at];
    }
  }
  return written;
}

/** The text up to the next `}}` when neither a brace nor a line's end comes before. */
function insideBraces(text: string, from: number): string | undefined {
  let end = from;
  while (end < text.length && !"{}\n".includes(text[end] as string)) end++;
  return text.startsWith("}}", end) ? text.slice(from, end) : undefined;
}

const isWord = (text: string): boolean =>
  [...text].every((char, index) => (index > 0 && char >= "0" && char <= "9") || char === "_" || /[a-z]/i.test(char)) &&
  text !== "";

describe("what looks like a placeholder", () => {
  test.each(["{{ name }}", "{{name }}", "{{\tname}}"])("%j is refused with the fix", (text) => {
    const error = thrownBy(() => bodyOf(`Hello ${text}.`));
    expect(error).toMatchObject({ code: "PROMPT_INVALID", details: { placeholder: "name" } });
    expect(error.message).toContain(
      `section "s": ${text} looks like a placeholder and is not one. Expected {{name}}. Received ${text}. Write {{name}}, or {{{{ for a literal {{.`,
    );
  });

  test("and names a param that cannot be written asks for another name", () => {
    const error = thrownBy(() => bodyOf("{{odd-name}}"));
    expect(error.message).toContain("Give the param a name of letters, digits and _");
  });

  test("is ordinary text when no param has the name, or when it is escaped", () => {
    expect(bodyOf("{{ nobody }} {{{{ name }}")).toBe("{{ nobody }} {{ name }}");
  });
});

describe("the text of a body", () => {
  test.each([
    ["loses what all lines begin with", "\n    a\n      b\n    c\n    ", "a\n  b\nc"],
    ["loses it below a first line that stands behind the backtick", "a\n      b\n    c", "a\n  b\nc"],
    ["keeps a first line's own words", "  a\n  b", "a\nb"],
    ["has line ends of one kind", "\r\n  a\r\n\r\n  b\r\n", "a\n\nb"],
    ["may be indented by tabs", "\n\t\ta\n\t\t\tb\n", "a\n\tb"],
    ["keeps a tab that stands where another line has blanks", "\n\ta\n    b\n", "a\n    b"],
    ["loses only the part of mixed indents that is the same", "\n\t  a\n\t\tb\n", "a\n\tb"],
    ["has no space on empty lines", "\n  a\n \t \n  b\n", "a\n\nb"],
    ["may be empty", " \n \n", ""],
    ["may be one line", "a", "a"],
  ])("%s", (_what, text, expected) => {
    // Outer space is taken away from a section's text, so the first line's own indent does not show.
    expect(bodyOf(text)).toBe(expected);
  });

  test.each([
    ["", ""],
    ["  ", ""],
    [" \t", ""],
    ["\n \n", ""],
    ["\n\n\n  a\n", "  a"],
    ["a\n\n\n\n", "a"],
    ["\n\n  a\n\n b \n\n\n", "  a\n\n b "],
  ])("of a file loses blank lines around it alone: %j becomes %j", (text, expected) => {
    const sections = [section({ key: "s", title: "S", body: raw(text) })];
    const { system } = renderPrompt(definePrompt({ ns: "test", key: "file", sections }).bind());
    expect(system).toBe(expected === "" ? "## 1. S (s)" : `## 1. S (s)\n\n${expected}`);
  });

  test("is dedented before values are put in: their lines are left alone", () => {
    expect(bodyOf("\n  {{name}}\n  end\n", { ...given, name: "  x\n  y" })).toBe("  x\n  y\nend");
  });

  test("may have very many lines", () => {
    const text = Array.from({ length: 20_000 }, () => "  x").join("\n");
    expect(bodyOf(`\n${text}\n  last`).endsWith("x\nlast")).toBe(true);
  });
});
