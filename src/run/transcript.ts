import { sha256 } from "../base/index.ts";
import type { AssistantMessage, Message, ToolCallPart } from "../model/index.ts";

/** The conversation of one run: a list that only grows, and a digest over it, so that each message is hashed once. */
export class Transcript {
  readonly #messages: Message[] = [];
  /** The ids of all calls, and how often each was given anew. */
  readonly #callIds = new Map<string, number>();
  #digest = "";

  /** All messages so far; the same array, so that drivers can keep what they made of earlier ones. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** SHA-256 over the digest before and the newest message, as JSON. */
  get digest(): string {
    return this.#digest;
  }

  add(message: Message): void {
    this.#messages.push(message);
    this.#digest = sha256(`${this.#digest}\n${JSON.stringify(message)}`);
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

/** The tool calls of an answer, in order. */
export function toolCalls(message: AssistantMessage): readonly ToolCallPart[] {
  return message.content.filter((part) => part.type === "tool-call");
}
