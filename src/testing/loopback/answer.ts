/** What loopback servers answer: one form of script for all protocols, which each server writes in its own. */
import type { Usage } from "../../limits/index.ts";

/** One answer of a loopback server: what a model says, another status, a body as it is, or a fault. */
export type LoopbackAnswer = LoopbackSaid | LoopbackStatus | LoopbackBody | LoopbackFault;

/** What a model says: a text, a value as JSON, calls of tools, or a refusal. */
export type LoopbackSaid = LoopbackMore &
  (
    | { readonly say: string }
    | { readonly json: unknown }
    | { readonly calls: readonly LoopbackCall[]; readonly text?: string | undefined }
    | { readonly refuse: string }
  );

/** A tool call that a loopback server asks for. */
export interface LoopbackCall {
  readonly name: string;
  /** A text is sent as it is, so that it may be no JSON; where a protocol has objects, it is read if it can be. */
  readonly arguments: unknown;
  /** Made unless given; null for a call without one. */
  readonly id?: string | null | undefined;
}

/** When the pieces of an answer are sent: the events of a stream, or the one body. At once unless told. */
export interface LoopbackPace {
  /** Each piece waits for a `release()` of the server. */
  readonly held?: boolean | undefined;
  /** Each piece waits as many milliseconds on the server's clock. */
  readonly everyMs?: number | undefined;
}

/** What may come with an answer of a model. */
export interface LoopbackMore extends LoopbackPace {
  /** What the model thought before; may be empty, as of providers that keep it to themselves. */
  readonly thinking?: string | undefined;
  /** A thinking block that cannot be read comes first (Anthropic). */
  readonly redactedThinking?: boolean | undefined;
  /** The answer was cut off at the limit of tokens. */
  readonly cut?: boolean | undefined;
  /** Who answers, as the provider names it; the model that was asked for unless told. */
  readonly model?: string | undefined;
  /** Numbers in place of those that are counted. */
  readonly usage?: Usage | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Another status, with an error of the protocol's form or any text. */
export interface LoopbackStatus extends LoopbackPace {
  /** From 200 to 599: others end no request. */
  readonly status: number;
  /** Fields of the error; the protocol adds those that are missing. */
  readonly error?: Readonly<Record<string, unknown>> | undefined;
  /** A body in place of the error, as of a proxy that knows nothing of the protocol. */
  readonly text?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A body as it is, with status 200: a text, or a value as JSON. */
export interface LoopbackBody extends LoopbackPace {
  readonly body: unknown;
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer that goes wrong on its way. */
export interface LoopbackFault extends LoopbackPace {
  /**
   * `silence`: nothing comes, and the connection stays. `drop`: it is closed at once. `half`: it is closed in the middle of
   * the body or stream. `unfinished`: the body or stream ends properly, but in the middle. `garbled`: a piece in the middle
   * is no JSON. `error`: the error comes in the middle of the stream, or in place of the body with its status. `endless`:
   * a piece of the stream, or white space of the body, comes again and again until the client goes.
   */
  readonly fault: "silence" | "drop" | "half" | "unfinished" | "garbled" | "error" | "endless";
  /** The answer that it happens to; some text unless told. */
  readonly of?: LoopbackSaid | undefined;
  /** The error of the fault `error`. */
  readonly error?: Readonly<Record<string, unknown>> | undefined;
}
