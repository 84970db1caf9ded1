import type { IncomingMessage } from "node:http";
import { isJsonObject, type JsonObject, parseJson } from "../../base/index.ts";

/** The body of a request, or what is wrong with it. */
export type ReadBody =
  | { readonly ok: true; readonly body: JsonObject }
  | { readonly ok: false; readonly tooLong: boolean; readonly problem: string };

/** Reads the body of a request; what is longer than `maxBytes` is thrown away while it comes. */
export async function readBody(message: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    const part = chunk as Buffer; // as: a request without encoding gives bytes
    bytes += part.byteLength;
    if (bytes <= maxBytes) chunks.push(part);
    else chunks = [];
  }
  if (bytes > maxBytes) return { ok: false, tooLong: true, problem: `the body is longer than ${maxBytes} bytes` };
  const parsed = parseJson(Buffer.concat(chunks).toString("utf8"), { maxLength: maxBytes });
  if (parsed.ok && isJsonObject(parsed.value)) return { ok: true, body: parsed.value };
  const why = parsed.ok ? "" : `: ${parsed.problem}`;
  return { ok: false, tooLong: false, problem: `the body is not a JSON object${why}` };
}
