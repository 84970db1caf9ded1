/** What a prompt must bring for its task examples to be true. */
import { bareProblem, didYouMean, parse, problemsText, shownValue, WinkError } from "../base/index.ts";
import type { Tool } from "../tool/index.ts";
import type { SectionNode } from "./compiled-template.ts";
import type { CompiledOutput } from "./output.ts";
import type { TaskExample } from "./task-example.ts";

/** A tool and the path of the section that brings it. */
interface Brought {
  readonly tool: Tool;
  readonly path: string;
}

/**
 * Refuses steps whose tool no section brings, and outcomes that could not be the prompt's answer: `PROMPT_INVALID`. Params
 * and results of the steps were checked when the example was made.
 */
export function checkTaskExamples(
  nodes: readonly Pick<SectionNode, "section" | "path">[],
  output: CompiledOutput | undefined,
  at: string,
): void {
  const brought = new Map<string, Brought>();
  for (const { section, path } of nodes) for (const tool of section.tools) brought.set(tool.name, { tool, path });
  for (const { section, path } of nodes) {
    if (section.taskExample === undefined) continue;
    checkSteps(section.taskExample, brought, path, at);
    checkOutcome(section.taskExample, output, path, at);
  }
}

function checkSteps({ steps }: TaskExample, brought: ReadonlyMap<string, Brought>, path: string, at: string): void {
  for (const [index, { tool }] of steps.entries()) {
    const known = brought.get(tool.name);
    if (known?.tool === tool) continue;
    const names = [...brought.keys()].toSorted();
    throw new WinkError("PROMPT_INVALID", {
      at: `${at}, section "${path}", steps[${index}]`,
      problem:
        known === undefined
          ? `No section brings the tool "${tool.name}"`
          : `Section "${known.path}" brings another tool called "${tool.name}"`,
      expected: names.length === 0 ? "a tool that a section brings; none brings any" : `one of ${names.join(", ")}`,
      received: known === undefined ? `"${tool.name}"` : "another object of that name",
      fix:
        known === undefined
          ? didYouMean(tool.name, names) || "Bring the tool in a section of this prompt."
          : "Make the tool once, and give the same value to the section and to `step`.",
      example: 'section({ key: "files", title: "Files", body: "", tools: [readFile] })',
      details: { section: path, step: index, tool: tool.name, tools: names },
    });
  }
}

function checkOutcome({ outcome }: TaskExample, output: CompiledOutput | undefined, path: string, at: string): void {
  const problem = outcomeProblem(outcome, output);
  if (problem === undefined) return;
  throw new WinkError("PROMPT_INVALID", {
    at: `${at}, section "${path}", outcome`,
    problem,
    ...rightOutcomes[output?.container ?? "text"],
    received: shownValue(outcome),
    details: { section: path },
  });
}

const rightOutcomes = {
  text: { expected: "text, because the prompt has no `output`", example: 'outcome: "It prints a greeting."' },
  object: {
    expected: "an object that fits the prompt's `output`",
    example: 'output: z.object({ summary: z.string() }), outcome: { summary: "It prints a greeting." }',
  },
  array: {
    expected: "the whole list, as it fits the prompt's `output`",
    example: 'output: z.array(z.string()), outcome: ["main.ts", "greet.ts"]',
  },
};

/** What is wrong with an outcome, if anything. */
function outcomeProblem(outcome: TaskExample["outcome"], output: CompiledOutput | undefined): string | undefined {
  if (output === undefined) return typeof outcome === "string" ? undefined : "The outcome is not text";
  const { schema } = output;
  try {
    const parsed = parse(schema, outcome);
    return parsed.ok ? undefined : `The outcome does not fit: ${problemsText(parsed.problems)}`;
  } catch (error) {
    return `The outcome cannot be checked: ${bareProblem(error)}`;
  }
}
