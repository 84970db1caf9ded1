import { sha256 } from "../base/index.ts";
import type { AssistantMessage, Message, ToolCallPart, ToolResultPart, UserMessage } from "../model/index.ts";

/**
 * The conversation of one run: a list that only grows, and a digest over it, so that each message is hashed once. What a model is sent
 * of it is the same list until something is left out to make room.
 */
export class Transcript {
  readonly #messages: Message[] = [];
  #sent: Message[] = this.#messages;
  /** What stands for results that are left out, by the ids of their calls. */
  readonly #leftOut = new Map<string, string>();
  /** Messages without what is left out: the same ones each time, so that they are counted and mapped once. */
  readonly #sentAs = new WeakMap<Message, Message>();
  #summary: Summary | undefined;
  /** The ids of all calls, and how often each was given anew. */
  readonly #callIds = new Map<string, number>();
  #digest = "";

  /** All messages so far. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** What a model is sent of them; the same array as long as it only grows, so that drivers can keep what they made of it. */
  get sent(): readonly Message[] {
    return this.#sent;
  }

  /** The message that stands for earlier ones; undefined without one. */
  get summary(): UserMessage | undefined {
    return this.#summary?.message;
  }

  /** How many of the messages a summary stands for, the first message of all among them; 0 without one. */
  get summarised(): number {
    return this.#summary?.messages ?? 0;
  }

  /** SHA-256 over the digest before and the newest message, as JSON. */
  get digest(): string {
    return this.#digest;
  }

  add(message: Message): void {
    this.#messages.push(message);
    if (this.#sent !== this.#messages) this.#sent.push(message);
    this.#digest = sha256(`${this.#digest}\n${JSON.stringify(message)}`);
  }

  /** From now on sends a text in the place of each of some results. */
  leaveOut(calls: Iterable<string>, textFor: (result: ToolResultPart) => string): void {
    const named = new Set(calls);
    for (const message of this.#messages) {
      if (message.role !== "tool") continue;
      for (const part of message.content) {
        if (!named.has(part.id)) continue;
        this.#leftOut.set(part.id, textFor(part));
        this.#sentAs.delete(message);
      }
    }
    this.#sendAnew();
  }

  /** From now on sends a summary in the place of all but the first of so many messages. */
  summarise(summary: Summary): void {
    this.#summary = summary;
    this.#sendAnew();
  }

  #sendAnew(): void {
    const [first, ...others] = this.#messages;
    const rest = this.#summary === undefined ? others : [this.#summary.message, ...others.slice(this.summarised - 1)];
    this.#sent = [...(first === undefined ? [] : [first]), ...rest.map((message) => this.#withoutLeftOut(message))];
  }

  #withoutLeftOut(message: Message): Message {
    if (message.role !== "tool" || !message.content.some(({ id }) => this.#leftOut.has(id))) return message;
    const known = this.#sentAs.get(message);
    if (known !== undefined) return known;
    const content = message.content.map((part) => ({ ...part, text: this.#leftOut.get(part.id) ?? part.text }));
    const shorter = { ...message, content };
    this.#sentAs.set(message, shorter);
    return shorter;
  }

  /** The same answer with ids for its calls that no other call of the run has; models do repeat them. */
  withOwnCallIds(message: AssistantMessage): AssistantMessage {
    let changed = false;
    const content = message.content.map((part) => {
      if (part.type !== "tool-call") return part;
      const id = this.#ownId(part.id);
      if (id === part.id) return part;
      changed = true;
      return { ...part, id };
    });
    return changed ? { ...message, content } : message;
  }

  #ownId(given: string): string {
    const name = given || "call";
    let count = this.#callIds.get(name) ?? 0;
    let id = given;
    while (id === "" || this.#callIds.has(id)) {
      count += 1;
      id = `${name}-${count + 1}`;
    }
    this.#callIds.set(name, count);
    this.#callIds.set(id, this.#callIds.get(id) ?? 0);
    return id;
  }
}

/** What stands for the beginning of a conversation. */
export interface Summary {
  /** How many messages, from the first. */
  readonly messages: number;
  readonly message: UserMessage;
}

/** The tool calls of an answer, in order. */
export function toolCalls(message: AssistantMessage): readonly ToolCallPart[] {
  return message.content.filter((part) => part.type === "tool-call");
}
