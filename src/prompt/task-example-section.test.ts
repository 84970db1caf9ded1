import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { ok, tool } from "../tool/index.ts";
import { section } from "./section.ts";
import type { Section } from "./section-definition.ts";
import { type TaskExampleDefinition, taskExample, taskExamples } from "./task-example-section.ts";
import { step, type TaskStep } from "./task-step.ts";

const ls = tool({
  name: "ls",
  description: "List files.",
  effects: "none",
  result: z.array(z.string()),
  render: (names) => names.join("\n"),
  handler: () => ok([]),
});
const read = tool({
  name: "read",
  description: "Read a file.",
  effects: "none",
  params: z.object({ path: z.string(), limit: z.int().default(10) }),
  handler: () => ok(""),
});

const listing = step(ls, { description: "Look around", params: {}, result: ["a.md", "b.md"] });
const reading = step(read, { description: "Read the first", params: { path: "a.md" }, result: "# {{title}}" });

const make = (changes: Partial<TaskExampleDefinition> = {}): Section<{}> =>
  taskExample({
    key: "first",
    objective: "Say what a.md is",
    outcome: "A title.",
    steps: [listing, reading],
    ...changes,
  });

/** The text of a section without params. */
const textOf = ({ body }: Section): string => (body.kind === "parts" ? body.parts.join("|") : "");

describe("a task example", () => {
  test("shows objective, steps and outcome", () => {
    const made = make();
    expect(made).toMatchObject({ key: "first", title: "Say what a.md is", params: undefined, tools: [] });
    expect(textOf(made)).toBe(
      [
        "**Objective:** Say what a.md is",
        "",
        "**Steps:**",
        "",
        "1. **ls** - Look around",
        "   - input:",
        "     ```json",
        "     {}",
        "     ```",
        "   - output:",
        "     ```",
        "     a.md",
        "     b.md",
        "     ```",
        "",
        "2. **read** - Read the first",
        "   - input:",
        "     ```json",
        '     {"path": "a.md"}',
        "     ```",
        "   - output:",
        "     ```",
        "     # {{title}}",
        "     ```",
        "",
        "**Outcome:** A title.",
      ].join("\n"),
    );
  });

  test("carries what was checked, for the prompt to check the rest", () => {
    expect(make().taskExample).toEqual({
      objective: "Say what a.md is",
      outcome: "A title.",
      steps: [
        { tool: ls, description: "Look around", params: {}, output: "a.md\nb.md" },
        { tool: read, description: "Read the first", params: { path: "a.md" }, output: "# {{title}}" },
      ],
    });
  });

  test("may end with an object or a list, on one line", () => {
    expect(textOf(make({ outcome: { title: "é", files: ["a", "b"] } }))).toMatch(
      /\n\n\*\*Outcome:\*\* \{"title": "é", "files": \["a", "b"\]\}$/,
    );
    expect(textOf(make({ outcome: [1, 2] }))).toMatch(/\*\*Outcome:\*\* \[1, 2\]$/);
  });

  test("sets calls in as far as the number of their step asks for", () => {
    const text = textOf(make({ steps: Array.from({ length: 10 }, () => listing) }));
    expect(text).toContain("\n9. **ls** - Look around\n   - input:\n     ```json\n");
    expect(text).toContain("\n10. **ls** - Look around\n    - input:\n      ```json\n");
  });

  test("shows a text as it is, whatever braces it has", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("{", "{{", "}}", "a", " ")), (pieces) => {
        const outcome = `${pieces.join("")}.`;
        expect(textOf(make({ outcome })).endsWith(`**Outcome:** ${outcome}`)).toBe(true);
      }),
      { numRuns: propertyRuns },
    );
  });

  test("keeps a copy of its outcome", () => {
    const outcome = { files: ["a"] };
    const made = make({ outcome });
    outcome.files.push("b");
    expect(made.taskExample?.outcome).toEqual({ files: ["a"] });
  });
});

describe("the title of a task example", () => {
  test.each([
    ["x".repeat(60), "x".repeat(60)],
    ["x".repeat(61), `${"x".repeat(57)}...`],
    ["  Look around ", "Look around"],
  ])("of %j is %j", (objective, title) => {
    expect(make({ objective }).title).toBe(title);
  });

  test("may be given", () => {
    expect(make({ title: "First steps" }).title).toBe("First steps");
  });
});

describe("a task example is refused", () => {
  const refusal = (changes: object) => thrownBy(() => make(changes));

  test.each(["", " ", "a\nb", "é", "x".repeat(501)])("with the objective %j", (objective) => {
    const error = refusal({ objective });
    expect(error.code).toBe("PROMPT_INVALID");
    expect(error.message).toContain('task example "first": The objective is not well formed. Expected 1 to 500');
  });

  test("without steps", () => {
    expect(refusal({ steps: [] }).message).toContain("There are no steps. Expected at least one step.");
  });

  test.each([
    ["", "The outcome is no final answer"],
    [undefined, "The outcome is not plain data"],
    [7, "The outcome is no final answer"],
    [null, "The outcome is no final answer"],
    [{ size: 1n }, "The outcome is not plain data"],
  ])("with the outcome %o", (outcome, problem) => {
    expect(refusal({ outcome }).message).toContain(`task example "first", outcome: ${problem}`);
  });

  test("with a step whose params or result do not fit its tool", () => {
    const wrong: TaskStep = { tool: read, description: "Read", params: { pth: "a.md" }, result: "" };
    const error = refusal({ steps: [listing, wrong] });
    expect(error).toMatchObject({
      code: "PROMPT_INVALID",
      details: { tool: "read", field: "steps[1].params" },
      parts: {
        at: 'task example "first", steps[1].params, a call of tool "read"',
        expected: "{ path, limit? }",
        received: 'object {"pth":"a.md"}',
        example: expect.stringContaining("step(readFile, "),
      },
    });
    expect(error.message).toContain('`pth`: Unknown key (did you mean "path"?)');
    expect(refusal({ steps: [{ ...listing, result: "a.md" }] }).message).toContain("steps[0].result");
    expect(refusal({ steps: [{ ...listing, description: "" }] }).message).toContain("steps[0].description");
  });

  test("with the key that no section may have", () => {
    expect(refusal({ key: "A b" }).message).toContain("The key of a section is not well formed");
  });
});

describe("the section of task examples", () => {
  test("holds them below a heading of its own", () => {
    const examples = [make(), make({ key: "second" })];
    const made = taskExamples({ examples });
    expect(made).toMatchObject({ key: "task-examples", title: "Task Examples", sections: examples });
    expect(textOf(made)).toBe("");
    expect(taskExamples({ key: "tasks", title: "Tasks", examples })).toMatchObject({ key: "tasks", title: "Tasks" });
  });

  test("holds at least one, and nothing else", () => {
    expect(thrownBy(() => taskExamples({ examples: [] })).message).toContain(
      'section "task-examples": There are no examples.',
    );
    const other = section({ key: "other", title: "O", body: "" });
    const error = thrownBy(() => taskExamples({ examples: [make(), other] }));
    expect(error.message).toContain('section "task-examples", examples[1]: The section is not a task example.');
    expect(error.message).toContain('Received section "other".');
  });
});
