/** Requests are JSON; a server that is told nothing of it does not read them. */
import type { IncomingHttpHeaders } from "node:http";

/** What is wrong with the content type of a request. */
export function contentTypeProblems(headers: IncomingHttpHeaders): readonly string[] {
  const type = headers["content-type"] ?? "none";
  return /^application\/json\b/i.test(type) ? [] : [`the content type is ${type}, not application/json`];
}
