import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { createFakeClock } from "../fake-clock.ts";
import { watchOpenResources } from "../leaks.ts";
import { type LoopbackAnswer, type LoopbackServer, loopbackAnthropic, loopbackOpenAI } from "./index.ts";

const body = { model: "m", messages: [{ role: "user", content: "Hello" }] } as const;
const clientOf = ({ apiKey, baseURL }: LoopbackServer): OpenAI =>
  new OpenAI({ apiKey, baseURL, maxRetries: 0, logLevel: "off" });
const post = (server: LoopbackServer, text: string, more: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.baseURL}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.apiKey}`, "content-type": "application/json", ...more },
    body: text,
  });

describe("the pace of an answer", () => {
  test("pieces wait until the test lets them go", async () => {
    await using server = await loopbackOpenAI({
      answers: [
        { say: "abcd", held: true },
        { say: "whole", held: true },
      ],
    });
    const client = clientOf(server);
    const stream = await client.chat.completions.create({ ...body, messages: [...body.messages], stream: true });
    const pieces = stream[Symbol.asyncIterator]();
    let settled = 0;
    const next = async (): Promise<string> => {
      const { value } = await pieces.next();
      settled++;
      return value?.choices[0]?.delta.content ?? "none";
    };
    const first = next();
    await server.arrived(0);
    expect(settled).toBe(0);
    server.release();
    expect(await first).toBe("");
    server.release(2); // as many as come, also those that do not wait yet
    expect([await next(), await next()]).toEqual(["ab", "cd"]);
    server.release(Number.POSITIVE_INFINITY);
    expect(await next()).toBe("none");
    await client.chat.completions.create({ ...body, messages: [...body.messages] });
    await server.allClosed();
  });

  test("pieces wait on the clock, and are given up when the client goes", async () => {
    const clock = createFakeClock();
    await using server = await loopbackOpenAI({ answers: [{ say: "abcd", everyMs: 100 }], clock });
    const stream = await clientOf(server).chat.completions.create({
      ...body,
      messages: [...body.messages],
      stream: true,
    });
    expect(clock.pending()).toBe(1);
    clock.advance(100);
    for await (const { choices } of stream) {
      expect(choices[0]?.delta.content).toBe("");
      break;
    }
    await server.allClosed();
    expect(clock.pending()).toBe(0);
  });

  test.each<[string, LoopbackAnswer]>([
    ["a status", { status: 500, held: true }],
    ["a body", { body: "x", held: true }],
    ["a fault", { fault: "error", held: true }],
  ])("%s waits as well", async (_name, answer) => {
    await using server = await loopbackOpenAI({ answers: [answer] });
    let came = false;
    const response = post(server, JSON.stringify(body)).finally(() => {
      came = true;
    });
    await server.arrived(0);
    await new Promise(setImmediate);
    expect(came).toBe(false);
    server.release();
    await (await response).text();
  });

  test("what waits is given up when the server is disposed", async () => {
    const watch = watchOpenResources({ ignore: ["TCPSocketWrap"] });
    {
      await using server = await loopbackOpenAI({ answers: () => ({ say: "never", held: true }) });
      const lost = post(server, JSON.stringify(body)).catch(() => "lost");
      await server.arrived(0);
      await server[Symbol.asyncDispose]();
      expect(await lost).toBe("lost");
    }
    await watch.check();
  });
});

describe("requests", () => {
  test("are kept as they came, and can be waited for by several", async () => {
    await using server = await loopbackOpenAI({ answers: (request, index) => ({ json: [request.body.model, index] }) });
    const both = [server.arrived(1), server.arrived(1)];
    for (const name of ["a", "b"]) {
      const answer = await post(server, JSON.stringify({ ...body, model: name }), { "x-own": name });
      expect(JSON.stringify(await answer.json())).toContain(name === "a" ? '[\\"a\\",0]' : '[\\"b\\",1]');
    }
    expect(await Promise.all(both)).toEqual([server.requests[1], server.requests[1]]);
    expect(await server.arrived(0)).toMatchObject({
      path: "/v1/chat/completions",
      headers: { "x-own": "a" },
      body: { model: "a" },
    });
  });

  test("that are no JSON, too long or of another type are violations", async () => {
    await using server = await loopbackOpenAI({ answers: [], maxBodyBytes: 100 });
    expect((await post(server, "{]")).status).toBe(400);
    expect((await post(server, "[]")).status).toBe(400);
    const long = await post(server, JSON.stringify({ ...body, model: "m".repeat(200_000) }));
    expect(long.status).toBe(413);
    expect((await post(server, JSON.stringify(body), { "content-type": "text/plain" })).status).toBe(400);
    expect(
      (await post(server, JSON.stringify({ a: "[".repeat(10) }).replace(/"\[+"/, `${"[".repeat(40)}${"]".repeat(40)}`)))
        .status,
    ).toBe(400);
    expect(server.violations.slice(0, 4)).toEqual([
      expect.stringMatching(/^request 0: the body is not a JSON object: /),
      "request 1: the body is not a JSON object",
      "request 2: the body is longer than 100 bytes",
      "request 3: the content type is text/plain, not application/json",
    ]);
    expect(server.requests.map((request) => request.body === undefined)).toEqual([true, true, true, false, false]);
  });

  test("beyond the script, and answers that cannot be made, are violations too", async () => {
    await using server = await loopbackOpenAI({ answers: [{ say: "once" }] });
    await post(server, JSON.stringify(body));
    expect((await post(server, JSON.stringify(body))).status).toBe(400);
    expect(server.violations).toEqual([
      "request 1: the script is over, as it has only 1 answers; the request is right",
    ]);
    await using other = await loopbackOpenAI({
      answers: () => {
        throw new Error("no idea");
      },
    });
    expect((await post(other, JSON.stringify(body))).status).toBe(500);
    expect(other.violations).toEqual(["request 0: the answer could not be made: no idea"]);
  });

  test("of a client that goes in the middle leave nothing", async () => {
    await using server = await loopbackAnthropic({ answers: [] });
    const controller = new AbortController();
    const unfinished = new ReadableStream({ start: (to) => to.enqueue(new Uint8Array(1000)) });
    const sent = fetch(`${server.baseURL}/v1/messages`, {
      method: "POST",
      body: unfinished,
      duplex: "half",
      signal: controller.signal,
    } as RequestInit).catch(() => "gone");
    while (server.openConnections === 0) await new Promise(setImmediate);
    controller.abort();
    expect(await sent).toBe("gone");
    await server.allClosed();
    expect(server.requests).toEqual([]);
  });
});

test("every answer may have headers of its own", async () => {
  await using server = await loopbackOpenAI({
    answers: [
      { say: "a", headers: { "x-own": "1", "x-request-id": "mine" } },
      { body: {}, headers: { "x-own": "2" } },
    ],
  });
  const first = await post(server, JSON.stringify({ ...body, stream: true }));
  expect([first.headers.get("x-own"), first.headers.get("x-request-id")]).toEqual(["1", "mine"]);
  const second = await post(server, JSON.stringify(body));
  expect([second.headers.get("x-own"), second.headers.get("x-request-id")]).toEqual(["2", "req_loopback_1"]);
});
