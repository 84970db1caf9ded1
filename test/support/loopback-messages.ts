/** A small server on 127.0.0.1 that answers as Anthropic's Messages API does, whole or as a stream, and fails as servers fail. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One answer: a message, another status, any text, events of a stream, or a fault. */
export type MessagesAnswer =
  | { readonly message: object }
  | { readonly status: number; readonly error?: object; readonly text?: string; readonly headers?: object }
  | { readonly text: string; readonly contentType: string }
  /** Ends the stream after the events, or by dropping the connection. */
  | { readonly events: readonly object[]; readonly drop?: boolean }
  | { readonly fault: "silence" | "half" | "drop" };

/** A running server; disposing it closes all connections. */
export interface LoopbackMessages extends AsyncDisposable {
  readonly baseURL: string;
  readonly requests: readonly { readonly headers: IncomingMessage["headers"]; readonly body: any }[]; // any: tests look into the body as they like
  /** Resolves when the first request has come. */
  readonly arrived: Promise<void>;
}

/** Starts a server that gives the answers in order. */
export async function loopbackMessages(answers: readonly MessagesAnswer[]): Promise<LoopbackMessages> {
  const requests: { headers: IncomingMessage["headers"]; body: unknown }[] = [];
  const arrived = Promise.withResolvers<void>();
  const server = createServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer); // as: a request without encoding gives bytes
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const answer = answers[requests.push({ headers: message.headers, body }) - 1];
    arrived.resolve();
    if (message.method === "POST" && message.url === "/v1/messages" && answer !== undefined) send(response, answer);
    else send(response, { status: 404, error: { type: "not_found_error", message: "Not found" } });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // as: a TCP server's address is never a text
  return {
    baseURL: `http://127.0.0.1:${port}`,
    requests,
    arrived: arrived.promise,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, answer: MessagesAnswer): void {
  const json = (status: number, body: object, headers: object = {}): void => {
    const all = { "content-type": "application/json", "request-id": "req_loopback", ...headers };
    response.writeHead(status, all).end(JSON.stringify(body));
  };
  if ("message" in answer) json(200, answer.message);
  else if ("status" in answer) {
    const { status, error, text, headers } = answer;
    if (text === undefined) json(status, { type: "error", error, request_id: "req_loopback" }, headers);
    else response.writeHead(status, { "content-type": "text/html" }).end(text);
  } else if ("text" in answer) response.writeHead(200, { "content-type": answer.contentType }).end(answer.text);
  else if ("events" in answer) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of answer.events) {
      response.write(`event: ${"type" in event ? event.type : ""}\ndata: ${JSON.stringify(event)}\n\n`);
    }
    if (answer.drop) setImmediate(() => response.destroy());
    else response.end();
  } else if (answer.fault === "drop") response.destroy();
  else if (answer.fault === "half") {
    response.writeHead(200, { "content-type": "application/json", "content-length": 100 });
    response.write('{"id":', () => response.destroy());
  }
}
