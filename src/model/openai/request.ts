import type { ModelRequest, OutputSpec, ToolSpec } from "../index.ts";
import { cached, mostTokens, stopList, toolChoiceNow } from "../provider/index.ts";
import type { ChatBody, ChatResponseFormat, ChatTool } from "./client.ts";
import { chatMessages } from "./messages.ts";
import { namedSchema, sentSchema, systemText } from "./output-form.ts";
import { applyShared, type OpenAISettings } from "./settings.ts";

/** Makes the bodies of requests; what does not change between the turns of a run is made once. */
interface BodyMaker {
  /** The body of a request; `streamed` asks for the answer in pieces. */
  bodyOf(request: ModelRequest, streamed?: boolean): ChatBody;
}

/** Makes bodies for one model under its settings. */
export function bodyMaker(model: string, settings: OpenAISettings): BodyMaker {
  const tools = new WeakMap<readonly ToolSpec[], ChatTool[]>();
  const outputs = new WeakMap<OutputSpec, ChatResponseFormat>();
  return {
    bodyOf(request, streamed = false) {
      const { output } = request;
      const body: ChatBody = { model, messages: chatMessages(systemText(request, settings), request.messages) };
      if (request.tools.length > 0) {
        body.tools = cached(tools, request.tools, () => request.tools.map((spec) => chatTool(spec, settings)));
      }
      const format = settings.outputFormat ?? "json-schema";
      if (output !== undefined && format === "json-object") body.response_format = { type: "json_object" };
      else if (output !== undefined && format === "json-schema") {
        body.response_format = cached(outputs, output, () => responseFormat(output, settings));
      }
      applySettings(body, settings, request);
      if (streamed) askForStream(body);
      return body;
    },
  };
}

/** A tool as Chat Completions has it. */
function chatTool({ name, description, parameters }: ToolSpec, settings: OpenAISettings): ChatTool {
  const { schema, strict } = sentSchema(parameters, settings);
  return { type: "function", function: { name, description, parameters: schema, ...(strict && { strict }) } };
}

/** The form of the final answer as Chat Completions has it. */
const responseFormat = (output: OutputSpec, settings: OpenAISettings): ChatResponseFormat => {
  return { type: "json_schema", json_schema: namedSchema(output, settings) };
};

/** Writes into a body what the settings and the request's limits say. */
function applySettings(body: ChatBody, settings: OpenAISettings, request: ModelRequest): void {
  const { stop } = settings;
  applyShared(body, settings, body.tools !== undefined);
  if (settings.seed !== undefined) body.seed = settings.seed;
  if (stop !== undefined) body.stop = stopList(stop);
  if (settings.presencePenalty !== undefined) body.presence_penalty = settings.presencePenalty;
  if (settings.frequencyPenalty !== undefined) body.frequency_penalty = settings.frequencyPenalty;
  if (settings.reasoningEffort !== undefined) body.reasoning_effort = settings.reasoningEffort;
  if (settings.verbosity !== undefined) body.verbosity = settings.verbosity;
  if (settings.store !== undefined) body.store = settings.store;
  const most = mostTokens(settings.maxOutputTokens, request);
  if (most !== Infinity) body[settings.maxTokensField ?? "max_completion_tokens"] = most;
  const choice = body.tools && toolChoiceNow(settings.toolChoice, request);
  if (choice !== undefined) {
    body.tool_choice = typeof choice === "string" ? choice : { type: "function", function: { name: choice.tool } };
  }
  if (settings.extra !== undefined) Object.assign(body, settings.extra);
}

/** Asks for a stream that tells the usage at its end, unless `extra` says otherwise of either. */
function askForStream(body: ChatBody): void {
  body.stream ??= true;
  if (body.stream && !("stream_options" in body)) body.stream_options = { include_usage: true };
}
