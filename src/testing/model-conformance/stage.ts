/** On what a case is played: a driver's models, and the proof that they leave nothing behind. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { type ErrorCode, isJsonObject, type JsonValue, pause, WinkError } from "../../base/index.ts";
import type { Message, ModelRequest, ModelResponse, Progress } from "../../model/index.ts";
import { watchOpenResources } from "../leaks.ts";
import type { LoopbackAnswer } from "../loopback/index.ts";
import type { ModelCapability, ModelCaseSettings, ModelDriver, ModelHarness } from "./driver.ts";

/** How an answer is asked for. */
export type AnswerWay = "whole" | "streamed";

/** A case before it is bound to a driver. */
export interface ModelCase {
  readonly claim: string;
  /** What a driver must claim for the case to be played. */
  readonly needs?: ModelCapability;
  /** The ways in which it is played; both unless told. */
  readonly only?: AnswerWay;
  play(stage: Stage): Promise<void>;
}

/** What a case is given. */
export interface Stage {
  readonly driver: ModelDriver;
  readonly way: AnswerWay;
  /** Opens a model whose server gives these answers. */
  open(answers: readonly LoopbackAnswer[], settings?: ModelCaseSettings, key?: string): Promise<Talk>;
}

/** How one request is made. */
export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Another way than that of the case. */
  readonly way?: AnswerWay | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** One model and its server. */
export interface Talk {
  readonly harness: ModelHarness;
  ask(request: ModelRequest, options?: AskOptions): Promise<ModelResponse>;
  /** The error of the library with which a request fails; it must have this code, and the key must not be in it. */
  failure(code: ErrorCode, request?: ModelRequest): Promise<WinkError>;
}

/** The key of cases that do not tell, in a form that is known to be one. */
export const apiKey: string = ["sk", "proj", "conformance0123456789abcdefghijklmnop"].join("-");

/** Plays a case, and proves that it leaves no violation, no connection and no timer behind. */
export async function playCase({ play }: ModelCase, driver: ModelDriver, way: AnswerWay): Promise<void> {
  await using _watch = watchOpenResources();
  const opened: ModelHarness[] = [];
  try {
    await play({
      driver,
      way,
      async open(answers, settings = {}, key = apiKey) {
        const harness = await driver.open({ answers, apiKey: key, settings });
        opened.push(harness);
        return talkWith(harness, way, key);
      },
    });
    for (const harness of opened) {
      await closed(harness);
      assert.deepEqual(harness.violations, [], "the requests broke the protocol");
    }
  } finally {
    for (const harness of opened) await harness[Symbol.asyncDispose]();
  }
}

/** How many turns of the event loop a request may take to show that nobody waits for, and a connection to close. */
const [showingTurns, closingTurns] = [20, 1_000];

async function closed(harness: ModelHarness): Promise<void> {
  for (let turn = 0; turn < showingTurns || (harness.openConnections > 0 && turn < closingTurns); turn++) await pause();
  assert.equal(harness.openConnections, 0, "connections were left open");
}

function talkWith(harness: ModelHarness, ofCase: AnswerWay, key: string): Talk {
  const ask: Talk["ask"] = (request, { signal = never, way = ofCase, onProgress = () => undefined } = {}) =>
    harness.model.generate(request, way === "streamed" ? { signal, onProgress } : { signal });
  return {
    harness,
    ask,
    async failure(code, request = asking("Begin.")) {
      const error = await thrownBy(ask(request));
      assert(WinkError.is(error), `expected an error of the library, got ${inspect(error)}`);
      assert.equal(error.code, code, error.message);
      const places = [
        String(error),
        error.stack,
        JSON.stringify(error),
        inspect(error, { depth: 9, showHidden: true }),
      ];
      assert(!places.join("\n").includes(key), "the key stands in the error");
      return error;
    },
  };
}

const never = new AbortController().signal;

/** What a promise rejects with; fails when it does not. */
export async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return assert.fail("expected an error, but an answer came");
}

/** A message of the user. */
export const userSays = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] });

/** A request with one message. */
export const asking = (text: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
  system: "You are tested.",
  messages: [userSays(text)],
  tools: [],
  ...more,
});

/** Every text in a value, in the order in which they stand. */
export function textsIn(value: JsonValue | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Every number in a value. */
export function numbersIn(value: JsonValue | undefined): readonly number[] {
  if (typeof value === "number") return [value];
  if (Array.isArray(value)) return value.flatMap(numbersIn);
  return isJsonObject(value) ? Object.values(value).flatMap(numbersIn) : [];
}
