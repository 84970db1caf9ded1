/**
 * What the model wants back with its message: reasoning, signatures, files, calls of tools that the provider runs. It stands in
 * the message's provider data as the list of all parts in their order; texts and calls that the message has itself are only
 * named by kind there.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/index.ts";
import type { AssistantMessage, ProviderData } from "../index.ts";

/** The driver's name, in models and in provider data. */
export const provider = "ai-sdk";

/** The place of the message's next text or tool call, and what hangs on it. */
export interface OwnPart {
  readonly own: "text" | "tool-call";
  readonly providerOptions?: JsonObject;
}

/** Parts in their order: those of the message itself, and others as they are sent (a file's data as text). */
export type EchoPart = OwnPart | (JsonObject & { readonly own?: never });

/** The provider data for the parts of an answer; none when the message itself says all of it. */
export function echoData(parts: readonly EchoPart[], from: string): ProviderData | undefined {
  if (parts.every((part) => isOwn(part) && part.providerOptions === undefined)) return undefined;
  const content: readonly JsonValue[] = parts.map((part) => ({ ...part }));
  return { provider, data: { from, content } };
}

/** The parts of a message that the same provider gave; undefined when there is nothing to send but the message itself. */
export function echoOf({ provider: own }: AssistantMessage, from: string): readonly EchoPart[] | undefined {
  if (own?.provider !== provider || !isJsonObject(own.data)) return undefined;
  if (own.data.from !== from || !Array.isArray(own.data.content)) return undefined;
  return own.data.content as readonly EchoPart[]; // as: this driver wrote it (echoData)
}

/** Whether a part is one of the message itself. */
export const isOwn = (part: EchoPart): part is OwnPart => part.own !== undefined;
