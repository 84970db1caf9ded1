/** Chunks of a Chat Completions stream, put together to the body that an answer in one piece has. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import { type Assembly, argumentsText, endedEarly, type InvalidAnswer, toldError } from "../provider/index.ts";
import { echoedOfCall, echoedOfMessage, textOfContent } from "./response.ts";

/** Makes the assembly of one answer. Servers differ in what they send: a field counts as what it has said so far. */
export function chatAssembly(invalid: InvalidAnswer): Assembly {
  let characters = 0;
  let id: JsonValue | undefined;
  let model: JsonValue | undefined;
  let began = false;
  let finish: JsonValue | undefined;
  let usage: JsonValue | undefined;
  let [text, refusal] = ["", ""];
  const calls = callsAssembly(invalid);
  const echo: Record<string, JsonValue> = {};

  /** Takes what a chunk adds to the message. */
  function takeDelta(delta: JsonObject): void {
    const { content } = delta;
    text += textOfContent(content);
    refusal += textIn(delta.refusal);
    const thought = textIn(delta.reasoning_content) || textIn(delta.reasoning);
    const said = typeof content === "string" ? content.length : lengthOf(content);
    characters += said + textIn(delta.refusal).length + thought.length;
    for (const name of echoedOfMessage) {
      const value = delta[name];
      if (value !== undefined && value !== null) echo[name] = joined(echo[name], value);
    }
    characters += calls.take(delta.tool_calls);
  }

  return {
    get characters() {
      return characters;
    },
    take(chunk) {
      if (!isJsonObject(chunk)) throw invalid("A chunk of the answer is not JSON", "a chat completion chunk", chunk);
      const choice = choiceIn(chunk.choices);
      const error = toldError(chunk.error) ?? toldError(choice?.error);
      if (error !== undefined) throw error;
      if (typeof chunk.id === "string" && chunk.id !== "") id ??= chunk.id;
      if (typeof chunk.model === "string" && chunk.model !== "") model ??= chunk.model;
      if (isJsonObject(chunk.usage)) usage = chunk.usage;
      if (choice === undefined) return;
      began = true;
      finish = choice.finish_reason || finish; // some servers write "" until the end
      const delta = choice.delta ?? choice.message; // some servers that know no streams send one chunk with the message
      if (isJsonObject(delta)) takeDelta(delta);
    },
    whole() {
      if (finish === undefined) throw endedEarly({ began, characters }, invalid);
      const list = calls.list();
      const message = {
        role: "assistant",
        content: text,
        refusal,
        ...echo,
        ...(list.length > 0 && { tool_calls: list }),
      };
      const choices = [{ index: 0, message, finish_reason: finish }];
      return { id: id ?? null, model: model ?? null, choices, usage: usage ?? null };
    },
  };
}

const textIn = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");
const lengthOf = (value: JsonValue | undefined): number => (Array.isArray(value) ? argumentsText(value).length : 0);

/** The one choice that was asked for. */
function choiceIn(choices: JsonValue | undefined): JsonObject | undefined {
  const [choice] = Array.isArray(choices) ? choices : [];
  return isJsonObject(choice) && (choice.index ?? 0) === 0 ? choice : undefined;
}

/** Texts are continued, lists get longer, and of anything else the last counts. */
function joined(known: JsonValue | undefined, more: JsonValue): JsonValue {
  if (typeof known === "string" && typeof more === "string") return known + more;
  if (!Array.isArray(more)) return more;
  const list: JsonValue[] = Array.isArray(known) ? known : [];
  for (const detail of more) {
    const last = list.at(-1);
    if (isJsonObject(last) && isJsonObject(detail) && continues(last, detail))
      list[list.length - 1] = detailOf(last, detail);
    else list.push(detail);
  }
  return list;
}

/** Pieces name what they continue by an index, as OpenRouter sends them, or continue a thought until it is signed: LiteLLM's. */
const continues = (last: JsonObject, detail: JsonObject): boolean =>
  detail.type === last.type &&
  (typeof detail.index === "number" ? detail.index === last.index : isOpenThought(last) && isThought(detail));

const isThought = ({ thinking, type }: JsonObject): boolean => type === "thinking" && typeof thinking === "string";
const isOpenThought = (block: JsonObject): boolean => isThought(block) && textIn(block.signature) === "";

/** A thought and what continues it: texts grow, a signature comes at the end. */
function detailOf(last: JsonObject, detail: JsonObject): JsonObject {
  const whole: Record<string, JsonValue> = { ...last };
  for (const [name, value] of Object.entries(detail)) {
    if (value === null) continue;
    const grows = growing.has(name) && typeof value === "string";
    whole[name] = grows ? textIn(last[name]) + value : value;
  }
  return whole;
}

const growing = new Set(["summary", "text", "thinking"]);

interface Call {
  readonly index: number;
  id: string | undefined;
  name: string | undefined;
  arguments: string;
  readonly echo: Record<string, JsonValue>;
}

/** Puts tool calls together, whose pieces name them by index. */
function callsAssembly(invalid: InvalidAnswer): { take(pieces: JsonValue | undefined): number; list(): JsonObject[] } {
  const calls: Call[] = [];
  const last = new Map<number, Call>();

  /** The call that a piece belongs to. Some servers give no index, others the same for all: then a new name begins a call. */
  function callOf(piece: JsonObject, id: string, name: string): Call {
    const index = typeof piece.index === "number" ? piece.index : undefined;
    const known = index !== undefined ? last.get(index) : name === "" ? calls.at(-1) : undefined;
    const isAnother = id !== "" && known?.id !== undefined && known.id !== id && name !== "";
    if (known !== undefined && !isAnother) return known;
    const call: Call = { index: index ?? calls.length, id: undefined, name: undefined, arguments: "", echo: {} };
    calls.push(call);
    last.set(call.index, call);
    return call;
  }

  return {
    take(pieces) {
      if (pieces === undefined || pieces === null) return 0;
      if (!Array.isArray(pieces))
        throw invalid("The answer's tool calls are not a list", "`tool_calls` as a list", pieces);
      let characters = 0;
      for (const piece of pieces) {
        if (!isJsonObject(piece)) throw invalid("A tool call of the answer is not JSON", "an object", piece);
        const fn = isJsonObject(piece.function) ? piece.function : {};
        const [id, name] = [textIn(piece.id), textIn(fn.name)];
        const call = callOf(piece, id, name);
        const { arguments: given } = fn;
        const args = given === undefined || given === null || given === "" ? "" : argumentsText(given);
        call.id ??= id || undefined;
        call.name ??= name || undefined;
        call.arguments += args;
        characters += args.length;
        for (const field of echoedOfCall) {
          const value = piece[field];
          if (value !== undefined && value !== null) call.echo[field] = value;
        }
      }
      return characters;
    },
    list: () => calls.toSorted((a, b) => a.index - b.index).map(callIn),
  };
}

/** A call as it stands in a whole answer. */
function callIn({ id, name, arguments: args, echo }: Call): JsonObject {
  return { id: id ?? null, type: "function", function: { name: name ?? null, arguments: args }, ...echo };
}
