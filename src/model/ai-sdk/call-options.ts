import type { ModelRequest, OutputSpec, ToolSpec } from "../index.ts";
import { cached, formName, formText, withWords } from "../provider/index.ts";
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
  return (request, signal) => {
    const { output } = request;
    const words = output === undefined || format === "json-schema" ? "" : formText(output);
    const system = withWords(request.system, words);
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

function responseFormat(output: OutputSpec, format: "json-schema" | "json-object"): AiSdkResponseFormat {
  return format === "json-object" ? { type: "json" } : { type: "json", schema: output.schema, name: formName(output) };
}
