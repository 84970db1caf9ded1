/** Models behind OpenAI's two APIs, Chat Completions and Responses, through a client that the user passes in. */
export type {
  ChatAssistantMessage,
  ChatBody,
  ChatMessage,
  ChatPart,
  ChatResponseFormat,
  ChatSystemMessage,
  ChatTool,
  ChatToolCall,
  ChatToolChoice,
  ChatToolMessage,
  ChatUserMessage,
  OpenAIClient,
} from "./client.ts";
export { type OpenAIModelOptions, openaiModel } from "./openai-model.ts";
export type {
  OpenAIResponsesClient,
  ResponsesBody,
  ResponsesCall,
  ResponsesFormat,
  ResponsesItem,
  ResponsesKept,
  ResponsesMessage,
  ResponsesOutput,
  ResponsesPart,
  ResponsesResult,
  ResponsesTool,
  ResponsesToolChoice,
} from "./responses/client.ts";
export { type OpenAIResponsesModelOptions, openaiResponsesModel } from "./responses/responses-model.ts";
export type { OpenAIResponsesSettings, OpenAISettings, ReasoningEffort } from "./settings.ts";
