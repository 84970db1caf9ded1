import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import type { JsonObject } from "../base/index.ts";
import type { ToolExample } from "../tool/index.ts";
import { examplesText } from "./examples-text.ts";

const line = fc.oneof(fc.constantFrom("", " ", "`", "```", "````", "  ```json", "input:"), fc.string());
const example: fc.Arbitrary<ToolExample> = fc.record({
  description: fc.constant("d"),
  params: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }) as fc.Arbitrary<JsonObject>,
  output: fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join("\n").replaceAll("\r", "")),
});

/** What stands in the fences of a text, as a reader of Markdown finds it. */
function fencedTexts(text: string): readonly string[] {
  const found: string[] = [];
  let open: { readonly fence: string; readonly lines: string[] } | undefined;
  for (const written of text.split("\n")) {
    const content = written.replace(/^ {1,8}/, "");
    if (open === undefined) {
      const fence = /^ *(`{3,})[a-z]*$/.exec(written)?.[1];
      if (fence !== undefined) open = { fence, lines: [] };
    } else if (/^ *`{3,} *$/.test(written) && written.trim().length >= open.fence.length) {
      found.push(open.lines.join("\n"));
      open = undefined;
    } else open.lines.push(content);
  }
  return found;
}

/** The property: params and output can be read back. */
const readsBack = (write: typeof examplesText): fc.IProperty<[ToolExample[]]> =>
  fc.property(fc.array(example, { minLength: 1, maxLength: 3 }), (examples) => {
    const texts = fencedTexts(write([{ name: "t", description: "d", examples }]));
    expect(texts).toHaveLength(examples.length * 2);
    for (const [index, { params, output }] of examples.entries()) {
      expect(JSON.parse(texts[index * 2] ?? "")).toEqual(JSON.parse(JSON.stringify(params)));
      expect(texts[index * 2 + 1]).toBe(output);
    }
  });

test("what stands in an example can be read back from its text", () => {
  fc.assert(readsBack(examplesText), { numRuns: propertyRuns });
});

test("the property fails when all fences have three backticks", () => {
  const short: typeof examplesText = (tools) => examplesText(tools).replace(/`{3,}(?=json$|$)/gm, "```");
  expect(fc.check(readsBack(short), { numRuns: 1_000, seed: 1 }).failed).toBe(true);
});
