/** Models behind OpenAI's Chat Completions protocol, through a client that the user passes in. */
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
  ReasoningEffort,
} from "./client.ts";
export { type OpenAIModelOptions, openaiModel } from "./openai-model.ts";
export type { OpenAISettings } from "./settings.ts";
