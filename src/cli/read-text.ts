import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { messageFrom, WinkError } from "../base/index.ts";

/** Reads a text whose path an option gives; `option` is that for messages. Throws `INPUT_INVALID`. */
export function readText(file: string, cwd: string, option: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(resolve(cwd, file)));
  } catch (cause) {
    throw new WinkError("INPUT_INVALID", {
      at: option,
      problem: "The file cannot be read",
      expected: "the path of a text file in UTF-8, from the current folder on",
      received: messageFrom(cause),
      cause,
    });
  }
}
