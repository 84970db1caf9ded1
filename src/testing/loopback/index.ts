/** Servers on 127.0.0.1 that speak providers' protocols, check what they are sent and answer by a script. */
export type {
  LoopbackAnswer,
  LoopbackBody,
  LoopbackCall,
  LoopbackFault,
  LoopbackMore,
  LoopbackPace,
  LoopbackSaid,
  LoopbackStatus,
} from "./answer.ts";
export { loopbackAnthropic } from "./anthropic/loopback-anthropic.ts";
export { type LoopbackLiteLLMOptions, type LoopbackTokens, loopbackLiteLLM } from "./litellm/loopback-litellm.ts";
export { loopbackOpenAI } from "./openai/loopback-openai.ts";
export type { LoopbackOptions, LoopbackRequest, LoopbackServer } from "./server.ts";
