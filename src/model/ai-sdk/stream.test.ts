import { describe, expect, test } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import type { ModelRequest } from "../index.ts";
import { aiSdkModel } from "./index.ts";

const request: ModelRequest = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "?" }] }],
  tools: [],
};
const open = new AbortController().signal;
const finish = { type: "finish", finishReason: { unified: "stop", raw: "end" }, usage: {} };
const start = { type: "text-start", id: "t" };
const delta = (text: string) => ({ type: "text-delta", id: "t", delta: text });

/** A stream that tells whether it was read to its end or cancelled; it hangs after its parts when it is not to end. */
function streamOf(parts: readonly unknown[], then: "end" | "hang" | Error = "end") {
  const left = [...parts];
  const seen: { ended: boolean; cancelled: unknown[] } = { ended: false, cancelled: [] };
  const stream = new ReadableStream<unknown>(
    {
      pull(controller) {
        if (left.length > 0) controller.enqueue(left.shift());
        else if (then === "end") {
          seen.ended = true;
          controller.close();
        } else if (then instanceof Error) controller.error(then);
        else return new Promise<void>(() => undefined);
        return undefined;
      },
      cancel: (reason) => void seen.cancelled.push(reason),
    },
    { highWaterMark: 0 },
  );
  return { stream, seen };
}

function ask(streamed: unknown, signal = open, onProgress: (of: { characters: number }) => void = () => undefined) {
  const model = aiSdkModel({
    model: {
      specificationVersion: "v4",
      provider: "acme.chat",
      modelId: "m",
      doGenerate: () => Promise.reject(new Error("not asked to stream")),
      doStream: async () => streamed,
    },
  });
  return model.generate(request, { signal, onProgress });
}

test("a page in the place of a stream is told by its type, and not waited for", async () => {
  const { stream, seen } = streamOf([], "hang");
  const response = { headers: { "content-type": "text/html; charset=utf-8" } };
  const error = await rejectionOf(ask({ stream, response }));
  expect(error).toMatchObject({ code: "MODEL_RESPONSE_INVALID", details: { provider: "acme.chat" } });
  expect(error.details).not.toHaveProperty("address");
  expect(error.message).toMatch(/A web page came from acme\.chat\..*Check the base URL/);
  expect(seen.cancelled).toHaveLength(1);
});

describe("a stream", () => {
  test("is read to its end, and tells how much has come", async () => {
    const { stream, seen } = streamOf([
      { type: "stream-start", warnings: [] },
      { type: "response-metadata", id: "answer-1" },
      { type: "reasoning-start", id: "t" },
      start,
      { type: "reasoning-delta", id: "t", delta: "hm" },
      delta("Hel"),
      delta(""),
      delta("lo"),
      { type: "reasoning-end", id: "t", providerMetadata: { acme: { signature: "s" } } },
      { type: "text-end", id: "t" },
      { type: "tool-input-start", id: "c", toolName: "add" },
      { type: "tool-input-delta", id: "c", delta: "{}" },
      { type: "tool-call", toolCallId: "c", toolName: "add", input: "{}" },
      { type: "tool-call", toolCallId: "d", toolName: "add", input: "{ }" },
      finish,
    ]);
    const progress: number[] = [];
    const answer = await ask({ stream }, open, ({ characters }) => progress.push(characters));
    expect(answer).toMatchObject({ finish: "tool-calls", id: "answer-1" });
    expect(answer.message.content).toMatchObject([{ text: "Hello" }, { id: "c" }, { id: "d" }]);
    expect(answer.message.provider?.data).toMatchObject({
      content: [
        { type: "reasoning", text: "hm", providerOptions: { acme: { signature: "s" } } },
        { own: "text" },
        { own: "tool-call" },
        { own: "tool-call" },
      ],
    });
    expect(progress).toEqual([0, 0, 0, 0, 2, 5, 5, 7, 7, 7, 7, 9, 9, 12, 12]);
    expect(seen).toEqual({ ended: true, cancelled: [] });
  });

  test("begins a block anew when an id comes again", async () => {
    const end = { type: "text-end", id: "t" };
    const { stream } = streamOf([start, delta("A"), end, start, delta("B"), end, finish]);
    expect((await ask({ stream })).message.content).toMatchObject([{ text: "A" }, { text: "B" }]);
  });

  const broken: Record<string, [readonly unknown[], string, RegExp]> = {
    "a part of nothing": [[null], "MODEL_RESPONSE_INVALID", /no type/],
    "text that has not begun": [[delta("x")], "MODEL_RESPONSE_INVALID", /not begun/],
    "a piece without text": [[start, { type: "text-delta", id: "t" }], "MODEL_RESPONSE_INVALID", /no text/],
    "an error in words": [
      [start, { type: "error", error: "overloaded" }],
      "MODEL_UNAVAILABLE",
      /broke its answer off.*overloaded/,
    ],
    "an error as data": [[{ type: "error", error: { message: "oh no" } }, finish], "MODEL_UNAVAILABLE", /oh no/],
    "an error with a status": [
      [{ type: "error", error: { message: "slower", statusCode: 429 } }],
      "MODEL_THROTTLED",
      /too fast.*slower/,
    ],
    "an error that is one": [
      [{ type: "error", error: Object.assign(new Error("no"), { name: "AI_JSONParseError", text: "{]" }) }],
      "MODEL_RESPONSE_INVALID",
      /cannot be read.*\{\]/,
    ],
  };
  test.each(Object.entries(broken))("with %s is cancelled", async (_name, [parts, code, message]) => {
    const { stream, seen } = streamOf(parts, "hang");
    const error = await rejectionOf(ask({ stream }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(seen.cancelled).toHaveLength(1);
  });

  test("that ends before the answer does", async () => {
    const { stream, seen } = streamOf([start, delta("and so")]);
    const error = await rejectionOf(ask({ stream }));
    expect(error).toMatchObject({ code: "MODEL_UNAVAILABLE", retryable: true });
    expect(error.message).toContain(
      "stream of the answer: It broke off. Expected a stream that says that its answer has ended. Received 6 characters.",
    );
    expect(seen.ended).toBe(true);
  });

  test.each([[[]], [[{ type: "stream-start", warnings: [] }]]])(
    "that ends before an answer begins: %j",
    async (parts) => {
      const error = await rejectionOf(ask({ stream: streamOf(parts).stream }));
      expect(error).toMatchObject({ code: "MODEL_RESPONSE_INVALID", retryable: true });
    },
  );

  test("that breaks", async () => {
    const cut = new TypeError("terminated", { cause: { code: "UND_ERR_SOCKET" } });
    const error = await rejectionOf(ask({ stream: streamOf([start, delta("and")], cut).stream }));
    expect(error.code).toBe("MODEL_UNAVAILABLE");
    expect(error.message).toMatch(/connection to acme\.chat failed/);
  });

  test.each([[undefined], [{}], [{ stream: "text" }], ["text"]])("that is none: %j", async (streamed) => {
    expect(await rejectionOf(ask(streamed))).toMatchObject({ code: "MODEL_RESPONSE_INVALID" });
  });

  test("is cancelled by an abort while it waits, and by one that came before it", async () => {
    const controller = new AbortController();
    const { stream, seen } = streamOf([start, delta("A")], "hang");
    const answer = ask({ stream }, controller.signal, () => queueMicrotask(() => controller.abort("stop")));
    await expect(answer).rejects.toBe("stop");
    expect(seen.cancelled).toEqual(["stop"]);

    const late = new AbortController();
    const unread = streamOf([start], "hang");
    const slow = {
      get stream() {
        late.abort("too late");
        return unread.stream;
      },
    };
    await expect(ask(slow, late.signal)).rejects.toBe("too late");
    expect(unread.seen.cancelled).toEqual(["too late"]);
  });

  test("that cannot be cancelled holds nobody up", async () => {
    const never = new Promise<never>(() => undefined);
    const parts = [delta("x")];
    const getReader = () => ({ read: async () => ({ done: false, value: parts[0] }), cancel: () => never });
    expect(await rejectionOf(ask({ stream: { getReader } }))).toMatchObject({ code: "MODEL_RESPONSE_INVALID" });
  });

  test("is cancelled when the listener throws, which is no error of the provider", async () => {
    const { stream, seen } = streamOf([start, delta("A")], "hang");
    const listener = new Error("the listener's own");
    const answer = ask({ stream }, open, () => {
      throw listener;
    });
    await expect(answer).rejects.toBe(listener);
    expect(seen.cancelled).toHaveLength(1);
  });
});
