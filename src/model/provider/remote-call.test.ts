import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { systemClock } from "../../base/index.ts";
import type { GenerateOptions } from "../index.ts";
import type { Service } from "./provider-error.ts";
import { type RemoteClient, remoteCall } from "./remote-call.ts";

const key = "a-key-of-no-known-form";
const service: Service = {
  provider: "acme",
  answer: "an answer",
  keyFrom: "the key",
  addressFrom: "the address",
  failureIn: ({ status }) =>
    status === "failed" ? Object.assign(new Error(), { error: { code: "failed" } }) : undefined,
};
const open = new AbortController().signal;
const callOf = (client: RemoteClient = {}) => remoteCall(service, client, "m", systemClock);
/** What is made of an answer. */
const asked = (answer: unknown) => callOf().ask(async () => answer, { signal: open });

describe("the signal", () => {
  test("that has aborted sends nothing", async () => {
    let sent = 0;
    const send = async () => sent++;
    await expect(callOf().ask(send, { signal: AbortSignal.abort("stop") })).rejects.toBe("stop");
    expect(sent).toBe(0);
  });

  test("gives its reason for what fails when it has aborted", async () => {
    const controller = new AbortController();
    const send = async () => {
      controller.abort("stop");
      throw new Error("aborted");
    };
    await expect(callOf().ask(send, { signal: controller.signal })).rejects.toBe("stop");
  });

  test("is given as it is to a client of one's own, and as a listener, always the same, to an official one", async () => {
    const seen: AbortSignal[] = [];
    const send = async ({ signal }: GenerateOptions) => void seen.push(signal);
    const controller = new AbortController();
    const { signal } = controller;
    await callOf().ask(send, { signal });
    for (let turn = 0; turn < 2; turn++) await callOf({ fetchWithTimeout: 1 } as RemoteClient).ask(send, { signal }); // as: the mark of an official client
    const [own, view, again] = seen;
    expect(own).toBe(signal);
    expect(view).not.toBe(signal);
    expect(again).toBe(view);
    let heard = 0;
    view?.addEventListener("abort", () => heard++);
    controller.abort("stop");
    expect([view?.aborted, view?.reason, heard]).toEqual([true, "stop", 1]);
  });
});

test("what a listener throws is no failure of the provider, whatever the client makes of it", async () => {
  const error = new TypeError("the listener's own");
  const onProgress = () => {
    throw error;
  };
  const plain = callOf().ask(async (own) => own.onProgress?.({ characters: 1 }), { signal: open, onProgress });
  await expect(plain).rejects.toBe(error);
  const wrapping = async (own: GenerateOptions) => {
    try {
      own.onProgress?.({ characters: 1 });
    } catch (cause) {
      throw new Error("the client cannot read the answer", { cause });
    }
  };
  await expect(callOf().ask(wrapping, { signal: open, onProgress })).rejects.toBe(error);
});

describe("an answer that tells a failure", () => {
  test.each<[unknown, string, RegExp]>([
    [{ error: { code: 429, message: "later" } }, "MODEL_THROTTLED", /later/],
    [{ error: { code: "429", message: "later" } }, "MODEL_THROTTLED", /later/],
    [{ error: { code: "insufficient_quota" } }, "MODEL_THROTTLED", /quota/],
    [{ error: { message: "odd" } }, "MODEL_UNAVAILABLE", /odd/],
    [{ error: "out of memory", choices: [] }, "MODEL_UNAVAILABLE", /out of memory/],
    [{ error: { type: "invalid_request_error" } }, "MODEL_REJECTED", /refused/],
    [{ status: "failed" }, "MODEL_UNAVAILABLE", /failed while it answered/],
  ])("%j", async (answer, code, message) => {
    const error = await rejectionOf(asked(answer));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test.each([[{ error: null }], [{ error: "" }], ["text"], [undefined]])("is not %j", async (answer) => {
    expect(await asked(answer)).toBe(answer);
  });
});

test("neither key nor token, nor what an address hides, is in an error", async () => {
  const baseURL = "https://user:secret@proxy.example/v1?token=hidden";
  for (const client of [{ apiKey: key }, { apiKey: null, authToken: key }]) {
    const call = callOf({ ...client, baseURL });
    const failing = call.ask(() => Promise.reject(Object.assign(new Error(`no ${key}`), { status: 500 })), {
      signal: open,
    });
    for (const error of [await rejectionOf(failing), call.invalid(`The answer is odd`, "another", { told: key })]) {
      const shown = [String(error), error.stack, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true })];
      expect(shown.join("\n")).not.toMatch(new RegExp(`${key}|secret@|hidden`));
    }
    expect((await rejectionOf(failing)).message).toMatch(/https:\/\/proxy\.example\/v1 failed.*no \[key\]/);
  }
});
