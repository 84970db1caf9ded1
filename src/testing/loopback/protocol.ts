/** What a protocol is to a loopback server: its endpoints, each with checks and a way to write an answer, and its errors. */
import type { IncomingHttpHeaders } from "node:http";
import type { JsonObject } from "../../base/index.ts";
import type { LoopbackSaid, LoopbackStatus } from "./answer.ts";

/** A provider's protocol; made anew for each server, as it remembers what it was sent and gave. */
export interface Protocol {
  /** What the base URL of a client has after the address: "/v1". */
  readonly basePath: string;
  /** The endpoints by path. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** What is said to a client with these headers, if they have not this key. */
  refusal(headers: IncomingHttpHeaders, apiKey: string): LoopbackStatus | undefined;
  /** What is said to a client that names a model which the server does not know. */
  unknownModel(model: string): LoopbackStatus;
  /** Headers that every answer has; `index` is undefined for what is no request of the script. */
  headers(index: number | undefined): Readonly<Record<string, string>>;
  /** The body of an error; fields that are not given are added. `index` is as for headers. */
  errorBody(status: number, error: Readonly<Record<string, unknown>>, index: number | undefined): object;
}

/** One path of a protocol. */
export interface Endpoint {
  /** Everything that is wrong with a request, each as one sentence. */
  problems(body: JsonObject, headers: IncomingHttpHeaders): readonly string[];
  /** Writes what a model says, and remembers what must come back. */
  write(said: LoopbackSaid, asked: Asked): Written;
  /** An error in the middle of a stream: the fields that are given, and the body that the protocol has for it with status 500. */
  errorFrame(error: Readonly<Record<string, unknown>>, body: object): Frame;
}

/** The request that is answered. */
export interface Asked {
  readonly body: JsonObject;
  /** Its number, from 0. */
  readonly index: number;
}

/** An answer in the form of its protocol. */
export interface Written {
  /** In one piece. */
  readonly body: object;
  /** Headers of the answer in one piece. */
  readonly headers?: Readonly<Record<string, string>>;
  /** As a stream. */
  frames(): readonly Frame[];
}

/** One event of a stream. */
export interface Frame {
  readonly event?: string;
  /** A text is sent as it is, all else as JSON. */
  readonly data: unknown;
  /** A piece of what the model says: may come again and again. */
  readonly more?: true;
}
