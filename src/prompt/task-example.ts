/** Task examples as data: checked steps of a task, and the text that shows them. */
import { isJsonObject, type JsonValue, shownValue, WinkError } from "../base/index.ts";
import { compileExample, isLabel, jsonCopy, type Tool, type ToolExample } from "../tool/index.ts";
import { callLines, indented, lineJson } from "./example-lines.ts";
import type { TaskStep } from "./task-step.ts";

/** A step after it was checked against its tool. */
export interface CompiledStep extends ToolExample {
  readonly tool: Tool;
}

/** A task, how it is done, and the final answer. */
export interface TaskExample {
  readonly objective: string;
  /** Text, or what the prompt's `output` takes in. */
  readonly outcome: JsonValue;
  readonly steps: readonly CompiledStep[];
}

/** What a task example is made from. */
export interface TaskExampleSource {
  readonly objective: string;
  readonly outcome: string | object;
  readonly steps: readonly TaskStep[];
}

/** Checks a task example as far as it can be without its prompt; throws `PROMPT_INVALID`. */
export function compileTaskExample(source: TaskExampleSource, at: string): TaskExample {
  const objective = source.objective.trim();
  if (!isLabel(objective, 500)) {
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: "The objective is not well formed",
      expected: "1 to 500 printable ASCII characters",
      received: shownValue(source.objective),
      example: 'objective: "Find out what main.ts does"',
    });
  }
  if (source.steps.length === 0) {
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: "There are no steps",
      expected: "at least one step",
      received: "steps: []",
      example: stepExample,
    });
  }
  const outcome = outcomeOf(source.outcome, at);
  return { objective, outcome, steps: source.steps.map((step, index) => compileStep(step, `steps[${index}]`, at)) };
}

const stepExample =
  'steps: [step(readFile, { description: "Read the file", params: { path: "main.ts" }, result: "main();" })]';

function outcomeOf(given: unknown, at: string): JsonValue {
  const copy = jsonCopy(given);
  if (copy.ok && (isJsonObject(copy.value) || Array.isArray(copy.value))) return copy.value;
  if (copy.ok && typeof copy.value === "string" && copy.value.trim() !== "") return copy.value;
  throw new WinkError("PROMPT_INVALID", {
    at: `${at}, outcome`,
    problem: copy.ok ? "The outcome is no final answer" : `The outcome is not plain data: ${copy.problem}`,
    expected: "the final answer: text, or what the prompt's `output` takes in",
    received: shownValue(given),
    example: 'outcome: "It prints a greeting."',
  });
}

function compileStep(step: TaskStep, place: string, at: string): CompiledStep {
  const compiled = compileExample(step.tool, step);
  if (compiled.ok) return { ...compiled.value, tool: step.tool };
  const { ok: _ok, field, ...wrong } = compiled;
  throw new WinkError("PROMPT_INVALID", {
    ...wrong,
    at: `${at}, ${place}.${field}, a call of tool "${step.tool.name}"`,
    example: stepExample,
    details: { tool: step.tool.name, field: `${place}.${field}` },
  });
}

/** What a model reads of a task example, below its title. */
export function taskExampleText({ objective, outcome, steps }: TaskExample): string {
  return [
    `**Objective:** ${objective}`,
    "**Steps:**",
    ...steps.map(stepText),
    `**Outcome:** ${typeof outcome === "string" ? outcome : lineJson(outcome)}`,
  ].join("\n\n");
}

function stepText(step: CompiledStep, index: number): string {
  const number = `${index + 1}. `;
  const lines = indented(number.length, callLines(step, "- "));
  return [`${number}**${step.tool.name}** - ${step.description}`, ...lines].join("\n");
}
