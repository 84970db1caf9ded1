/** Reads the answer that a command line gives: JSON, or a text. */
import { type JsonValue, parseJson } from "../base/index.ts";
import type { Io } from "./io.ts";
import { readText } from "./read-text.ts";

/**
 * Gives the value: JSON where it is JSON, else the text as it is. `@` and the path of a file, or `-` for standard input, stand
 * for what is there, without its last end of line. Throws `INPUT_INVALID`.
 */
export async function readAnswer(given: string, io: Io): Promise<JsonValue> {
  const text = await textOf(given, io);
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : text;
}

async function textOf(given: string, io: Io): Promise<string> {
  if (given === "-") return (await io.readInput()).replace(/\r?\n$/, "");
  return given.startsWith("@") ? readText(given.slice(1), io.cwd, given).replace(/\r?\n$/, "") : given;
}
