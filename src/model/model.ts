/**
 * The smallest port to a provider: request in, response out. A model keeps nothing between calls, sends nothing but the
 * request, and stops when the signal aborts. What goes wrong is thrown as `MODEL_REJECTED`, `MODEL_THROTTLED`,
 * `MODEL_UNAVAILABLE` or `MODEL_RESPONSE_INVALID`; what the model declines to do is a response with its `finish`.
 */
import type { Usage } from "../limits/index.ts";
import type { AssistantMessage, Message, OutputSpec, ToolSpec } from "./message.ts";

/** One request. Plain data, so that a journal can hold it and a replay compare it. */
export interface ModelRequest {
  /** The stable head of the prompt; empty when the prompt has none. */
  readonly system: string;
  /** Never empty; begins with a user message. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** The form of the final answer; free text without it. */
  readonly output?: OutputSpec | undefined;
  readonly limits?: RequestLimits | undefined;
}

/** Bounds of one answer. */
export interface RequestLimits {
  readonly maxOutputTokens?: number | undefined;
}

/** Why an answer ended. `refusal`: the model or the provider's filter would not answer. */
export type Finish = "stop" | "tool-calls" | "length" | "refusal";

/** One answer. */
export interface ModelResponse {
  readonly message: AssistantMessage;
  readonly finish: Finish;
  readonly usage: Usage;
  /** What the call cost, when the provider says so; else it is reckoned from the usage. In the currency of the prices. */
  readonly cost?: number | undefined;
  /** The provider's own id of the answer. */
  readonly id?: string | undefined;
  /** The provider's own name of the model that answered, which may be more exact than the one that was asked for, or another. */
  readonly answeredBy?: string | undefined;
}

/** How one call may be ended early. */
export interface GenerateOptions {
  readonly signal: AbortSignal;
  /**
   * Called with each piece of an answer, also one that brings no characters. A driver whose provider can stream does so when
   * it is given. What it throws ends the call, as it is.
   */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How much of an answer has come. */
export interface Progress {
  /** Characters of text, reasoning and arguments so far. */
  readonly characters: number;
}

/** A language model, or what stands for one. */
export interface Model {
  /** The provider's name for the model. */
  readonly name: string;
  /** The driver: `openai`, `scripted`, `offline` … */
  readonly provider: string;
  /** The longest answer that it gives, in tokens, when the driver knows it. */
  readonly maxOutputTokens?: number | undefined;
  /** Counts the tokens of a request, or as many as there are at most; for drivers that can. */
  countTokens?(request: ModelRequest): number;
  generate(request: ModelRequest, options: GenerateOptions): Promise<ModelResponse>;
}
