/** Reads `--params`: JSON, or `@` and the path of a file with JSON. */
import { isJsonObject, type JsonObject, parseJson, shownValue, WinkError } from "../base/index.ts";
import { readText } from "./read-text.ts";

/** Gives the params; none when the option was not given. Throws `INPUT_INVALID`. */
export function readParams(given: string | undefined, cwd: string): JsonObject {
  if (given === undefined) return {};
  const file = given.startsWith("@") ? given.slice(1) : undefined;
  const at = file === undefined ? "--params" : `--params ${given}`;
  const parsed = parseJson(file === undefined ? given : readText(file, cwd, at));
  if (parsed.ok && isJsonObject(parsed.value)) return parsed.value;
  throw new WinkError("INPUT_INVALID", {
    at,
    problem: parsed.ok ? "The params are not an object" : "The params are not JSON",
    expected: "a JSON object, or @ and the path of a file with one",
    received: parsed.ok ? shownValue(parsed.value) : parsed.problem,
    example: `--params '{"name":"acme/app"}'`,
  });
}
