import type { OutputSpec, ToolSpec } from "../index.ts";
import { cached, formText } from "../provider/index.ts";
import type { AnthropicFormat, AnthropicTool } from "./client.ts";
import { inputSchema } from "./input-schema.ts";
import { outputSchema } from "./output-schema.ts";
import { type AnthropicSettings, thinks } from "./settings.ts";

/** How a request asks for the form of the final answer: by the provider's guarantee, by a tool, by words, or not at all. */
export interface AnswerForm {
  readonly format?: AnthropicFormat;
  /** The tool whose input is the answer. */
  readonly tool?: AnthropicTool;
  /** What stands at the end of the system text. */
  readonly words?: string;
}

/** Makes what asks for the form of an answer. */
export function answerForms(
  settings: AnthropicSettings,
): (output: OutputSpec, tools: readonly ToolSpec[]) => AnswerForm {
  const { outputFormat = "json-schema" } = settings;
  const known = new WeakMap<OutputSpec, AnswerForm>();
  return (output, tools) => {
    if (outputFormat === "tool") return byTool(output, tools, thinks(settings));
    return cached(known, output, () => {
      const schema = outputFormat === "none" ? undefined : outputSchema(output.schema);
      return schema === undefined ? inWords(output) : { format: { type: "json_schema", schema } };
    });
  };
}

/** The tool's name is free among the others. With thinking its call cannot be forced, and is asked for in words as well. */
function byTool({ schema }: OutputSpec, tools: readonly ToolSpec[], isAsked: boolean): AnswerForm {
  let name = "final_answer";
  while (tools.some((tool) => tool.name === name)) name += "_";
  const description =
    "Gives the final answer. Call it alone, when you are done, instead of writing the answer as text.";
  const words = `When you are done, give your answer by calling the tool \`${name}\`, not as text.`;
  return { tool: { name, description, input_schema: inputSchema(schema) }, ...(isAsked ? { words } : {}) };
}

const inWords = (output: OutputSpec): AnswerForm => ({ words: formText(output) });
