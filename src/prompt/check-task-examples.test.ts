import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import type { Schema, WinkError } from "../base/index.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import { checkTaskExamples } from "./check-task-examples.ts";
import { type CompiledOutput, compileOutput } from "./output.ts";
import { section } from "./section.ts";
import { taskExample } from "./task-example-section.ts";
import { step } from "./task-step.ts";

const named = (name: string): Tool<{}, string> =>
  tool({ name, description: "A tool.", effects: "none", handler: () => ok("") });
const read = named("read_file");
const grep = named("grep");
const outputOf = (schema: Schema): CompiledOutput => compileOutput("n:k", schema, "prompt");

/** Checks a prompt that has these tools, then an example that calls these. */
const check = (tools: readonly Tool[], used: readonly Tool[], outcome: string | object, schema?: Schema): void => {
  const example = taskExample({
    key: "first",
    objective: "Do it",
    outcome,
    steps: used.map((one) => step(one, { description: "Call", params: {}, result: "x" })),
  });
  const nodes = [
    { path: "examples.first", section: example },
    { path: "tools", section: section({ key: "tools", title: "T", body: "", tools }) },
  ];
  checkTaskExamples(nodes, schema === undefined ? undefined : outputOf(schema), 'prompt "n:k"');
};

const refusal = (...given: Parameters<typeof check>): WinkError => thrownBy(() => check(...given));

describe("the tools of steps", () => {
  test("may stand in any section of the prompt", () => {
    expect(() => check([read, grep], [grep, read, grep], "Done.")).not.toThrow();
  });

  test("must be brought by one", () => {
    const error = refusal([read, grep], [grep, named("read_fil")], "Done.");
    expect(error).toMatchObject({
      code: "PROMPT_INVALID",
      details: { section: "examples.first", step: 1, tool: "read_fil", tools: ["grep", "read_file"] },
    });
    expect(error.message).toContain(
      'prompt "n:k", section "examples.first", steps[1]: No section brings the tool "read_fil". ' +
        'Expected one of grep, read_file. Received "read_fil". Did you mean "read_file"?',
    );
    expect(refusal([], [read], "Done.").message).toContain("a tool that a section brings; none brings any");
  });

  test("must be the same objects", () => {
    const error = refusal([read], [named("read_file")], "Done.");
    expect(error.message).toContain('Section "tools" brings another tool called "read_file".');
    expect(error.message).toContain("give the same value to the section and to `step`");
  });
});

describe("the outcome", () => {
  const answer = z.object({ title: z.string(), files: z.array(z.string()).default([]) });

  test("is text when the prompt has no output", () => {
    const error = refusal([read], [read], { title: "A" });
    expect(error.parts).toMatchObject({
      at: 'prompt "n:k", section "examples.first", outcome',
      problem: "The outcome is not text",
      expected: "text, because the prompt has no `output`",
      received: 'object {"title":"A"}',
    });
  });

  test("is what the output takes in", () => {
    expect(() => check([read], [read], { title: "A" }, answer)).not.toThrow();
    expect(refusal([read], [read], "A", answer).message).toContain("The outcome does not fit");
    expect(refusal([read], [read], { title: 7 }, answer).message).toContain("The outcome does not fit: `title`");
    expect(refusal([read], [read], { title: "A", files: [], file: "a" }, answer).message).toContain(
      '`file`: Unknown key (did you mean "files"?)',
    );
  });

  test("is the whole list when the output is one", () => {
    expect(() => check([read], [read], [{ title: "A" }, { title: "B" }], z.array(answer))).not.toThrow();
    const error = refusal([read], [read], [{ title: "A" }, {}], z.array(answer));
    expect(error.message).toContain("`[1].title`");
    expect(error.parts.expected).toBe("the whole list, as it fits the prompt's `output`");
    expect(refusal([read], [read], { title: "A" }, z.array(answer)).message).toContain("The outcome does not fit");
  });

  test("cannot be checked by an asynchronous schema", () => {
    const late: Schema = { "~standard": { ...answer["~standard"], validate: async () => ({ value: {} }) } };
    expect(refusal([read], [read], { title: "A" }, late).message).toContain(
      "The outcome cannot be checked: The schema is asynchronous",
    );
  });
});
