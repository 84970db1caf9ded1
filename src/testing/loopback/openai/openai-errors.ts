/** Errors, keys and headers as OpenAI has them in all of its APIs. */
import type { IncomingHttpHeaders } from "node:http";
import type { LoopbackStatus } from "../answer.ts";

const types = new Map([
  [401, "authentication_error"],
  [403, "permission_error"],
  [429, "rate_limit_error"],
]);

/** An error's body: message, type, param and code, those given first. */
export function openaiErrorBody(status: number, error: Readonly<Record<string, unknown>>): object {
  const type = types.get(status) ?? (status >= 500 ? "server_error" : "invalid_request_error");
  return { error: { message: `status ${status}`, type, param: null, code: null, ...error } };
}

/** What is said to a client that has not the right key; the key is told, as OpenAI does in part. */
export function refusedKey(headers: IncomingHttpHeaders, apiKey: string): LoopbackStatus | undefined {
  const given = headers.authorization ?? "none";
  if (given === `Bearer ${apiKey}`) return undefined;
  const message = `Incorrect API key provided: ${given.replace("Bearer ", "")}.`;
  return { status: 401, error: { message, type: "invalid_request_error", code: "invalid_api_key" } };
}
