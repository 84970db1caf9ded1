import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import type { Schema } from "../base/index.ts";
import { type CompiledOutput, definePrompt, type ParsedOutput, parseOutput } from "./index.ts";

const Issue = z.object({ title: z.string(), n: z.int().default(0) });

function compiled(output: Schema<unknown, object>): CompiledOutput {
  const made = definePrompt({ ns: "test", key: "out", output, sections: [] }).compiled.output;
  if (made === undefined) throw new Error("no output");
  return made;
}

const one = compiled(Issue);
const many = compiled(z.array(Issue));
const read = (text: string, output = one): Promise<ParsedOutput<unknown>> => parseOutput(output, text);
/** What is wrong with an answer, as `path: message`. */
const problems = async (text: string, output = one): Promise<readonly string[]> => {
  const parsed = await read(text, output);
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path}: ${message}`);
};
const ok = { ok: true, output: { title: "t", n: 0 } };

describe("the form of an answer", () => {
  test("is what the schema of an object takes in, closed, with the prompt's name", () => {
    expect(one).toMatchObject({
      container: "object",
      name: "test_out_schema",
      jsonSchema: {
        type: "object",
        properties: { title: { type: "string" }, n: { type: "integer", default: 0 } },
        required: ["title"],
        additionalProperties: false,
      },
    });
  });

  test("of a list is an object with the list under `items`", () => {
    expect(many).toMatchObject({
      container: "array",
      jsonSchema: {
        type: "object",
        properties: { items: { type: "array", items: { type: "object", additionalProperties: false } } },
        required: ["items"],
        additionalProperties: false,
      },
    });
  });

  test("of a list keeps its definitions where references find them", () => {
    const Node = z.object({
      get children() {
        return z.array(Node);
      },
    });
    const { jsonSchema } = compiled(z.array(Node));
    expect(jsonSchema.$defs).toMatchObject({ __schema0: { properties: { children: { type: "array" } } } });
    expect(JSON.stringify(jsonSchema.properties)).toContain('"$ref":"#/$defs/__schema0"');
    const itself: z.ZodType<unknown[]> = z.lazy(() => z.array(itself));
    expect(compiled(itself).jsonSchema).toMatchObject({
      properties: { items: { type: "array", items: { $ref: "#/properties/items" } } },
    });
  });

  test("may be a union of objects or of lists", () => {
    const shape = z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("a"), a: z.string() }),
      z.object({ kind: z.literal("b"), b: z.string() }),
    ]);
    expect(compiled(shape).container).toBe("object");
    expect(compiled(z.union([z.array(z.string()), z.array(z.number())])).container).toBe("array");
    expect(compiled(z.intersection(shape, z.object({ c: z.string() }))).container).toBe("object");
  });

  test("is found through references, which may go in circles", () => {
    const of = (jsonSchema: object): Schema<unknown, object> => {
      const made = (): Record<string, unknown> => ({ ...jsonSchema });
      const validate = (value: unknown) => ({ value: value as object });
      return { "~standard": { version: 1, vendor: "test", validate, jsonSchema: { input: made, output: made } } };
    };
    const $defs = {
      a: { type: "object" },
      b: { anyOf: [{ $ref: "#/$defs/a" }] },
      c: { $ref: "#/$defs/c" },
      d: { anyOf: [{ $ref: "#/$defs/d" }, { $ref: "#/$defs/b" }] },
    };
    expect(compiled(of({ anyOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }], $defs })).container).toBe("object");
    for (const $ref of ["#/$defs/c", "#/$defs/d", "#/$defs/nothing"]) {
      expect(thrownBy(() => compiled(of({ $ref, $defs }))).message).toContain("unknown type");
    }
  });

  test.each([
    ["text", z.string(), "string"],
    ["a number", z.number(), "number"],
    ["nothing in particular", z.unknown(), "unknown type"],
    ["an object or text", z.union([z.object({ a: z.string() }), z.string()]), "object or string"],
    ["an object or a list", z.union([z.object({ a: z.string() }), z.array(z.string())]), "object or array"],
  ])("cannot be %s", (_what, schema, received) => {
    const error = thrownBy(() => compiled(schema as unknown as Schema<unknown, object>));
    expect(error.code).toBe("PROMPT_INVALID");
    expect(error.message).toContain(`prompt "test:out": The output is neither an object nor a list.`);
    expect(error.message).toContain(`Received a schema of ${received}.`);
  });

  test.each([
    ["a", "code.review", "a_code_review_schema"],
    ["web/agents", "x", "web_agents_x_schema"],
    ["a".repeat(64), "b", `${"a".repeat(57)}_schema`],
  ])("is called by the prompt's name, %s:%s", (ns, key, name) => {
    expect(definePrompt({ ns, key, output: Issue, sections: [] }).compiled.output?.name).toBe(name);
  });
});

describe("an answer is read", () => {
  test.each([
    ["whole", '{"title":"t"}'],
    ["with space around it", ' \n{ "title" : "t" }\n'],
    ["from a fence", 'Here:\n```json\n{"title":"t"}\n```\nDone.'],
    ["from a fence in capitals with space behind", '```JSON  \n{"title":"t"}\n```'],
    ["from a fence behind text", 'Here: ```json\n{"title":"t"}\n```'],
    ["from a fence of Windows", '```json\r\n{"title":"t"}\r\n```\r\n'],
    ["from a fence whose end is indented", '  ```json\n  {"title":"t"}\n\t ```'],
    ["from a fence behind one of another language", '```ts\nlet a;\n```\n```json\n{"title":"t"}\n```'],
    ["beside a fence that never ends", '{"title":"t"} ```json\n'],
    ["from a fence that is closed on the same line", '```json\n{"title":"t"}``` {"title":"u"}'],
    ["from the first of two fences", '```json\n{"title":"t"}\n```\n```json\n{"title":"u"}\n```'],
    ["from the middle of a text", 'The issue is {"title":"t"}, as said.'],
    ["behind brackets that hold no JSON", 'In {this} and [that] {"title":"t"} and {"title":"u"}'],
    ["behind an unclosed bracket", 'a { b {"title":"t"}'],
    ["behind an unclosed quote", 'He said: "look at {"title":"t"}'],
    ["from a fence of another language", '```ts\n{"title":"t"}\n```'],
    ["from a fence within a fence", '````markdown\n```json\n{"title":"t"}\n```\n````'],
    ["from a fence of four ticks", '````json\n{"title":"t"}\n````'],
    ["from a fence of tildes", 'Here:\n~~~json\n{"title":"t"}\n~~~\n'],
  ])("%s", async (_how, text) => {
    expect(await read(text)).toEqual(ok);
  });

  test("also when a text in it holds separators of lines before a fence", async () => {
    for (const separator of ["\u2028", "\u2029"]) {
      const title = `a${separator}\`\`\` b`;
      expect(await read(`\`\`\`json\n${JSON.stringify({ title })}\n\`\`\``)).toEqual({
        ok: true,
        output: { title, n: 0 },
      });
    }
  });

  test("also when a text in it quotes fences", async () => {
    const title = "use ```json\n{}\n``` or ```";
    const fenced = `\`\`\`json\n${JSON.stringify({ title }, undefined, 2)}\n\`\`\`\n`;
    expect(await read(fenced)).toEqual({ ok: true, output: { title, n: 0 } });
    expect(await read(JSON.stringify({ title: "``` json" }))).toEqual({
      ok: true,
      output: { title: "``` json", n: 0 },
    });
  });

  test("with brackets, quotes and escapes in its texts", async () => {
    const title = 'a "quoted" } ] { [ \\ \u2028 end';
    expect(await read(`See ${JSON.stringify({ title })}.`)).toEqual({ ok: true, output: { title, n: 0 } });
  });

  test("as a list, bare or under `items`", async () => {
    const list = { ok: true, output: [{ title: "t", n: 0 }] };
    expect(await read('[{"title":"t"}]', many)).toEqual(list);
    expect(await read('{"items":[{"title":"t"}]}', many)).toEqual(list);
    expect(await read('Found: {"items":[{"title":"t"}]} 1', many)).toEqual(list);
    expect(await read("[]", many)).toEqual({ ok: true, output: [] });
  });

  test("with other keys where the schema is loose", async () => {
    const loose = compiled(z.looseObject({ title: z.string(), by: Issue.optional() }));
    expect(await read('{"title":"t","x":{"y":1}}', loose)).toEqual({ ok: true, output: { title: "t", x: { y: 1 } } });
    expect(await problems('{"title":"t","by":{"title":"u","x":1}}', loose)).toEqual(["by.x: Unknown key"]);
  });

  test("as a list behind objects that hold none", async () => {
    const list = { ok: true, output: [{ title: "t", n: 0 }] };
    expect(await read('For {x} and {"k":[1]} I found [{"title":"t"}] and [].', many)).toEqual(list);
    expect(await read('For {"items":1} I found {"items":[{"title":"t"}]}.', many)).toEqual(list);
    expect(await problems('Only {"k":[1]} and {}.', many)).toEqual([
      ": expected a list, or an object with a list under `items`, received an object",
    ]);
  });

  test("as an object by the first JSON in a text, also when another would fit", async () => {
    expect(await problems('see [1] {"title":"t"}')).toEqual([": expected an object, received a list"]);
  });
});

describe("what is wrong with an answer is told", () => {
  test.each([
    ["", ": expected JSON, received an empty answer"],
    [" \n ", ": expected JSON, received an empty answer"],
    ["7", ": expected an object, received a number"],
    ['"text"', ": expected an object, received a string"],
    ["null", ": expected an object, received null"],
    ["true", ": expected an object, received a boolean"],
    ["[]", ": expected an object, received a list"],
  ])("for %j", async (text, expected) => {
    expect(await problems(text)).toEqual([expected]);
  });

  test("for text without JSON, and for a fence that holds none", async () => {
    expect((await problems("no json"))[0]).toMatch(/^: expected JSON, found none \(.+\)$/);
    expect((await problems('```json\n{"title":}\n``` {"title":"t"}'))[0]).toMatch(/^: the fenced block is not JSON: /);
  });

  test("by field", async () => {
    expect(await problems('{"title":7,"n":"x"}')).toEqual([
      "title: Invalid input: expected string, received number",
      "n: Invalid input: expected number, received string",
    ]);
    expect(await problems('[{"title":"a"},{"title":"b"},{"title":3}]', many)).toEqual([
      "items[2].title: Invalid input: expected string, received number",
    ]);
    expect(await problems("[1]", many)).toEqual(["items[0]: Invalid input: expected object, received number"]);
  });

  test("for a list that is none", async () => {
    const expected = [": expected a list, or an object with a list under `items`, received an object"];
    expect(await problems('{"title":"t"}', many)).toEqual(expected);
    expect(await problems('{"items":{}}', many)).toEqual(expected);
  });

  test("with what was expected and what came", async () => {
    const parsed = await read('[{"title":7},{"n":1}]', many);
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      {
        path: "items[0].title",
        message: "Invalid input: expected string, received number",
        expected: "string",
        received: "number 7",
      },
      {
        path: "items[1].title",
        message: "Invalid input: expected string, received undefined",
        expected: "string",
        received: "nothing",
      },
    ]);
    const told = await Promise.all(["", "no json", "[1]", "```json\nx\n```"].map((text) => read(text)));
    expect(told).toMatchObject([
      { problems: [{ expected: "JSON", received: "an empty answer" }] },
      { problems: [{ expected: "JSON", received: 'string "no json"' }] },
      { problems: [{ expected: "an object", received: "list [1]" }] },
      { problems: [{ expected: "JSON", received: 'string "x\\n"' }] },
    ]);
  });

  test("for keys that the provider was told not to expect, at every level", async () => {
    const nested = compiled(z.object({ list: z.array(Issue), issue: Issue.optional() }));
    const text = '{"list":[{"title":"t","titel":1}],"issue":{"title":5,"x":1},"isue":1}';
    expect(await problems(text, nested)).toEqual([
      'list[0].titel: Unknown key (did you mean "title"?)',
      "issue.x: Unknown key",
      'isue: Unknown key (did you mean "issue"?)',
      "issue.title: Invalid input: expected string, received number",
    ]);
    expect(await problems('[{"title":"t","x":1}]', many)).toEqual(["items[0].x: Unknown key"]);
    expect(await problems('{"items":[],"more":1}', many)).toEqual(["more: Unknown key"]);
  });

  test("once for a key that a strict schema refuses as well", async () => {
    const strict = compiled(z.strictObject({ title: z.string() }));
    expect(await problems('{"title":"t","x":1}', strict)).toEqual(["x: Unknown key"]);
  });

  test("by a schema that is asynchronous", async () => {
    const known = compiled(z.object({ id: z.string().refine(async (id) => id === "a", "No such id") }));
    expect(await read('{"id":"a"}', known)).toEqual({ ok: true, output: { id: "a" } });
    expect(await problems('{"id":"b"}', known)).toEqual(["id: No such id"]);
  });

  test("for a schema whose own function throws", async () => {
    const link = compiled(z.object({ link: z.string().transform((text) => ({ at: new URL(text).href })) }));
    expect(await problems('{"link":"nowhere"}', link)).toHaveLength(1);
    expect(await read('{"link":"http://a/"}', link)).toEqual({ ok: true, output: { link: { at: "http://a/" } } });
  });
});

describe("a hostile answer", () => {
  test("that holds JSON behind a thousand brackets is still read", async () => {
    expect(await read(`${"{x} [y ".repeat(2_000)} {"title":"t"}`)).toEqual(ok);
    expect(await read(`${"[01] ".repeat(100)} {"title":"t"}`)).toEqual(ok);
  });

  test("with `__proto__` changes no prototype", async () => {
    expect(await problems('{"title":"t","__proto__":{"n":9}}')).toEqual(["__proto__: Unknown key"]);
    const loose = compiled(z.looseObject({ title: z.string() }));
    expect(await read('{"title":"t","__proto__":{"n":9}}', loose)).toEqual({ ok: true, output: { title: "t" } });
    expect(({} as { n?: number }).n).toBeUndefined();
  });
});
