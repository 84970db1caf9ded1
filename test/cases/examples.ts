import { expect } from "vitest";
import { z } from "zod";
import { definePrompt, raw, renderPrompt, section, step, taskExample } from "../../src/prompt/index.ts";
import { ok, tool } from "../../src/tool/index.ts";
import { type Case, passed, type RunCase, type Verdict } from "./case.ts";

interface ShownExample {
  readonly description: string;
  readonly input: { readonly entity_id: string; readonly limit: number };
  readonly "output.render": string;
}

interface ShownTool {
  readonly tool: { readonly name: string; readonly description: string; readonly examples: readonly ShownExample[] };
  readonly section: { readonly key: string; readonly title: string; readonly template: string };
}

/** The case of the group `render` that shows the examples of a tool. */
export function toolExamplesCase({ input, expected }: Case): Verdict {
  const shown = input as ShownTool;
  const { key, title, template } = shown.section;
  const { name, description } = shown.tool;
  const about = { description, effects: "none", handler: () => ok("") } as const;
  const lookUp = tool({
    ...about,
    name,
    params: z.object({ entity_id: z.string(), limit: z.int().default(1), include: z.string().optional() }),
    examples: shown.tool.examples.map((one) => ({
      description: one.description,
      params: { ...one.input, include: undefined },
      result: one["output.render"],
    })),
  });
  const without = tool({ ...about, name: "without_examples" });
  const only = section({ key, title, body: raw(template), tools: [without, lookUp] });
  expect(renderPrompt(definePrompt({ ns: "n", key: "k", sections: [only] }).bind()).system).toBe(expected);
  return passed;
}

const look = tool({ name: "look", description: "Look.", effects: "none", handler: () => ok("") });

function title({ input, expected }: Case): Verdict {
  const { len } = input as { readonly len: number };
  const objective = len === "short".length ? "short" : "x".repeat(len);
  const steps = [step(look, { description: "Look", params: {}, result: "" })];
  const made = taskExample({ key: "example", objective, outcome: "Done.", steps });
  expect({ title_len: made.title.length, ends_with: made.title.slice(-3) }).toEqual(expected);
  return passed;
}

/** What holds of examples of tasks. */
export const examples: Readonly<Record<string, RunCase>> = { "task_example.title": title };
