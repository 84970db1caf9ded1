import { isJsonObject, type JsonValue } from "../../base/index.ts";

/** What a provider tells of its failure inside an answer, as something to throw; undefined when it tells nothing. */
export function toldError(error: JsonValue | undefined): Error | undefined {
  const tells = typeof error === "string" ? error !== "" : isJsonObject(error);
  return tells ? Object.assign(new Error(typeof error === "string" ? error : ""), { error }) : undefined;
}

/** The same for a body with status 200: proxies pass on what they were told in the place of an answer, or beside one. */
export const errorInBody = (body: unknown): Error | undefined =>
  isJsonObject(body) ? toldError(body.error) : undefined;
