/** Puts the parts of a stream together to what `doGenerate` would have given. */
import type { Progress } from "../index.ts";
import { type Assembly, endedEarly, headerOf, type InvalidAnswer } from "../provider/index.ts";
import { isRecord } from "./content.ts";

/** What a stream is read with. */
export interface StreamContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly invalid: InvalidAnswer;
  /** Makes the error for what the stream failed with, or told as an error; `began`: some of the answer had come. */
  readonly failed: (thrown: unknown, began?: boolean) => Error;
}

/** The part of a stream's reader that is used. */
interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
  cancel(reason?: unknown): Promise<unknown>;
}

/** Reads what `doStream` gives. Whatever happens, the stream is read to its end or cancelled. */
export async function readStream(streamed: unknown, context: StreamContext): Promise<unknown> {
  const { signal, failed, invalid, onProgress } = context;
  const reader = readerOf(streamed, invalid);
  const type = typeOf(streamed);
  const answer = partsAssembly(context);
  let open = true;
  const stop = async (): Promise<void> => {
    try {
      await reader.cancel(signal.reason);
    } catch {
      // it is broken already, and that was told
    }
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    // the packages find no pieces in a page, and keep it to themselves
    if (/^text\/html\b/i.test(type)) throw invalid("A page came", "the pieces of an answer", type);
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw signal.aborted ? signal.reason : failed(error);
      });
      if (!done) {
        answer.take(value);
        onProgress({ characters: answer.characters });
      } else {
        open = false;
        signal.throwIfAborted();
        return answer.whole();
      }
    }
  } finally {
    signal.removeEventListener("abort", stop);
    if (open) void stop(); // not awaited: a stream that cannot be cancelled must not hold the run
  }
}

function readerOf(streamed: unknown, invalid: InvalidAnswer): Reader {
  const stream = isRecord(streamed) ? streamed.stream : undefined;
  if (!isRecord(stream) || typeof stream.getReader !== "function") {
    throw invalid("The answer is no stream", "`stream` as a ReadableStream", streamed);
  }
  return stream.getReader();
}

/** The type of the content that came, as far as a package tells it. */
function typeOf(streamed: unknown): string {
  const response = isRecord(streamed) && isRecord(streamed.response) ? streamed.response : {};
  return headerOf(response.headers, "content-type") ?? "";
}

type Part = Readonly<Record<string, unknown>>;

/** A text or a piece of reasoning while it comes. */
interface Block {
  readonly type: "text" | "reasoning";
  text: string;
  providerMetadata?: unknown;
}

/** Takes parts; the whole has the form that `doGenerate` gives. */
function partsAssembly({ invalid, failed }: StreamContext): Assembly {
  const content: unknown[] = [];
  const begun = new Map<string, Block>();
  /** Calls whose arguments were counted while they came. */
  const counted = new Set<unknown>();
  let characters = 0;
  let began = false;
  let [id, modelId]: unknown[] = [];
  let warnings: unknown;
  let finish: Part | undefined;

  const count = (text: unknown): void => {
    if (typeof text === "string") characters += text.length;
  };

  const takePiece = (type: Block["type"], step: string | undefined, part: Part): void => {
    const key = `${type}/${String(part.id)}`;
    if (step === "start") {
      const first: Block = { type, text: "" };
      begun.set(key, first);
      content.push(first);
    }
    const block = begun.get(key);
    if (block === undefined)
      throw invalid(`The stream goes on with ${type} that has not begun`, `\`${type}-start\``, part);
    if (part.providerMetadata !== undefined) block.providerMetadata = part.providerMetadata;
    if (step === "end") begun.delete(key);
    if (step !== "delta") return;
    if (typeof part.delta !== "string") throw invalid("A part of the stream has no text", "`delta` as a text", part);
    block.text += part.delta;
    count(part.delta);
  };

  return {
    get characters() {
      return characters;
    },
    take(part) {
      if (!isRecord(part) || typeof part.type !== "string") {
        throw invalid("A part of the stream has no type", "a `type`", part);
      }
      const [, type, step] = /^(text|reasoning)-(start|delta|end)$/.exec(part.type) ?? [];
      if (part.type === "error") throw failed(part.error, began);
      began ||= part.type !== "stream-start";
      if (type === "text" || type === "reasoning") takePiece(type, step, part);
      else if (part.type === "finish") finish = part;
      else if (part.type === "response-metadata") [id, modelId] = [part.id ?? id, part.modelId ?? modelId];
      else if (part.type === "stream-start") warnings = part.warnings;
      else if (part.type === "tool-input-delta") {
        counted.add(part.id);
        count(part.delta);
      } else if (!onlyTold.has(part.type)) {
        content.push(part);
        if (part.type === "tool-call" && !counted.has(part.toolCallId)) count(part.input);
      }
    },
    whole() {
      if (finish === undefined) throw endedEarly({ began, characters }, invalid);
      const { finishReason, usage } = finish;
      return { content, finishReason, usage, response: { id, modelId }, warnings };
    },
  };
}

/** Parts that say nothing which others do not. */
const onlyTold = new Set(["tool-input-start", "tool-input-end", "raw", "ping"]);
