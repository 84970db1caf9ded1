/** Puts an answer together that comes as a stream of events, so that it is read as one that came whole. */
import { isJsonObject, type JsonObject, type JsonValue, WinkError } from "../../base/index.ts";
import type { Progress } from "../index.ts";
import { type InvalidAnswer, invalidAnswer } from "../provider/index.ts";
import { messagesService } from "./service.ts";

/** How a stream is read. */
interface StreamOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Takes out of errors what must not be shown. */
  readonly hide: (text: string) => string;
}

/** A block while it comes. */
interface Block {
  readonly fields: Record<string, JsonValue>;
  /** The input of a call, as the JSON that came so far. */
  json: string;
}

/**
 * Reads events to the last and gives the message that they make; a client's answer that is no stream is given as it is.
 * Throws `MODEL_UNAVAILABLE` when the stream breaks off, `MODEL_RESPONSE_INVALID` when its events make no message, and
 * what an `error` event stands for.
 */
export async function wholeAnswer(answer: unknown, options: StreamOptions): Promise<unknown> {
  if (!isStream(answer)) return answer;
  const message = createMessage(invalidAnswer(options.hide));
  let characters = 0;
  for await (const event of answer) {
    options.signal.throwIfAborted();
    if (message.isWhole()) continue; // read to its end, so that the connection can be used again
    const more = message.take(event);
    if (more === 0) continue;
    characters += more;
    options.onProgress?.({ characters });
  }
  return message.whole();
}

interface Message {
  /** Takes an event, and gives how many characters it brought. */
  take(event: unknown): number;
  isWhole(): boolean;
  whole(): JsonObject;
}

function createMessage(invalid: InvalidAnswer): Message {
  const blocks = new Map<number, Block>();
  let head: Record<string, JsonValue> | undefined;
  let usage: JsonObject = {};
  let isStopped = false;

  function begin(event: JsonObject): number {
    if (head !== undefined || !isJsonObject(event.message)) {
      throw invalid("The stream begins twice, or with no message", "one `message_start`", event);
    }
    head = { ...event.message };
    if (isJsonObject(head.usage)) usage = head.usage;
    return 0;
  }

  function beginBlock(event: JsonObject): number {
    const { index, content_block: block } = event;
    if (!isIndex(index) || blocks.has(index) || !isJsonObject(block)) {
      throw invalid("A block of the stream has no place of its own", "`index` and `content_block`", event);
    }
    blocks.set(index, { fields: { ...block }, json: "" });
    return [block.text, block.thinking, block.data].reduce<number>((sum, text) => sum + lengthOf(text), 0);
  }

  function addTo(event: JsonObject): number {
    const { index, delta } = event;
    const block = isIndex(index) ? blocks.get(index) : undefined;
    if (block === undefined || !isJsonObject(delta)) {
      throw invalid("The stream goes on with a block that has not begun", "`index` and `delta`", event);
    }
    if (delta.type === "text_delta") return append(block.fields, "text", delta.text);
    if (delta.type === "thinking_delta") return append(block.fields, "thinking", delta.thinking);
    if (delta.type === "signature_delta" && delta.signature !== undefined) block.fields.signature = delta.signature;
    if (delta.type !== "input_json_delta" || typeof delta.partial_json !== "string") return 0;
    block.json += delta.partial_json;
    return delta.partial_json.length;
  }

  function end({ delta, usage: counts }: JsonObject): number {
    if (head === undefined) throw invalid("The stream has no beginning", "`message_start` first", { delta });
    if (isJsonObject(delta)) Object.assign(head, delta);
    if (isJsonObject(counts)) {
      // counts are of the whole message; those that do not apply are null
      usage = { ...usage, ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== null)) };
    }
    return 0;
  }

  return {
    take(event) {
      if (!isJsonObject(event)) throw invalid("The stream has an event that is no object", "an event", event);
      switch (event.type) {
        case "message_start":
          return begin(event);
        case "content_block_start":
          return beginBlock(event);
        case "content_block_delta":
          return addTo(event);
        case "message_delta":
          return end(event);
        case "message_stop":
          isStopped = true;
          return 0;
        case "error":
          throw errorOf(event);
        default: // `content_block_stop`, `ping`, and what is yet to come
          return 0;
      }
    },
    isWhole: () => isStopped,
    whole() {
      if (head === undefined) throw invalid("The answer is no stream of a message", "`message_start` first", undefined);
      if (!isStopped) throw brokenOff();
      const content = [...blocks].sort(([one], [other]) => one - other).map(([, block]) => blockOf(block));
      return { ...head, content, usage };
    },
  };
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

const isIndex = (value: JsonValue | undefined): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

const lengthOf = (value: JsonValue | undefined): number => (typeof value === "string" ? value.length : 0);

function append(fields: Record<string, JsonValue>, name: string, more: JsonValue | undefined): number {
  if (typeof more !== "string") return 0;
  const before = fields[name];
  fields[name] = (typeof before === "string" ? before : "") + more;
  return more.length;
}

/** A block with its input read; one that is no JSON, as of an answer that was cut off, stays a text. */
function blockOf({ fields, json }: Block): JsonObject {
  if (json === "") return fields;
  try {
    const input: JsonValue = JSON.parse(json);
    return { ...fields, input };
  } catch {
    return { ...fields, input: json };
  }
}

/** What an `error` event says, as clients throw it. */
function errorOf({ error }: JsonObject): Error {
  const told = isJsonObject(error) ? error : {};
  const status = messagesService.statusOf?.(String(told.type));
  const message = typeof told.message === "string" ? told.message : "an error without a message";
  return Object.assign(new Error(message), { status, error: told });
}

function brokenOff(): WinkError {
  return new WinkError("MODEL_UNAVAILABLE", {
    problem: "The stream of the answer broke off",
    expected: "events until `message_stop`",
    fix: "Try again; if it stays so, look at what stands between here and the provider.",
  });
}
