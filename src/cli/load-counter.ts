/** Loads a counter of tokens from a user's file. */
import { messageFrom, WinkError } from "../base/index.ts";
import type { CountTokens } from "../limits/index.ts";
import type { Io } from "./io.ts";
import { type ExportKind, loadExport } from "./load-export.ts";

const example = "export const count = (text: string): number => encode(text).length;";

const counterKind: ExportKind<(text: string) => unknown> = {
  name: "a counter of tokens",
  example,
  is: (value): value is (text: string) => unknown => typeof value === "function",
};

/** Gives the function that `FILE#EXPORT` names. It throws `INPUT_INVALID` when it cannot count. */
export async function loadCounter(address: string, io: Io): Promise<CountTokens> {
  const count = await loadExport(address, io, counterKind);
  return (text) => {
    let tokens: unknown;
    try {
      tokens = count(text);
    } catch (cause) {
      throw wrong(address, `The counter threw: ${messageFrom(cause)}`, "an exception");
    }
    if (typeof tokens === "number" && tokens >= 0) return tokens;
    throw wrong(address, "The counter did not give a number", typeof tokens);
  };
}

function wrong(at: string, problem: string, received: string): WinkError {
  return new WinkError("INPUT_INVALID", {
    at,
    problem,
    expected: "how many tokens the text has, at once",
    received,
    example,
  });
}
