/** An override applies if and only if its hash is that of what stands in the code. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../../test/support/property-runs.ts";
import { type JsonObject, sha256 } from "../../base/index.ts";
import { ok, tool } from "../../tool/index.ts";
import { definePrompt, raw, renderPrompt, section } from "../index.ts";
import { applyOverrides, describeTemplate, formatOverrideFile, type OverrideFile, parseOverrideFile } from "./index.ts";
import type { IsCurrent } from "./judge-entry.ts";
import { matchOverrides } from "./match-overrides.ts";

const id = { ns: "a", key: "b", tag: "c" };

/** Which hash an entry has: that of its own text, of some other text, of another entry's text, or any. */
const hashKind = fc.constantFrom("own", "edited", "neighbour", "any");
const line = fc.string({ minLength: 1, maxLength: 20 }).map((text) => `x${text.replaceAll(/[{}]/g, "-")}`);
const label = fc.stringMatching(/^[a-z]([ -~]{0,30}[a-z.])?$/);
const planned = fc.record({
  code: line,
  tells: label,
  override: line,
  retells: label,
  hash: hashKind,
  any: fc.string(),
});

type Planned = typeof planned extends fc.Arbitrary<infer Value> ? Value : never;

const pathOf = (index: number): string => `s${index}`;
const nameOf = (index: number): string => `t${index}`;

function holds(plan: readonly Planned[], isCurrent: IsCurrent | undefined): void {
  const sections = plan.map(({ code, tells }, index) =>
    section({
      key: pathOf(index),
      title: "S",
      body: raw(code),
      tools: [tool({ name: nameOf(index), description: tells, effects: "none", handler: () => ok("") })],
    }),
  );
  const template = definePrompt({ ...id, sections });
  const described = describeTemplate(template);
  const hashes = (own: readonly { readonly hash: string }[]): readonly string[] =>
    plan.map(({ hash, any, code }, index) => {
      const next = own[(index + 1) % own.length]?.hash ?? "";
      return { own: own[index]?.hash ?? "", edited: sha256(`${code} `), neighbour: next, any: sha256(any) }[hash];
    });
  const [sectionHashes, toolHashes] = [hashes(described.sections), hashes(described.tools)];
  const file: OverrideFile = {
    ...id,
    sections: Object.fromEntries(
      plan.map(({ override }, index) => [pathOf(index), { expected_hash: sectionHashes[index] ?? "", body: override }]),
    ),
    tools: Object.fromEntries(
      plan.map(({ retells }, index): [string, JsonObject] => [
        nameOf(index),
        { expected_contract_hash: toolHashes[index] ?? "", description: retells, param_descriptions: {} },
      ]),
    ),
    at: "",
  };
  const read = parseOverrideFile(formatOverrideFile(file), id, "");
  const matched = matchOverrides(template.compiled, read, isCurrent);
  const { sections: shown, system, tools } = renderPrompt(applyOverrides(template.bind(), matched));
  for (const [index, { code, override, tells, retells }] of plan.entries()) {
    const { start = 0, end = 0 } = shown[index] ?? {};
    const body = sectionHashes[index] === sha256(code) ? override : code;
    expect(system.slice(start, end)).toBe(`## ${index + 1}. S (s${index})\n\n${body}`);
    const description = toolHashes[index] === described.tools[index]?.hash ? retells : tells;
    expect(tools[index]?.description).toBe(description);
  }
  expect(matched.problems.length).toBe(
    sectionHashes.filter((hash, index) => hash !== described.sections[index]?.hash).length +
      toolHashes.filter((hash, index) => hash !== described.tools[index]?.hash).length,
  );
}

const property = (isCurrent?: IsCurrent) =>
  fc.property(fc.array(planned, { minLength: 1, maxLength: 6 }), (plan) => holds(plan, isCurrent));

describe("an override applies if and only if its hash matches", () => {
  test("whatever the texts are", () => {
    fc.assert(property(), { numRuns: propertyRuns });
  });

  test.each<[string, IsCurrent]>([
    ["every hash matches", () => true],
    ["no hash matches", () => false],
    ["the beginning of a hash is enough", (expected, found) => expected.slice(0, 1) <= found.slice(0, 1)],
  ])("the property sees a comparison by which %s", (_what, isCurrent) => {
    expect(fc.check(property(isCurrent), { numRuns: 100 }).failed).toBe(true);
  });
});
