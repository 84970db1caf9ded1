/** Sends an answer of the script, with whatever goes wrong on its way. */
import type {
  LoopbackAnswer,
  LoopbackBody,
  LoopbackFault,
  LoopbackPace,
  LoopbackSaid,
  LoopbackStatus,
} from "./answer.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Asked, Endpoint, Protocol, Written } from "./protocol.ts";
import { streamPieces } from "./stream-pieces.ts";

/** The request that is answered, and where it came. */
export interface Exchange extends Asked {
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
}

type Headers = Readonly<Record<string, string>>;

/** Sends an answer to a request. Resolves when it is sent, or when the client has gone. */
export async function sendAnswer(out: Outgoing, answer: LoopbackAnswer, exchange: Exchange): Promise<void> {
  const { protocol, index, endpoint, body } = exchange;
  if ("status" in answer) return sendStatus(out, protocol, answer, index);
  const common = protocol.headers(index);
  if ("body" in answer) return sendBody(out, answer, common);
  const fault = "fault" in answer ? answer : undefined;
  if (fault?.fault === "silence") return;
  if (fault?.fault === "drop") return out.drop();
  const said: LoopbackSaid =
    "fault" in answer ? (answer.of ?? { say: "An answer that something happens to." }) : answer;
  const written = endpoint.write(said, exchange);
  if (body.stream === true) {
    const pieces = streamPieces(written.frames(), fault, (error) =>
      endpoint.errorFrame(error, protocol.errorBody(500, error, index)),
    );
    return sendStream(out, pieces, answer, fault, { ...common, ...said.headers });
  }
  if (fault?.fault === "error") {
    const { held, everyMs, error } = fault;
    return sendStatus(out, protocol, { status: 500, error, held, everyMs }, index);
  }
  await sendWhole(out, written, answer, fault, { ...common, ...written.headers, ...said.headers });
}

/** Sends another status with an error of the protocol's form, or any text. */
export async function sendStatus(
  out: Outgoing,
  protocol: Protocol,
  answer: LoopbackStatus,
  index: number | undefined,
): Promise<void> {
  const { error, headers, status, text } = answer;
  if (!(await out.pause(answer))) return;
  const type = text === undefined ? "application/json" : "text/html";
  out.begin(status, { "content-type": type, ...protocol.headers(index), ...headers });
  out.end(text ?? JSON.stringify(protocol.errorBody(status, error ?? {}, index)));
}

async function sendBody(out: Outgoing, answer: LoopbackBody, common: Headers): Promise<void> {
  const { body, contentType, headers } = answer;
  if (!(await out.pause(answer))) return;
  out.begin(200, { "content-type": contentType ?? "application/json", ...common, ...headers });
  out.end(typeof body === "string" ? body : JSON.stringify(body));
}

async function sendStream(
  out: Outgoing,
  pieces: Iterable<string>,
  pace: LoopbackPace,
  fault: LoopbackFault | undefined,
  headers: Headers,
): Promise<void> {
  out.begin(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache", ...headers });
  for (const piece of pieces) {
    if (!(await out.pause(pace)) || !(await out.write(piece))) return;
  }
  if (fault?.fault === "half") out.drop();
  else out.end();
}

async function sendWhole(
  out: Outgoing,
  written: Written,
  pace: LoopbackPace,
  fault: LoopbackFault | undefined,
  headers: Headers,
): Promise<void> {
  const whole = JSON.stringify(written.body);
  const begun = whole.slice(0, whole.length >> 1);
  if (!(await out.pause(pace))) return;
  const length = { "content-length": String(Buffer.byteLength(whole)) };
  out.begin(200, { "content-type": "application/json", ...headers, ...(fault?.fault === "half" && length) });
  switch (fault?.fault) {
    case undefined:
      return out.end(whole);
    case "half":
      await out.write(begun);
      return out.drop();
    case "endless":
      while ((await out.write(" ".repeat(64))) && (await out.pause(pace)));
      return;
    case "unfinished":
      return out.end(begun);
    default:
      return out.end(`${begun}\u0000${whole.slice(begun.length)}`);
  }
}
