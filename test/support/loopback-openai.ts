/**
 * A server on 127.0.0.1 that speaks OpenAI's Chat Completions, for tests of whatever goes over HTTP. It checks all that it
 * is sent, answers by a script or function, records requests and violations, and can fail in the ways that servers fail.
 * A request that breaks the protocol is answered with status 400 and its violations.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { chatViolations } from "./chat-protocol.ts";

/** One answer of the server. */
export type LoopbackAnswer =
  /** The final text, or a value as JSON. */
  | { readonly say: string }
  | { readonly json: unknown }
  /** Tool calls; their ids are made unless given. */
  | { readonly calls: readonly LoopbackCall[]; readonly text?: string }
  /** The body of an answer as it is. */
  | { readonly body: unknown; readonly contentType?: string }
  /** Another status, with an error of OpenAI's form or any text. */
  | {
      readonly status: number;
      readonly error?: Readonly<Record<string, unknown>>;
      readonly text?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Never answers; sends half an answer and drops the connection; drops it at once. */
  | { readonly fault: "silence" | "half" | "drop" };

/** A tool call that the server asks for. */
export interface LoopbackCall {
  readonly name: string;
  readonly arguments: unknown;
  readonly id?: string | null;
}

/** A request as the server saw it. */
export interface LoopbackRequest {
  readonly headers: IncomingMessage["headers"];
  // any: tests look into the body as they like
  readonly body: any;
}

/** How the server answers. */
export interface LoopbackOptions {
  readonly answers: readonly LoopbackAnswer[] | ((request: LoopbackRequest, index: number) => LoopbackAnswer);
  /** The only key that it takes; `loopback-key` unless told. */
  readonly apiKey?: string;
  /** The only model that it knows; any unless told. */
  readonly model?: string;
}

/** A running server; disposing it closes all connections. */
export interface LoopbackOpenAI extends AsyncDisposable {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly requests: readonly LoopbackRequest[];
  /** What was wrong with requests; must be empty at the end of a test. */
  readonly violations: readonly string[];
  /** Resolves when the request with that number (from 0) has come. */
  arrived(index: number): Promise<LoopbackRequest>;
}

/** Starts a server. */
export async function loopbackOpenAI(options: LoopbackOptions): Promise<LoopbackOpenAI> {
  const { apiKey = "loopback-key", answers, model } = options;
  const requests: LoopbackRequest[] = [];
  const violations: string[] = [];
  const waiting = new Map<number, (request: LoopbackRequest) => void>();
  const server = createServer((message, response) => {
    void handle(message, response).catch(() => response.destroy());
  });

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(message);
    const refuse = (status: number, error: Record<string, unknown>): void => send(response, { status, error });
    if (message.method !== "POST" || message.url !== "/v1/chat/completions") {
      return refuse(404, { message: `Invalid URL (${message.method} ${message.url})`, type: "invalid_request_error" });
    }
    const given = message.headers.authorization ?? "none";
    if (given !== `Bearer ${apiKey}`) {
      const key = given.replace("Bearer ", "");
      return refuse(401, { message: `Incorrect API key provided: ${key}.`, code: "invalid_api_key" });
    }
    const body = parsed(text);
    const request: LoopbackRequest = { headers: message.headers, body };
    const index = requests.push(request) - 1;
    waiting.get(index)?.(request);
    const wrong = chatViolations(body);
    if (wrong.length > 0) {
      violations.push(...wrong.map((what) => `request ${index}: ${what}`));
      return refuse(400, { message: wrong.join("; "), type: "invalid_request_error" });
    }
    if (model !== undefined && request.body.model !== model) {
      const told = `The model \`${request.body.model}\` does not exist or you do not have access to it.`;
      return refuse(404, { message: told, code: "model_not_found" });
    }
    const answer = typeof answers === "function" ? answers(request, index) : answers[index];
    if (answer === undefined) {
      violations.push(`request ${index}: the script has only ${answers.length} answers`);
      return refuse(400, { message: "the script is over" });
    }
    send(response, answer, request, index);
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo; // as: a TCP server's address is never a text
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    apiKey,
    requests,
    violations,
    arrived(index) {
      const known = requests[index];
      return known === undefined ? new Promise((resolve) => waiting.set(index, resolve)) : Promise.resolve(known);
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(response: ServerResponse, answer: LoopbackAnswer, request?: LoopbackRequest, index = 0): void {
  if ("status" in answer) {
    const { error, headers, status, text } = answer;
    const type = text === undefined ? "application/json" : "text/html";
    response.writeHead(status, { "content-type": type, "x-request-id": "req_loopback", ...headers });
    response.end(text ?? JSON.stringify({ error: error ?? { message: `status ${status}` } }));
  } else if ("body" in answer) {
    response.writeHead(200, { "content-type": answer.contentType ?? "application/json" });
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  } else if ("fault" in answer) {
    if (answer.fault === "silence") return;
    if (answer.fault === "drop") response.destroy();
    else {
      const whole = JSON.stringify(completion({ say: "half of an answer" }, request, index));
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(whole) });
      response.write(whole.slice(0, whole.length >> 1), () => response.destroy());
    }
  } else {
    response.writeHead(200, { "content-type": "application/json", "x-request-id": "req_loopback" });
    response.end(JSON.stringify(completion(answer, request, index)));
  }
}

type Said = Extract<LoopbackAnswer, { say: string } | { json: unknown } | { calls: unknown }>;

/** An answer as OpenAI sends it. */
function completion(answer: Said, request: LoopbackRequest | undefined, index: number): object {
  const content = "say" in answer ? answer.say : "json" in answer ? JSON.stringify(answer.json) : (answer.text ?? null);
  const calls = "calls" in answer ? answer.calls.map((call, number) => toolCall(call, index, number)) : undefined;
  const message = { role: "assistant", content, refusal: null, annotations: [], ...(calls && { tool_calls: calls }) };
  const prompt = Math.ceil(JSON.stringify(request?.body ?? "").length / 4);
  return {
    id: `chatcmpl-loopback-${index}`,
    object: "chat.completion",
    created: 1_700_000_000,
    model: request?.body.model ?? "none",
    choices: [{ index: 0, message, logprobs: null, finish_reason: calls === undefined ? "stop" : "tool_calls" }],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: 20,
      total_tokens: prompt + 20,
      prompt_tokens_details: { cached_tokens: index === 0 ? 0 : 64, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 5, audio_tokens: 0 },
    },
  };
}

function toolCall(call: LoopbackCall, index: number, number: number): object {
  const id = call.id === undefined ? `call_${index}_${number}` : call.id;
  const text = typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments);
  return { ...(id === null ? {} : { id }), type: "function", function: { name: call.name, arguments: text } };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer); // as: a request without encoding gives bytes
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told as a violation: the body is not a JSON object
  }
}
