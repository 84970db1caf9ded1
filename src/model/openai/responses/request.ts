import type { ModelRequest, OutputSpec, ToolSpec } from "../../index.ts";
import { cached, mostTokens, toolChoiceNow } from "../../provider/index.ts";
import { namedSchema, sentSchema, systemText } from "../output-form.ts";
import { applyShared, type OpenAIResponsesSettings } from "../settings.ts";
import type { ResponsesBody, ResponsesFormat, ResponsesTool } from "./client.ts";
import { inputOf } from "./input.ts";

/** Makes the bodies of requests; what does not change between the turns of a run is made once. */
interface BodyMaker {
  /** The body of a request; `streamed` asks for the answer in pieces. */
  bodyOf(request: ModelRequest, streamed?: boolean): ResponsesBody;
}

/** Makes bodies for one model under its settings. */
export function bodyMaker(model: string, settings: OpenAIResponsesSettings): BodyMaker {
  const tools = new WeakMap<readonly ToolSpec[], ResponsesTool[]>();
  const formats = new WeakMap<OutputSpec, ResponsesFormat>();
  const { store = false, outputFormat = "json-schema", verbosity, reasoningEffort: effort } = settings;
  const { reasoningSummary: summary, extra } = settings;
  return {
    bodyOf(request, streamed = false) {
      const { output } = request;
      const body: ResponsesBody = {
        model,
        input: inputOf(request.messages),
        store,
        include: ["reasoning.encrypted_content"],
      };
      const instructions = systemText(request, settings);
      if (instructions !== "") body.instructions = instructions;
      if (request.tools.length > 0) {
        body.tools = cached(tools, request.tools, () => request.tools.map((spec) => functionTool(spec, settings)));
        const choice = toolChoiceNow(settings.toolChoice, request);
        if (choice !== undefined) {
          body.tool_choice = typeof choice === "string" ? choice : { type: "function", name: choice.tool };
        }
      }
      const format =
        output === undefined || outputFormat === "none"
          ? undefined
          : cached(formats, output, () => formatOf(output, outputFormat, settings));
      if (format !== undefined || verbosity !== undefined) {
        body.text = { ...(format && { format }), ...(verbosity && { verbosity }) };
      }
      if (effort !== undefined || summary !== undefined) {
        body.reasoning = { ...(effort && { effort }), ...(summary && { summary }) };
      }
      const most = mostTokens(settings.maxOutputTokens, request);
      if (most !== Infinity) body.max_output_tokens = most;
      applyShared(body, settings, body.tools !== undefined);
      if (extra !== undefined) Object.assign(body, extra);
      if (streamed) body.stream ??= true; // unless `extra` says otherwise
      return body;
    },
  };
}

/** A tool as this API has it. */
function functionTool({ name, description, parameters }: ToolSpec, settings: OpenAIResponsesSettings): ResponsesTool {
  const { schema, strict } = sentSchema(parameters, settings);
  return { type: "function", name, description, parameters: schema, strict };
}

/** The form of the final answer as this API has it. */
function formatOf(
  output: OutputSpec,
  format: "json-schema" | "json-object",
  settings: OpenAIResponsesSettings,
): ResponsesFormat {
  return format === "json-object" ? { type: "json_object" } : { type: "json_schema", ...namedSchema(output, settings) };
}
