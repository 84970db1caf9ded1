/** The port to language models. Drivers are entries of their own: `weakincentives/model/openai`, `…/anthropic`, `…/ai-sdk`, `…/litellm`, `…/scripted`, `…/offline`. */
export {
  type AssistantMessage,
  type FilePart,
  type ImagePart,
  type Message,
  type OutputSpec,
  type ProviderData,
  type TextPart,
  type ToolCallPart,
  type ToolMessage,
  type ToolResultPart,
  type ToolSpec,
  textOf,
  type UserMessage,
} from "./message.ts";
export type { Finish, GenerateOptions, Model, ModelRequest, ModelResponse, Progress, RequestLimits } from "./model.ts";
