/** Models behind Anthropic's Messages API, through a client that the user passes in. */
export { type AnthropicModelOptions, anthropicModel } from "./anthropic-model.ts";
export type {
  AnthropicBlock,
  AnthropicBody,
  AnthropicCacheControl,
  AnthropicClient,
  AnthropicDocumentBlock,
  AnthropicEffort,
  AnthropicFormat,
  AnthropicImageBlock,
  AnthropicImageType,
  AnthropicMessage,
  AnthropicTextBlock,
  AnthropicThinking,
  AnthropicThinkingBlock,
  AnthropicTool,
  AnthropicToolChoice,
  AnthropicToolResultBlock,
  AnthropicToolUseBlock,
} from "./client.ts";
export type { AnthropicSettings } from "./settings.ts";
