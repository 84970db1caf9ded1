/** How many tokens a request has. */
import { shownValue, WinkError } from "../../base/index.ts";
import type { CountTokens } from "../../limits/index.ts";
import type { Message, Model, ModelRequest } from "../../model/index.ts";
import { countedBy } from "../counted-by.ts";

/** What an image is counted for: about the most that providers take for a large one. */
const tokensOfImage = 2_000;

/** A count. */
export interface TokenCount {
  readonly tokens: number;
  /** What it is at least, as far as somebody knows; what is only reckoned by length does not count. */
  readonly least: number;
}

const exactly = (tokens: number): TokenCount => ({ tokens, least: tokens });

/**
 * Counts the tokens of the growing requests of one run: by a tokenizer, else by the model's own counter, else by what the provider
 * said of the request before and a token for every two bytes behind it. Each message is looked at once.
 */
export class RequestCounter {
  readonly #countTokens: CountTokens | undefined;
  readonly #ofMessage = new WeakMap<Message, number>();
  /** The list that was summed up last, which grows, and its sum so far. */
  #list: readonly Message[] = [];
  #length = 0;
  #sum = 0;
  /** The request whose tools and texts around the messages were counted last. */
  #around: ModelRequest | undefined;
  #ofAround = 0;
  /** What the provider said of a request, and what it is by our reckoning. */
  #told: { readonly tokens: number; readonly reckoned: number; readonly list: readonly Message[] } | undefined;

  constructor(countTokens: CountTokens | undefined) {
    this.#countTokens = countTokens;
  }

  /** The tokens of a text. */
  ofText(text: string): number {
    if (this.#countTokens === undefined) return Math.ceil(Buffer.byteLength(text) / 2);
    const tokens = this.#countTokens(text);
    if (Number.isFinite(tokens) && tokens >= 0) return tokens;
    throw new WinkError("INPUT_INVALID", {
      at: "context, countTokens",
      problem: "The tokenizer gives no count",
      expected: "a number from 0 on",
      received: shownValue(tokens),
    });
  }

  /** The tokens of messages by our own reckoning. */
  ofMessages(messages: readonly Message[]): number {
    return messages.reduce((sum, message) => sum + this.#of(message), 0);
  }

  /** The tokens of a request by our own reckoning: a tokenizer's, or a token for every two bytes. */
  reckon(request: ModelRequest): number {
    if (this.#around !== request) {
      const { messages: _messages, limits: _limits, ...around } = request;
      this.#ofAround = this.ofText(JSON.stringify(around));
      this.#around = request;
    }
    return this.#ofAround + this.#sumOf(request.messages);
  }

  /** The tokens of a request to a model. */
  count(model: Model, request: ModelRequest): TokenCount {
    const reckoned = this.reckon(request);
    if (this.#countTokens !== undefined) return exactly(reckoned);
    const own = countedBy(model, request);
    if (own !== undefined) return exactly(own);
    const told = this.#told;
    if (told === undefined) return { tokens: reckoned, least: 0 };
    const hasGrown = told.list === request.messages && reckoned >= told.reckoned;
    const byShare = Math.ceil((told.tokens * reckoned) / told.reckoned);
    const tokens = hasGrown ? Math.ceil(told.tokens + reckoned - told.reckoned) : byShare;
    return { tokens, least: Math.min(tokens, byShare) };
  }

  /** Takes what a provider said of the request that was reckoned last, if one was; its messages are all in the list. */
  tell(tokens: number | undefined, list: readonly Message[]): void {
    if (tokens === undefined || tokens <= 0 || this.#countTokens !== undefined || this.#around === undefined) return;
    this.#told = { tokens, reckoned: this.#ofAround + this.#sumOf(list), list };
  }

  #sumOf(list: readonly Message[]): number {
    if (list !== this.#list || list.length < this.#length) {
      this.#list = list;
      this.#length = 0;
      this.#sum = 0;
    }
    for (const message of list.slice(this.#length)) this.#sum += this.#of(message);
    this.#length = list.length;
    return this.#sum;
  }

  #of(message: Message): number {
    const known = this.#ofMessage.get(message);
    if (known !== undefined) return known;
    const tokens = this.#counted(message);
    this.#ofMessage.set(message, tokens);
    return tokens;
  }

  #counted(message: Message): number {
    if (message.role !== "user") return this.ofText(JSON.stringify(message));
    let tokens = 0;
    for (const part of message.content) {
      if (part.type === "text") tokens += this.ofText(part.text);
      else tokens += part.type === "image" ? tokensOfImage : Math.ceil(part.data.length / 4);
    }
    return tokens;
  }
}
