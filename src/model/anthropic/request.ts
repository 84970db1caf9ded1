import type { ModelRequest, ToolSpec } from "../index.ts";
import { cached, toolChoiceNow, withWords } from "../provider/index.ts";
import { type AnswerForm, answerForms } from "./answer-form.ts";
import type { AnthropicBody, AnthropicTool, AnthropicToolChoice } from "./client.ts";
import { inputSchema } from "./input-schema.ts";
import { messagesOf } from "./messages.ts";
import { type AnthropicSettings, applySettings, cacheControl, maxTokens, thinks } from "./settings.ts";

/** A body, and the tool by which the model gives its answer, if there is one. */
interface MadeBody {
  readonly body: AnthropicBody;
  readonly answerTool: string | undefined;
}

/** Makes the bodies of requests; what does not change between the turns of a run is made once. */
interface BodyMaker {
  bodyOf(request: ModelRequest): MadeBody;
}

/** Makes bodies for one model under its settings. */
export function bodyMaker(model: string, settings: AnthropicSettings): BodyMaker {
  const cache = cacheControl(settings);
  const formOf = answerForms(settings);
  const made = new WeakMap<ToolSpec, AnthropicTool>();
  return {
    bodyOf(request) {
      const form: AnswerForm = request.output === undefined ? {} : formOf(request.output, request.tools);
      const body: AnthropicBody = {
        model,
        max_tokens: maxTokens(settings, request),
        messages: messagesOf(request.messages, cache),
      };
      const system = withWords(request.system, form.words ?? "");
      if (system.trim() !== "") body.system = [{ type: "text", text: system, ...(cache && { cache_control: cache }) }];
      const tools = request.tools.map((spec) => cached(made, spec, () => toolOf(spec)));
      if (form.tool !== undefined) tools.push(form.tool);
      const last = tools.pop();
      if (last !== undefined) {
        body.tools = [...tools, cache === undefined ? last : { ...last, cache_control: cache }];
        const choice = toolChoice(settings, request, form.tool?.name);
        if (choice !== undefined) body.tool_choice = choice;
      }
      if (form.format !== undefined) body.output_config = { format: form.format };
      applySettings(body, settings);
      return { body, answerTool: form.tool?.name };
    },
  };
}

/** A tool as the Messages API has it. */
const toolOf = ({ name, description, parameters }: ToolSpec): AnthropicTool => ({
  name,
  description,
  input_schema: inputSchema(parameters),
});

/** What the settings demand until the first call has come, and what the tool for the answer demands. */
function toolChoice(
  settings: AnthropicSettings,
  request: ModelRequest,
  answerTool: string | undefined,
): AnthropicToolChoice | undefined {
  const single = settings.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  const wanted = settings.toolChoice ?? (settings.parallelToolCalls === false ? "auto" : undefined);
  const choice = toolChoiceNow(wanted, request);
  if (typeof choice === "object") return { type: "tool", name: choice.tool, ...single };
  if (answerTool !== undefined) {
    if (thinks(settings)) return { type: "auto", ...single };
    const isOnly = choice === "none" || request.tools.length === 0;
    return isOnly ? { type: "tool", name: answerTool, ...single } : { type: "any", ...single };
  }
  if (choice === undefined || choice === "none") return choice && { type: choice };
  return { type: choice === "required" ? "any" : "auto", ...single };
}
