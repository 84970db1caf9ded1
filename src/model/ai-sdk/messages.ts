/** Messages as models of the AI SDK take them. Files differ between the versions; all else is the same. */
import type { JsonObject } from "../../base/index.ts";
import type { AssistantMessage, Message, TextPart, ToolCallPart, UserMessage } from "../index.ts";
import { argumentsObject, mappedOnce } from "../provider/index.ts";
import { echoOf, isOwn } from "./echo.ts";
import type {
  AiSdkAssistantPart,
  AiSdkFilePart,
  AiSdkMessage,
  AiSdkPlainFile,
  AiSdkProviderOptions,
  AiSdkTaggedFile,
  AiSdkTextPart,
  AiSdkToolCallPart,
} from "./language-model.ts";

/** Where the bytes of a file are: base64, or an address. */
export type FileSource = { readonly data: string } | { readonly url: string };

/** A file as versions 2 and 3 take it. */
export const plainFile = (file: FileSource): AiSdkPlainFile => ("data" in file ? file.data : new URL(file.url));

/** A file as version 4 takes it. */
export const taggedFile = (file: FileSource): AiSdkTaggedFile =>
  "data" in file ? { type: "data", data: file.data } : { type: "url", url: new URL(file.url) };

/** What the messages of one model need to be mapped. */
interface Mapping<File> {
  /** The provider's name: what another one said is not sent back to it. */
  readonly from: string;
  readonly fileOf: (file: FileSource) => File;
  /** Options of the provider for the system text. */
  readonly systemOptions?: AiSdkProviderOptions | undefined;
}

/** Makes the prompts of one model. */
export function promptMaker<File>(
  mapping: Mapping<File>,
): (system: string, messages: readonly Message[]) => AiSdkMessage<File>[] {
  const { systemOptions } = mapping;
  const options = systemOptions === undefined ? {} : { providerOptions: systemOptions };
  const listOf = mappedOnce<AiSdkMessage<File>>((list, message) => list.push(messageOf(message, mapping)));
  return (system, messages) => {
    const list = listOf(messages);
    if (system !== "") list.unshift({ role: "system", content: system, ...options });
    return list;
  };
}

function messageOf<File>(message: Message, mapping: Mapping<File>): AiSdkMessage<File> {
  switch (message.role) {
    case "user":
      return { role: "user", content: message.content.map((part) => userPart(part, mapping)) };
    case "assistant":
      return { role: "assistant", content: assistantParts(message, mapping) };
    case "tool":
      return {
        role: "tool",
        content: message.content.map(({ id, name, text, failed }) => ({
          type: "tool-result",
          toolCallId: id,
          toolName: name,
          output: { type: failed ? "error-text" : "text", value: text },
        })),
      };
  }
}

function userPart<File>(
  part: UserMessage["content"][number],
  { fileOf }: Mapping<File>,
): AiSdkTextPart | AiSdkFilePart<File> {
  if (part.type === "text") return { type: "text", text: part.text };
  const file: AiSdkFilePart<File> = { type: "file", mediaType: part.mediaType, data: fileOf(part) };
  if (part.type === "file" && part.name !== undefined) file.filename = part.name;
  return file;
}

/** The parts of the message, with those between them that only the provider understands. */
function assistantParts<File>(message: AssistantMessage, mapping: Mapping<File>): AiSdkAssistantPart<File>[] {
  const echo = echoOf(message, mapping.from);
  if (echo === undefined) return message.content.map(ownPart);
  const parts: AiSdkAssistantPart<File>[] = [];
  const waiting = { text: parted(message, "text"), "tool-call": parted(message, "tool-call") };
  for (const part of echo) {
    if (!isOwn(part)) {
      parts.push(echoedPart(part, mapping));
      continue;
    }
    const next = waiting[part.own].shift();
    if (next === undefined) continue; // a run takes the calls out of a refusal
    const options = part.providerOptions as AiSdkProviderOptions | undefined; // as: it came from the provider so
    parts.push(options === undefined ? ownPart(next) : { ...ownPart(next), providerOptions: options });
  }
  return parts;
}

const parted = ({ content }: AssistantMessage, type: "text" | "tool-call"): AssistantMessage["content"][number][] =>
  content.filter((part) => part.type === type);

/** A part that is no part of the message, as it is sent: only the data of files depends on the version. */
function echoedPart<File>(part: JsonObject, { fileOf }: Mapping<File>): AiSdkAssistantPart<File> {
  const { url, data, ...rest } = part;
  const source = typeof url === "string" ? { url } : typeof data === "string" ? { data } : undefined;
  const sent: object = source === undefined ? part : { ...rest, data: fileOf(source) };
  return sent as AiSdkAssistantPart<File>; // as: such parts were read from an answer of this provider (content.ts)
}

const ownPart = (part: TextPart | ToolCallPart): AiSdkTextPart | AiSdkToolCallPart =>
  part.type === "text"
    ? { type: "text", text: part.text }
    : { type: "tool-call", toolCallId: part.id, toolName: part.name, input: argumentsObject(part.arguments) };
