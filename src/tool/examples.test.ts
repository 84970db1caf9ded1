import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import type { Schema } from "../base/index.ts";
import { ok, type Tool, tool } from "./index.ts";

const lookUp = z.object({ path: z.string(), limit: z.int().default(2000), tags: z.array(z.string()).optional() });
const found = z.object({ lines: z.array(z.string()) });
const call = { description: "A short file", params: { path: "a.md" }, result: { lines: ["# A", "é"] } };

/** A tool as code without types would define it, with these examples. */
const withExamples = (examples: readonly unknown[], changes: object = {}): Tool =>
  (tool as unknown as (definition: object) => Tool)({
    name: "read_file",
    description: "Reads a file.",
    effects: "none",
    params: lookUp,
    result: found,
    handler: () => ok({ lines: [] }),
    examples,
    ...changes,
  });

const refusal = (example: unknown, changes: object = {}) =>
  thrownBy(() => withExamples([call, example], changes)).message;

const asynchronous = (schema: Schema): Schema => ({
  "~standard": { ...schema["~standard"], validate: async () => ({ value: {} }) },
});

describe("the examples of a tool", () => {
  test("are none unless told", () => {
    expect(tool({ name: "t", description: "A tool.", effects: "none", handler: () => ok("") }).examples).toEqual([]);
  });

  test("hold the params as they were given and what the model sees of the result", () => {
    expect(withExamples([call]).examples).toEqual([
      { description: "A short file", params: { path: "a.md" }, output: '{"lines":["# A","é"]}' },
    ]);
    const joined = withExamples([call], { render: ({ lines }: { lines: string[] }) => lines.join("\n") });
    expect(joined.examples[0]?.output).toBe("# A\né");
  });

  test("show the result as its schema gives it out", () => {
    const counted = z.object({ lines: z.array(z.string()).transform((lines) => lines.length) });
    expect(withExamples([call], { result: counted }).examples[0]?.output).toBe('{"lines":2}');
  });

  test("may have lists and text as results", () => {
    const listed = { ...call, result: ["a", "b"] };
    expect(withExamples([listed], { result: z.array(z.string()) }).examples[0]?.output).toBe('["a","b"]');
    expect(withExamples([{ ...call, result: "" }], { result: undefined }).examples[0]?.output).toBe("");
  });

  test("of a tool without params give none", () => {
    const bare = { params: undefined };
    expect(withExamples([{ ...call, params: {} }], bare).examples[0]?.params).toEqual({});
    expect(thrownBy(() => withExamples([call], bare)).message).toContain(
      "examples[0].params: The params do not fit: `path`: Unknown key. Expected {}, because the tool takes nothing.",
    );
  });

  test("keep a copy of the params, without what is undefined", () => {
    const params = { path: "a.md", tags: ["x"], limit: undefined };
    const made = withExamples([{ ...call, params }]);
    params.tags.push("y");
    expect(made.examples[0]?.params).toStrictEqual({ path: "a.md", tags: ["x"] });
  });
});

describe("an example is refused", () => {
  test("by tool, place and field, with what was expected and what came", () => {
    const error = thrownBy(() => withExamples([call, { ...call, params: { limit: 3 } }]));
    expect(error).toMatchObject({
      code: "TOOL_INVALID",
      details: { tool: "read_file", field: "examples[1].params" },
      parts: {
        at: 'tool "read_file", examples[1].params',
        expected: "{ path, limit?, tags? }",
        received: 'object {"limit":3}',
        example: expect.stringContaining("examples: [{ description:"),
      },
    });
    expect(error.message).toContain("The params do not fit: `path`: ");
  });

  test.each(["", " ", " a", "a\n", "é", "d".repeat(201), undefined, 7])("when its description is %j", (description) => {
    expect(refusal({ ...call, description })).toContain("examples[1].description: The description is not well formed.");
  });

  test.each([undefined, null, 7])("when it is %j", (example) => {
    expect(refusal(example)).toContain("examples[1].description");
  });

  test("when its params hold a key that the tool does not take, at any depth", () => {
    expect(refusal({ ...call, params: { pth: "a" } })).toContain('`pth`: Unknown key (did you mean "path"?)');
    const deep = { params: z.object({ path: z.string(), at: z.object({ line: z.int() }).optional() }) };
    expect(refusal({ ...call, params: { path: "a", at: { line: 1, lin: 2 } } }, deep)).toContain("`at.lin`");
  });

  test.each([
    ["no object", [], "The params are not an object"],
    ["missing", undefined, "The params are not plain data: JSON cannot hold undefined."],
    ["a bigint", { path: 1n }, "The params are not plain data"],
    ["no number", { path: "a", limit: Number.NaN }, "`limit`"],
  ])("when its params are %s", (_what, params, problem) => {
    expect(refusal({ ...call, params })).toContain(`examples[1].params: The params`);
    expect(refusal({ ...call, params })).toContain(problem);
  });

  test("when its params hold themselves", () => {
    const params: Record<string, unknown> = { path: "a" };
    params.self = params;
    expect(refusal({ ...call, params })).toContain("The params are not plain data");
  });

  test("when its result does not fit, or is no text where the tool declares none", () => {
    expect(refusal({ ...call, result: { lines: "a" } })).toContain(
      "examples[1].result: The result does not fit: `lines`",
    );
    const error = thrownBy(() => withExamples([call], { result: undefined }));
    expect(error.message).toContain("The result is not text. Expected text: the tool declares no `result`.");
  });

  test("when `render` throws or gives something else", () => {
    const broken = { render: ({ lines }: { lines: string[] }) => lines[5]?.trim().length };
    expect(thrownBy(() => withExamples([call], broken)).message).toContain(
      "`render` gave no text. Expected text, at once",
    );
    const throwing = () => {
      throw new Error("no lines");
    };
    expect(thrownBy(() => withExamples([call], { render: throwing })).message).toContain("`render` threw: no lines");
    const late = { render: () => Promise.reject(new Error("late")) };
    expect(thrownBy(() => withExamples([call], late)).message).toContain("Received a promise.");
  });

  test("when a schema is asynchronous", () => {
    const one = [call];
    expect(thrownBy(() => withExamples(one, { params: asynchronous(lookUp) })).message).toContain(
      "examples[0].params: The params do not fit: The schema is asynchronous",
    );
    expect(thrownBy(() => withExamples(one, { result: asynchronous(found) })).message).toContain(
      "examples[0].result: The result does not fit: The schema is asynchronous",
    );
  });
});

test("stored overrides may replace what a tool says of itself, unless told", () => {
  expect(withExamples([]).overridable).toBe(true);
  expect(withExamples([], { overridable: false }).overridable).toBe(false);
});
