/** What a model says, made ready for any protocol. */
import { type JsonValue, parseJson } from "../../base/index.ts";
import type { LoopbackSaid } from "./answer.ts";

/** An answer of the script with its calls' ids and texts. */
export interface Spoken {
  /** Undefined when there is none. */
  readonly text: string | undefined;
  readonly refusal: string | undefined;
  readonly thinking: string | undefined;
  readonly redactedThinking: boolean;
  readonly calls: readonly SpokenCall[];
  readonly cut: boolean;
  /** Who answers, when that is told. */
  readonly model: string | undefined;
  /** How many characters all that has. */
  readonly length: number;
}

/** A call with its arguments as a text. */
export interface SpokenCall {
  /** Undefined for a call that has none. */
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: string;
}

/** Reads an answer of the script; ids that are missing begin with `prefix`. */
export function spoken(said: LoopbackSaid, prefix: string): Spoken {
  const text =
    "say" in said ? said.say : "json" in said ? JSON.stringify(said.json) : "calls" in said ? said.text : undefined;
  const refusal = "refuse" in said ? said.refuse : undefined;
  const calls =
    "calls" in said
      ? said.calls.map((call, number) => ({
          id: call.id === undefined ? `${prefix}_${number}` : (call.id ?? undefined),
          name: call.name,
          arguments: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
        }))
      : [];
  const { cut = false, redactedThinking = false, thinking, model } = said;
  const texts = [text, refusal, thinking, ...calls.map((call) => call.name + call.arguments)];
  const length = texts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
  return { text, refusal, thinking, redactedThinking, calls, cut, model, length };
}

/** The arguments of a call where a protocol has an object: what is no JSON stays a text, which no provider sends. */
export function argumentsValue(call: SpokenCall): JsonValue {
  const parsed = parseJson(call.arguments);
  return parsed.ok ? parsed.value : call.arguments;
}

/** A text in pieces as a stream has them: several, unless it is very short, and not too many. */
export function textPieces(text: string): readonly string[] {
  const characters = Array.from(text);
  const size = Math.max(1, Math.min(12, characters.length >> 1), Math.ceil(characters.length / 64));
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += size) pieces.push(characters.slice(at, at + size).join(""));
  return pieces;
}
