import { describe, expect, test } from "vitest";
import {
  type LoopbackOptions,
  type LoopbackServer,
  loopbackAnthropic,
  loopbackLiteLLM,
  loopbackOpenAI,
} from "./index.ts";

const messages = [{ role: "user", content: "Hello" }];
/** Each API with the path below a server's base URL and a request that it takes. */
const apis = {
  chat: { start: loopbackOpenAI, path: "/chat/completions", body: { model: "m", messages } },
  responses: { start: loopbackOpenAI, path: "/responses", body: { model: "m", input: "Hello" } },
  messages: { start: loopbackAnthropic, path: "/v1/messages", body: { model: "m", max_tokens: 9, messages } },
  litellm: { start: loopbackLiteLLM, path: "/chat/completions", body: { model: "openai/m", messages } },
};
type Api = (typeof apis)[keyof typeof apis];

const ask = (
  server: Pick<LoopbackServer, "baseURL" | "apiKey">,
  { body, path }: Api,
  more: object = {},
  signal?: AbortSignal,
): Promise<Response> =>
  fetch(server.baseURL + path, {
    method: "POST",
    headers: {
      authorization: `Bearer ${server.apiKey}`,
      "content-type": "application/json",
      "anthropic-version": "2023-06-01",
    },
    body: JSON.stringify({ ...body, ...more }),
    ...(signal && { signal }),
  });

/** Reads a body to its end, whatever the end is. */
async function read(response: Response): Promise<{ text: string; ended: "whole" | "cut" }> {
  let text = "";
  try {
    for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += part;
    return { text, ended: "whole" };
  } catch {
    return { text, ended: "cut" };
  }
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
const dataOf = (text: string): string[] => [...text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => data);
/** The events that say that a stream is over. */
const last = /\[DONE\]|response\.completed|message_stop/;

describe.each(Object.entries(apis))("faults of %s", (_name, api) => {
  const start = (answers: LoopbackOptions["answers"]): Promise<LoopbackServer> => api.start({ answers });

  test("silence keeps the connection until the client goes", async () => {
    for (const stream of [false, true]) {
      await using server = await start([{ fault: "silence" }]);
      const controller = new AbortController();
      const answer = ask(server, api, { stream }, controller.signal).catch(() => "gone");
      await server.arrived(0);
      expect(server.openConnections).toBe(1);
      controller.abort();
      expect(await answer).toBe("gone");
      await server.allClosed();
      expect(server.openConnections).toBe(0);
    }
  });

  test("drop closes it at once", async () => {
    await using server = await start([{ fault: "drop" }]);
    await expect(ask(server, api)).rejects.toThrow();
    await server.allClosed();
  });

  test("half of a body, half of a stream", async () => {
    await using server = await start([{ fault: "half" }, { fault: "half" }]);
    const body = await read(await ask(server, api));
    expect(body.ended).toBe("cut");
    expect(body.text.length).toBeGreaterThan(10);
    expect(isJson(body.text)).toBe(false);
    const stream = await read(await ask(server, api, { stream: true }));
    expect(stream.ended).toBe("cut");
    expect(dataOf(stream.text).length).toBeGreaterThan(1);
    expect(stream.text).not.toMatch(last);
  });

  test("an end in the middle", async () => {
    await using server = await start([{ fault: "unfinished" }, { fault: "unfinished" }]);
    const body = await read(await ask(server, api));
    expect(body.ended).toBe("whole");
    expect(isJson(body.text)).toBe(false);
    const stream = await read(await ask(server, api, { stream: true }));
    expect(stream.ended).toBe("whole");
    expect(dataOf(stream.text).every(isJson)).toBe(true);
    expect(stream.text).not.toMatch(last);
  });

  test("garbage in the middle", async () => {
    await using server = await start([{ fault: "garbled" }, { fault: "garbled" }]);
    const body = await read(await ask(server, api));
    expect(body.ended).toBe("whole");
    expect(isJson(body.text)).toBe(false);
    const stream = await read(await ask(server, api, { stream: true }));
    expect(dataOf(stream.text.replace("[DONE]", "0")).filter((data) => !isJson(data))).toHaveLength(1);
    expect(stream.text).toMatch(last);
  });

  test("an error in the middle of a stream, or in place of a body", async () => {
    const fault = { fault: "error", error: { message: "oh no" } } as const;
    await using server = await start([fault, fault]);
    const body = await ask(server, api);
    expect(body.status).toBe(500);
    expect(await body.json()).toMatchObject({ error: { message: "oh no" } });
    const stream = await read(await ask(server, api, { stream: true }));
    expect(dataOf(stream.text).at(-1)).toContain('"oh no"');
    expect(stream.text).not.toMatch(last);
  });

  test("a stream that never ends, and a body that never begins", async () => {
    await using server = await start([{ fault: "endless", of: { say: "once more" } }, { fault: "endless" }]);
    for (const stream of [true, false]) {
      const response = await ask(server, api, { stream });
      let text = "";
      for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += part;
        if (text.length > 20_000) break; // which cancels the body
      }
      if (!stream) expect(text.trim()).toBe("");
      else expect(new Set(dataOf(text).slice(8, -1)).size).toBe(1);
      await server.allClosed();
    }
  });

  test("statuses have errors of the protocol's form, any header and any text", async () => {
    await using server = await start([
      { status: 429, headers: { "retry-after": "7" }, error: { message: "slower" } },
      { status: 503, text: "<html>busy</html>" },
      { status: 418 },
      { body: { free: true } },
      { body: "free", contentType: "text/plain" },
    ]);
    const throttled = await ask(server, api, { stream: true });
    expect(throttled.status).toBe(429);
    expect(throttled.headers.get("retry-after")).toBe("7");
    expect(await throttled.json()).toMatchObject({ error: { message: "slower", type: expect.any(String) } });
    const busy = await ask(server, api);
    expect([busy.status, busy.headers.get("content-type"), await busy.text()]).toEqual([
      503,
      "text/html",
      "<html>busy</html>",
    ]);
    expect(await (await ask(server, api)).json()).toMatchObject({ error: { message: expect.stringContaining("418") } });
    expect(await (await ask(server, api)).json()).toEqual({ free: true });
    const text = await ask(server, api);
    expect([text.headers.get("content-type"), await text.text()]).toEqual(["text/plain", "free"]);
  });

  test("a model, a key and a path that are not known", async () => {
    await using server = await api.start({ answers: [], model: ["known", "other"], apiKey: "right" });
    const unknown = await ask(server, api);
    expect([400, 404]).toContain(unknown.status);
    expect(await unknown.text()).toContain(api.body.model);
    const key = await ask({ baseURL: server.baseURL, apiKey: "wrong" }, api);
    expect(key.status).toBe(401);
    expect((await ask(server, { ...api, path: "/nowhere" })).status).toBe(404);
    expect(server.requests).toHaveLength(1);
    expect(server.violations).toEqual([]);
  });
});
