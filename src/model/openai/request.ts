import type { ModelRequest, OutputSpec, ToolSpec } from "../index.ts";
import { cached } from "../provider/index.ts";
import type { ChatBody, ChatResponseFormat, ChatTool } from "./client.ts";
import { chatMessages } from "./messages.ts";
import { dialectOf } from "./schema-dialect.ts";
import { applySettings, type OpenAISettings } from "./settings.ts";

/** Makes the bodies of requests; what does not change between the turns of a run is made once. */
interface BodyMaker {
  bodyOf(request: ModelRequest): ChatBody;
}

/** Makes bodies for one model under its settings. */
export function bodyMaker(model: string, settings: OpenAISettings): BodyMaker {
  const strict = settings.strictSchemas ?? true;
  const format = settings.outputFormat ?? "json-schema";
  const tools = new WeakMap<readonly ToolSpec[], ChatTool[]>();
  const outputs = new WeakMap<OutputSpec, ChatResponseFormat>();
  const forms = new WeakMap<OutputSpec, string>();
  return {
    bodyOf(request) {
      const { output } = request;
      const form =
        output === undefined || format === "json-schema" ? "" : cached(forms, output, () => formText(output));
      const system = [request.system, form].filter((text) => text !== "").join("\n\n");
      const body: ChatBody = { model, messages: chatMessages(system, request.messages) };
      if (request.tools.length > 0) {
        body.tools = cached(tools, request.tools, () => request.tools.map((spec) => chatTool(spec, strict)));
      }
      if (output !== undefined && format === "json-object") body.response_format = { type: "json_object" };
      else if (output !== undefined && format === "json-schema") {
        body.response_format = cached(outputs, output, () => responseFormat(output, strict));
      }
      applySettings(body, settings, request);
      return body;
    },
  };
}

/** A tool as Chat Completions has it. */
function chatTool(spec: ToolSpec, strict: boolean): ChatTool {
  const { name, description, parameters } = spec;
  const dialect = dialectOf(parameters);
  if (!strict || !dialect.strict) return { type: "function", function: { name, description, parameters } };
  return { type: "function", function: { name, description, parameters: dialect.schema, strict: true } };
}

/** The form of the final answer as Chat Completions has it. */
function responseFormat(output: OutputSpec, strict: boolean): ChatResponseFormat {
  const dialect = dialectOf(output.schema);
  const asStrict = strict && dialect.strict;
  const schema = asStrict ? dialect.schema : output.schema;
  return { type: "json_schema", json_schema: { name: output.name.slice(0, longestName), schema, strict: asStrict } };
}

/** Tells the form in words, for servers that are not given the schema. */
function formText({ schema }: OutputSpec): string {
  return `When you are done, answer with nothing but JSON that fits this JSON Schema:\n${JSON.stringify(schema)}`;
}

/** The longest name that the protocol takes. */
const longestName = 64;
