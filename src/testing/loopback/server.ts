/** A server on 127.0.0.1 that speaks a protocol, checks all that it is sent and answers by a script. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Awaitable, type Clock, checkKind, kind, messageFrom, systemClock } from "../../base/index.ts";
import type { LoopbackAnswer } from "./answer.ts";
import { checkedAnswer } from "./check-answer.ts";
import { textOf } from "./checks.ts";
import { createGate } from "./gate.ts";
import { type Outgoing, outgoing } from "./outgoing.ts";
import type { Protocol } from "./protocol.ts";
import { readBody } from "./read-body.ts";
import { sendAnswer, sendStatus } from "./send-answer.ts";

/** A request as a loopback server saw it. */
export interface LoopbackRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed; undefined when it was no JSON object. */
  // any: tests look into the body as they like
  readonly body: any;
}

/** How a loopback server answers. */
export interface LoopbackOptions {
  /** The answers to requests in their order, or a function that is given the request and its number from 0. */
  readonly answers:
    | readonly LoopbackAnswer[]
    | ((request: LoopbackRequest, index: number) => Awaitable<LoopbackAnswer>);
  /** The only key that it takes; `loopback-key` unless told. */
  readonly apiKey?: string | undefined;
  /** The only models that it knows; any unless told. */
  readonly model?: string | readonly string[] | undefined;
  /** For answers with `everyMs`; the machine's clock unless told. */
  readonly clock?: Clock | undefined;
  /** The longest body of a request that it reads, in bytes; 64 MiB unless told. */
  readonly maxBodyBytes?: number | undefined;
}

/** A running loopback server; disposing it closes all connections. */
export interface LoopbackServer extends AsyncDisposable {
  /** What a client of this provider takes as its base URL. */
  readonly baseURL: string;
  readonly apiKey: string;
  /** The requests with the right key and path, also those that broke the protocol. */
  readonly requests: readonly LoopbackRequest[];
  /** What was wrong with requests; must be empty at the end of a test. */
  readonly violations: readonly string[];
  /** How many connections are open. A connection serves one request, so none is left when all answers were taken. */
  readonly openConnections: number;
  /** Resolves when the request with that number, from 0, has come. */
  arrived(index: number): Promise<LoopbackRequest>;
  /** Resolves when no connection is open. */
  allClosed(): Promise<void>;
  /** Lets the next pieces of held answers go, one unless told; what does not wait yet goes when it comes. */
  release(count?: number): void;
}

const aScript = kind(
  "a list of answers, or a function that gives one",
  (value) => Array.isArray(value) || typeof value === "function",
);

/**
 * Starts a server for a protocol. A request that breaks it is answered with status 400 and its violations. Throws `INPUT_INVALID` for
 * a list with an answer of no form; such an answer of a function is a violation, and its request is answered with status 500.
 */
export async function startLoopback(options: LoopbackOptions, protocol: Protocol): Promise<LoopbackServer> {
  const { answers, apiKey = "loopback-key", clock = systemClock, maxBodyBytes = 64 * 1024 * 1024 } = options;
  checkKind("answers", answers, aScript);
  if (typeof answers !== "function")
    for (const [index, answer] of answers.entries()) checkedAnswer(answer, `answers[${index}]`);
  const models = options.model === undefined ? undefined : [options.model].flat();
  const requests: LoopbackRequest[] = [];
  const violations: string[] = [];
  const awaited = new Map<number, ((request: LoopbackRequest) => void)[]>();
  const sockets = new Set<Socket>();
  let emptied: (() => void)[] = [];
  const gate = createGate();
  const server = createServer((message, response) => {
    const out = outgoing(response, gate, clock);
    handle(message, out).catch(() => out.drop()); // the client went while it sent its request
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const tell of emptied) tell();
      emptied = [];
    });
  });

  async function handle(message: IncomingMessage, out: Outgoing): Promise<void> {
    const read = await readBody(message, maxBodyBytes);
    const path = (message.url ?? "").split("?", 1)[0] ?? "";
    const endpoint = message.method === "POST" ? protocol.endpoints.get(path) : undefined;
    const { headers } = message;
    if (endpoint === undefined) {
      const error = { message: `Invalid URL (${message.method} ${path})` };
      return sendStatus(out, protocol, { status: 404, error }, undefined);
    }
    const refusal = protocol.refusal(headers, apiKey);
    if (refusal !== undefined) return sendStatus(out, protocol, refusal, undefined);
    const request: LoopbackRequest = { path, headers, body: read.ok ? read.body : undefined };
    const index = requests.push(request) - 1;
    for (const tell of awaited.get(index) ?? []) tell(request);
    awaited.delete(index);
    const blame = (problems: readonly string[], status = 400): Promise<void> => {
      violations.push(...problems.map((problem) => `request ${index}: ${problem}`));
      return sendStatus(out, protocol, { status, error: { message: problems.join("; ") } }, index);
    };
    if (!read.ok) return blame([read.problem], read.tooLong ? 413 : 400);
    const type = headers["content-type"] ?? "none";
    const isJson = /^application\/json\b/i.test(type);
    const problems = [
      ...(isJson ? [] : [`the content type is ${type}, not application/json`]),
      ...endpoint.problems(read.body, headers),
    ];
    if (problems.length > 0) return blame(problems);
    const { model } = read.body;
    if (models !== undefined && !models.includes(textOf(model))) {
      return sendStatus(out, protocol, protocol.unknownModel(textOf(model)), index);
    }
    try {
      const answer = typeof answers === "function" ? await answers(request, index) : answers[index];
      if (answer === undefined && typeof answers === "function") {
        return await blame(["the script's function gave no answer for it; the request is right"], 500);
      }
      if (answer === undefined) {
        return await blame([`the script is over, as it has only ${answers.length} answers; the request is right`]);
      }
      const checked = checkedAnswer(answer, `answer ${index}`);
      await sendAnswer(out, checked, { protocol, endpoint, body: read.body, index });
    } catch (error) {
      await blame([`the answer could not be made: ${messageFrom(error)}`], 500);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo; // as: a TCP server's address is never a text
  return {
    baseURL: `http://127.0.0.1:${port}${protocol.basePath}`,
    apiKey,
    requests,
    violations,
    get openConnections() {
      return sockets.size;
    },
    arrived(index) {
      const known = requests[index];
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => awaited.set(index, [...(awaited.get(index) ?? []), resolve]));
    },
    allClosed: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => void emptied.push(resolve))),
    release: (count = 1) => gate.release(count),
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
