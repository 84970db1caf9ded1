/** A small server on 127.0.0.1 that answers any POST by a script, also with server-sent events. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One answer of the server. */
export type StreamAnswer =
  /** Events, and how the stream ends; with `[DONE]` unless told. */
  | { readonly events: readonly unknown[]; readonly end?: "done" | "silent" | "drop" | "never" }
  /** A body in one piece. */
  | { readonly body: unknown; readonly type?: string; readonly status?: number };

/** A running server. */
export interface LoopbackStreams extends AsyncDisposable {
  readonly baseURL: string;
  /** Paths and bodies of the requests. any: tests look into them as they like */
  readonly requests: { path: string; body: any }[];
}

/** Starts a server with an answer for each request. */
export async function loopbackStreams(...answers: readonly StreamAnswer[]): Promise<LoopbackStreams> {
  const requests: LoopbackStreams["requests"] = [];
  const server = createServer(async (message, response) => {
    let text = "";
    for await (const chunk of message) text += String(chunk);
    const answer = answers[requests.push({ path: message.url ?? "", body: JSON.parse(text) }) - 1];
    if (answer === undefined) response.writeHead(400).end("the script is over");
    else send(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // as: a TCP server's address is never a text
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, answer: StreamAnswer): void {
  if ("body" in answer) {
    const { body, status = 200, type = "application/json" } = answer;
    response.writeHead(status, { "content-type": type });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
    return;
  }
  const { events, end = "done" } = answer;
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) response.write(sse(event));
  if (end === "done") response.end("data: [DONE]\n\n");
  else if (end === "silent") response.end();
  else if (end === "drop") response.write(": soon\n\n", () => response.destroy());
}

/** An event as it stands on the line; the Responses API names each by its type. */
function sse(event: unknown): string {
  const type = typeof event === "object" && event !== null && "type" in event ? `event: ${String(event.type)}\n` : "";
  return `${type}data: ${JSON.stringify(event)}\n\n`;
}
