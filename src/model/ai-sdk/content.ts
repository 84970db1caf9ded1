/** Reads the parts of an answer: what is ours to act on, and what only the provider understands. */
import { type JsonObject, type JsonValue, parseJson, plainCopy } from "../../base/index.ts";
import type { TextPart, ToolCallPart } from "../index.ts";
import { callId, type InvalidAnswer } from "../provider/index.ts";
import type { EchoPart } from "./echo.ts";

/** What the parts of an answer come to. */
export interface ReadContent {
  /** Texts and calls for us to run, in order. */
  readonly content: readonly (TextPart | ToolCallPart)[];
  /** All parts in order, as they go back. */
  readonly echo: readonly EchoPart[];
  readonly calls: number;
}

type Part = Readonly<Record<string, unknown>>;

/** What one part is read with. */
interface Reading {
  /** Names the part in errors. */
  readonly where: string;
  readonly invalid: InvalidAnswer;
  /** What hangs on the part, as it goes back. */
  readonly options: { readonly providerOptions?: JsonObject };
}

/** Whether a value has fields to read. */
export const isRecord = (value: unknown): value is Part => typeof value === "object" && value !== null;

/** Reads the parts of an answer with the given id; throws `MODEL_RESPONSE_INVALID` for what is none. */
export function readContent(list: unknown, answer: string, invalid: InvalidAnswer): ReadContent {
  if (!Array.isArray(list)) throw invalid("The answer has no content", "`content` as a list", list);
  const content: (TextPart | ToolCallPart)[] = [];
  const echo: EchoPart[] = [];
  const ids = new Set<string>();
  let calls = 0;
  for (const [index, part] of list.entries()) {
    const where = `Part ${index} of the answer`;
    if (!isRecord(part) || typeof part.type !== "string") throw invalid(`${where} has no type`, "a `type`", part);
    const reading: Reading = { where, invalid, options: optionsOf(part, where, invalid) };
    if (part.type === "text") {
      const text = textIn(part, "text", reading);
      if (text === "") echo.push(...thought("text", "", reading));
      else {
        content.push({ type: "text", text });
        echo.push({ own: "text", ...reading.options });
      }
    } else if (part.type === "tool-call" && part.providerExecuted !== true) {
      const name = textIn(part, "toolName", reading);
      if (name === "") throw invalid(`${where} calls a tool without a name`, "`toolName`", part);
      const given = typeof part.toolCallId === "string" ? part.toolCallId : undefined;
      const id = callId(given, ids, answer, calls++);
      content.push({ type: "tool-call", id, name, arguments: argumentsOf(part.input, reading) });
      echo.push({ own: "tool-call", ...reading.options });
    } else echo.push(...foreignPart(part, reading));
  }
  return { content, echo, calls };
}

/** A part that is not ours to act on, as it goes back; nothing for what is only told, such as sources. */
function foreignPart(part: Part, reading: Reading): EchoPart[] {
  const { options, invalid, where } = reading;
  switch (part.type) {
    case "reasoning":
      return thought("reasoning", textIn(part, "text", reading), reading);
    case "file":
    case "reasoning-file":
      return [{ type: part.type, mediaType: textIn(part, "mediaType", reading), ...fileIn(part, reading), ...options }];
    case "custom":
      return [{ type: "custom", kind: textIn(part, "kind", reading), ...options }];
    case "tool-call": {
      const read = parseJson(argumentsOf(part.input, reading));
      const input = read.ok ? read.value : {};
      return [{ type: "tool-call", ...callOf(part, reading), input, providerExecuted: true, ...options }];
    }
    case "tool-result":
      if (part.preliminary === true) return [];
      return [{ type: "tool-result", ...callOf(part, reading), output: outputOf(part, reading), ...options }];
    case "tool-approval-request":
      throw invalid(
        `${where} asks whether the provider may run a tool of its own`,
        "no tool that needs approval",
        part,
      );
    default:
      return [];
  }
}

/** Reasoning, or a text that is empty: it goes back only when something is in it or hangs on it. */
function thought(type: "text" | "reasoning", text: string, { options }: Reading): EchoPart[] {
  return text === "" && options.providerOptions === undefined ? [] : [{ type, text, ...options }];
}

const callOf = (part: Part, reading: Reading): { toolCallId: string; toolName: string } => ({
  toolCallId: textIn(part, "toolCallId", reading),
  toolName: textIn(part, "toolName", reading),
});

/** What a tool of the provider came to. */
function outputOf(part: Part, { where, invalid }: Reading): JsonObject {
  const value = plain(part.result ?? null, `The result in ${lower(where)}`, invalid);
  const kind = typeof value === "string" ? "text" : "json";
  return { type: part.isError === true ? `error-${kind}` : kind, value };
}

/** Arguments as text: missing ones are none; some providers give an object. */
function argumentsOf(input: unknown, { where, invalid }: Reading): string {
  if (input === undefined || input === null || input === "") return "{}";
  return typeof input === "string" ? input : JSON.stringify(plain(input, `The input in ${lower(where)}`, invalid));
}

/** A file's bytes as base64, or its address: versions 2 and 3 give the data itself, version 4 says which it is. */
function fileIn(part: Part, { where, invalid }: Reading): { data: string } | { url: string } {
  const { data } = part;
  if (isRecord(data) && data.type === "url" && URL.canParse(String(data.url))) return { url: String(data.url) };
  const bytes = isRecord(data) && data.type === "data" ? data.data : data;
  if (bytes instanceof Uint8Array) return { data: Buffer.from(bytes).toString("base64") };
  if (typeof bytes === "string") return { data: bytes };
  throw invalid(`${where} is a file without data`, "`data`", typeof bytes);
}

function textIn(part: Part, name: string, { where, invalid }: Reading): string {
  const value = part[name];
  if (typeof value !== "string") throw invalid(`${where} has no \`${name}\``, `\`${name}\` as a text`, value);
  return value;
}

/** What hangs on a part goes back to where it came from, by the same name. */
function optionsOf(part: Part, where: string, invalid: InvalidAnswer): Reading["options"] {
  const { providerMetadata } = part;
  if (providerMetadata === undefined || providerMetadata === null) return {};
  if (!isRecord(providerMetadata) || Array.isArray(providerMetadata)) {
    throw invalid(`The metadata of ${lower(where)} is no object`, "`providerMetadata` as an object", providerMetadata);
  }
  const metadata = plain(providerMetadata, `The metadata of ${lower(where)}`, invalid);
  return { providerOptions: metadata as JsonObject }; // as: a copy of an object is one
}

/** A copy that a journal can hold. */
function plain(value: unknown, what: string, invalid: InvalidAnswer): JsonValue {
  try {
    return plainCopy(value) as JsonValue; // as: plainCopy throws for all else
  } catch (error) {
    throw invalid(`${what} cannot be kept`, "plain JSON", error instanceof Error ? error.message : undefined);
  }
}

const lower = (where: string): string => where.replace("Part", "part");
