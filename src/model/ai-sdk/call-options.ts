import type { ModelRequest, OutputSpec, ToolSpec } from "../index.ts";
import { cached, formText } from "../provider/index.ts";
import type { AiSdkCallOptions, AiSdkResponseFormat, AiSdkTool } from "./language-model.ts";
import { type FileSource, promptMaker } from "./messages.ts";
import { type AiSdkSettings, applySettings } from "./settings.ts";

/** Makes the options of calls; what does not change between the turns of a run is made once. */
export function optionsMaker<File>(
  from: string,
  settings: AiSdkSettings,
  fileOf: (file: FileSource) => File,
): (request: ModelRequest, signal: AbortSignal) => AiSdkCallOptions<File> {
  const format = settings.outputFormat ?? "json-schema";
  const prompt = promptMaker({ from, fileOf, systemOptions: settings.systemOptions });
  const tools = new WeakMap<readonly ToolSpec[], AiSdkTool[]>();
  const forms = new WeakMap<OutputSpec, string>();
  return (request, signal) => {
    const { output } = request;
    const form = output === undefined || format === "json-schema" ? "" : cached(forms, output, () => formText(output));
    const system = [request.system, form].filter((text) => text !== "").join("\n\n");
    const options: AiSdkCallOptions<File> = { prompt: prompt(system, request.messages), abortSignal: signal };
    if (request.tools.length > 0) options.tools = cached(tools, request.tools, () => request.tools.map(toolOf)).slice();
    if (output !== undefined && format !== "none") options.responseFormat = responseFormat(output, format);
    applySettings(options, settings, request);
    return options;
  };
}

const toolOf = ({ name, description, parameters }: ToolSpec): AiSdkTool => ({
  type: "function",
  name,
  description,
  inputSchema: parameters,
});

function responseFormat({ name, schema }: OutputSpec, format: "json-schema" | "json-object"): AiSdkResponseFormat {
  return format === "json-object" ? { type: "json" } : { type: "json", schema, name: name.slice(0, longestName) };
}

/** The longest name that providers take. */
const longestName = 64;
