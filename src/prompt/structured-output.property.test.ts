/** JSON that is written into a text is found again as it is, however it stands there and whatever stands around it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { type JsonValue, parseJson, type Schema } from "../base/index.ts";
import { type CompiledOutput, definePrompt, type ParsedOutput, parseOutput } from "./index.ts";

function compiled(output: Schema<unknown, object>): CompiledOutput {
  const made = definePrompt({ ns: "test", key: "out", output, sections: [] }).compiled.output;
  if (made === undefined) throw new Error("no output");
  return made;
}

/** A schema that takes any value of this type and changes nothing. */
function anything(type: "object" | "array"): CompiledOutput {
  const json = (): Record<string, unknown> => ({ type, additionalProperties: true });
  const validate = (value: unknown) => ({ value: value as object }); // as: only the type that is asked for is found
  const jsonSchema = { input: json, output: json };
  return compiled({ "~standard": { version: 1, vendor: "test", validate, jsonSchema } });
}

type Reader = (output: CompiledOutput, text: string) => Promise<ParsedOutput<unknown>> | ParsedOutput<unknown>;

/** An answer: JSON, and the text that it stands in. */
interface Answer {
  readonly json: string;
  readonly text: string;
}

const unit = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }) },
  fc.constantFrom(
    ..."{}[]\"'`\\,:.",
    "```",
    "```json\n",
    "\n",
    "\r\n",
    "\u2028",
    "\ud800",
    "\\u",
    "true",
    "7",
    "é",
    "😀",
  ),
);
const words = fc.array(unit, { maxLength: 12 }).map((units) => units.join(""));
const unfenced = words.map((text) => text.replaceAll("`", "'"));
const prose = unfenced.map((text) => text.replace(/[[\]{}]/g, "|"));

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(words, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom<JsonValue[]>(null, true, 0)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(words, tie("value"), { maxKeys: 3 }),
  ),
}));
const objects = fc.dictionary(fc.oneof(words, fc.constant("__proto__")), value, { maxKeys: 4 });
const lists = fc.array(value, { maxLength: 4 });

/** Answers of each way to write JSON into a text: whole, in a fence, within prose. */
function answers(values: fc.Arbitrary<JsonValue>): fc.Arbitrary<Answer> {
  const json = fc
    .tuple(values, fc.constantFrom(undefined, 2, "\t"))
    .map(([one, space]) => JSON.stringify(one, undefined, space));
  const space = fc.string({ unit: fc.constantFrom(..." \n\r\t"), maxLength: 3 });
  const fence = fc.constantFrom("```json\n", "```JSON \n", "```Json\r\n", "````json\n");
  return fc.oneof(
    fc.tuple(json, space, space).map(([written, a, b]) => ({ json: written, text: a + written + b })),
    fc
      .tuple(json, unfenced, fence, words)
      .map(([written, a, open, b]) => ({ json: written, text: `${a}\n${open}${written}\n\`\`\`\n${b}` })),
    fc.tuple(json, prose, unfenced).map(([written, a, b]) => ({ json: written, text: a + written + b })),
  );
}

async function checkReader(reader: Reader, values: fc.Arbitrary<JsonValue>, output: CompiledOutput) {
  return fc.check(
    fc.asyncProperty(answers(values), async ({ json, text }) => {
      const whole = parseJson(text.trim());
      fc.pre(!(whole.ok && typeof whole.value === "string")); // a text in quotes is a text, whatever it quotes
      expect(await reader(output, text)).toStrictEqual({ ok: true, output: JSON.parse(json) });
    }),
    { numRuns: propertyRuns * 3 },
  );
}

describe("JSON in an answer is found as it was written", () => {
  it("when it is an object", async () => {
    expect(fc.defaultReportMessage(await checkReader(parseOutput, objects, anything("object")))).toBeUndefined();
  });

  it("when it is a list", async () => {
    expect(fc.defaultReportMessage(await checkReader(parseOutput, lists, anything("array")))).toBeUndefined();
  });

  const cut =
    (pattern: RegExp) =>
    (_output: CompiledOutput, text: string): ParsedOutput<unknown> => {
      const parsed = parseJson(pattern.exec(text)?.[1] ?? text);
      return parsed.ok ? { ok: true, output: parsed.value } : { ok: false, problems: [] };
    };
  it.each<[string, Reader]>([
    ["from the first brace to the last", cut(/(\{[\s\S]*\})/)],
    ["from the first brace to the next", cut(/(\{[^}]*\})/)],
    ["from a fence to the next ticks", cut(/```json\s*\n([\s\S]*?)```/i)],
    ["as a whole", cut(/(.*)/s)],
  ])("and the property fails for a reader that takes it %s", async (_how, reader) => {
    expect((await checkReader(reader, objects, anything("object"))).failed).toBe(true);
  });
});

it("no text makes reading throw", async () => {
  const output = compiled(z.array(z.object({ title: z.string() })));
  const piece = fc.oneof(
    fc.constantFrom("{", "}", "[", "]", '"', ":", ",", "\\", "```json\n", "```", "1"),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece), async (pieces) => {
      const parsed = await parseOutput(output, pieces.join(""));
      if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
    }),
    { numRuns: propertyRuns },
  );
});

it("what is found is the first place from which a list can be read", async () => {
  const piece = fc.constantFrom("{", "}", "[", "]", '"', '"a":', ",", "1", "tru", "true", " ", "x", '"b"', "-", "\\");
  const output = compiled(z.array(z.unknown()));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async (pieces) => {
      const text = `x ${pieces.join("")}`;
      const expected = firstList(text);
      const parsed = await parseOutput(output, text);
      if (expected !== undefined) expect(parsed).toEqual({ ok: true, output: expected });
      else expect(parsed.ok).toBe(false);
    }),
    { numRuns: propertyRuns * 10 },
  );
});

/** The slow way: every beginning with every end; the first and shortest that is JSON, unless it is an object. */
function firstList(text: string): readonly unknown[] | undefined {
  for (let start = 0; start < text.length; start++) {
    if (text[start] !== "{" && text[start] !== "[") continue;
    for (let end = start + 1; end <= text.length; end++) {
      try {
        const value: unknown = JSON.parse(text.slice(start, end));
        if (Array.isArray(value)) return value;
        start = end - 1;
        break;
      } catch {
        // not the end yet
      }
    }
  }
  return undefined;
}
