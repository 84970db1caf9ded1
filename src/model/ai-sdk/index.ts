/** Models of Vercel's AI SDK, versions 2 to 4 of its specification, through a model object that the user passes in. */
export { type AiSdkModelOptions, aiSdkModel } from "./ai-sdk-model.ts";
export type {
  AiSdkAssistantPart,
  AiSdkCallOptions,
  AiSdkFilePart,
  AiSdkLanguageModel,
  AiSdkMessage,
  AiSdkModelMethods,
  AiSdkNamedTool,
  AiSdkPlainFile,
  AiSdkProviderOptions,
  AiSdkReasoning,
  AiSdkReasoningPart,
  AiSdkResponseFormat,
  AiSdkTaggedFile,
  AiSdkTextPart,
  AiSdkTool,
  AiSdkToolCallPart,
  AiSdkToolChoice,
  AiSdkToolOutput,
  AiSdkToolResultPart,
} from "./language-model.ts";
export type { AiSdkSettings } from "./settings.ts";
