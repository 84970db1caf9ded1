/** Events of a stream, put together to the message that an answer in one piece has. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import { type Assembly, endedEarly, type InvalidAnswer, toldError } from "../provider/index.ts";

/** A block while it comes. */
interface Block {
  readonly fields: Record<string, JsonValue>;
  /** The input of a call, as the JSON that came so far. */
  json: string;
}

/** Makes the assembly of one answer. What comes behind its end counts nothing, but is read, so that the connection can be used again. */
export function messageAssembly(invalid: InvalidAnswer): Assembly {
  const blocks = new Map<number, Block>();
  let head: Record<string, JsonValue> | undefined;
  let usage: JsonObject = {};
  let isStopped = false;
  let characters = 0;

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

  /** Takes an event, and gives how many characters it brought. */
  function charactersIn(event: JsonObject): number {
    switch (event.type) {
      case "message_start":
        return begin(event);
      case "content_block_start":
        return beginBlock(event);
      case "content_block_delta":
        return addTo(event);
      case "message_delta":
        return end(event);
      case "error":
        throw toldError(event.error) ?? toldError(event);
      default: // `content_block_stop`, `ping`, and what is yet to come
        isStopped = event.type === "message_stop";
        return 0;
    }
  }

  return {
    get characters() {
      return characters;
    },
    take(event) {
      if (isStopped) return;
      if (!isJsonObject(event)) throw invalid("The stream has an event that is no object", "an event", event);
      characters += charactersIn(event);
    },
    whole() {
      if (head === undefined || !isStopped) throw endedEarly({ began: head !== undefined, characters }, invalid);
      const content = [...blocks].sort(([one], [other]) => one - other).map(([, block]) => blockOf(block));
      return { ...head, content, usage };
    },
  };
}

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
