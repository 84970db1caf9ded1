/** Reads answers that come in pieces, as streams of clients: the pieces are put together to what a whole answer would have been. */
import { WinkError } from "../../base/index.ts";
import type { GenerateOptions } from "../index.ts";
import type { InvalidAnswer } from "./invalid-answer.ts";

/** Puts the pieces of one stream together. */
export interface Assembly {
  /** Characters of the answer so far. */
  readonly characters: number;
  /** Takes the next piece; throws what it tells of a failure. */
  take(piece: unknown): void;
  /** The body of the answer; throws when the stream ended before it did. */
  whole(): unknown;
}

/** Reads an answer to its last piece, each of which is told; one that is no stream is given as it is. */
export async function readPieces(
  answer: unknown,
  assembly: Assembly,
  { signal, onProgress }: GenerateOptions,
): Promise<unknown> {
  if (!isStream(answer)) return answer;
  for await (const piece of answer) {
    if (signal.aborted) throw signal.reason; // a client may not look at it
    assembly.take(piece);
    onProgress?.({ characters: assembly.characters });
  }
  return assembly.whole();
}

const isStream = (answer: unknown): answer is AsyncIterable<unknown> =>
  typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;

/** How far an answer was when its stream ended without a word about its end. */
interface EarlyEnd {
  readonly began: boolean;
  readonly characters: number;
}

/** The error for a stream that ended before its answer did: what came may be half of one, or none at all. */
export function endedEarly({ began, characters }: EarlyEnd, invalid: InvalidAnswer): WinkError {
  if (!began) return invalid("The stream ended before an answer began", "the pieces of an answer", undefined);
  return new WinkError("MODEL_UNAVAILABLE", {
    at: "stream of the answer",
    problem: "It broke off",
    expected: "a stream that says that its answer has ended",
    received: `${characters} characters`,
    fix: "Try again; if it stays so, look for a proxy or server that ends connections early.",
    details: { characters },
  });
}
