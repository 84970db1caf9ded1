/** Task examples as sections: a whole task from its objective to its outcome, for models to read. */
import { WinkError } from "../base/index.ts";
import { raw } from "./body.ts";
import { section } from "./section.ts";
import type { Section } from "./section-definition.ts";
import { compileTaskExample, taskExampleText } from "./task-example.ts";
import type { TaskStep } from "./task-step.ts";

/** What {@link taskExample} takes. */
export interface TaskExampleDefinition {
  /** As that of any section. */
  readonly key: string;
  /** What is to be done: 1 to 500 printable ASCII characters. */
  readonly objective: string;
  /** The final answer: what the prompt's `output` takes in, text when it has none. */
  readonly outcome: string | object;
  /** The calls on the way, at least one, each made by `step`. */
  readonly steps: readonly TaskStep[];
  /** The objective, cut to 60 characters, unless told. */
  readonly title?: string;
}

/** Makes a section that shows how a task is done. Throws `PROMPT_INVALID`; what its prompt must bring, `definePrompt` checks. */
export function taskExample(definition: TaskExampleDefinition): Section<{}> {
  const { key, title } = definition;
  const example = compileTaskExample(definition, `task example "${key}"`);
  const body = raw(taskExampleText(example).replaceAll("{{", "{{{{")); // its text has no placeholders
  return { ...section({ key, title: title ?? cut(example.objective), body }), taskExample: example };
}

const longestTitle = 60;

const cut = (objective: string): string =>
  objective.length <= longestTitle ? objective : `${objective.slice(0, longestTitle - 3)}...`;

/** What {@link taskExamples} takes. */
export interface TaskExamplesDefinition {
  /** `task-examples` unless told. */
  readonly key?: string;
  /** `Task Examples` unless told. */
  readonly title?: string;
  /** Sections made by {@link taskExample}, at least one. */
  readonly examples: readonly Section<{}>[];
}

/** Makes the section that task examples stand in. Throws `PROMPT_INVALID`. */
export function taskExamples(definition: TaskExamplesDefinition): Section<{}> {
  const { key = "task-examples", title = "Task Examples", examples } = definition;
  const other = examples.findIndex(({ taskExample }) => taskExample === undefined);
  if (examples.length === 0 || other !== -1) {
    throw new WinkError("PROMPT_INVALID", {
      at: examples.length === 0 ? `section "${key}"` : `section "${key}", examples[${other}]`,
      problem: examples.length === 0 ? "There are no examples" : "The section is not a task example",
      expected: "at least one section made by `taskExample`, and no others",
      received: examples.length === 0 ? "examples: []" : `section "${examples[other]?.key}"`,
      example: 'examples: [taskExample({ key: "greeting", objective: "Greet Ada", outcome: "Hello Ada", steps })]',
    });
  }
  return section({ key, title, body: "", sections: examples });
}
