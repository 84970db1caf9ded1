/** Each driver at addresses where nobody listens, which counts nothing of a budget, or where a web page answers. */
import { createServer } from "node:net";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { costsOf } from "../src/adapter/index.ts";
import { memoryJournal } from "../src/journal/index.ts";
import { BudgetLedger } from "../src/limits/index.ts";
import { aiSdkModel } from "../src/model/ai-sdk/index.ts";
import { anthropicModel } from "../src/model/anthropic/index.ts";
import type { Model } from "../src/model/index.ts";
import { litellmModel } from "../src/model/litellm/index.ts";
import { openaiModel, openaiResponsesModel } from "../src/model/openai/index.ts";
import { resumeRun, startRun } from "../src/run/index.ts";
import { createFakeClock } from "../src/testing/index.ts";
import { looking } from "./support/failing-models.ts";
import { modelDrivers } from "./support/model-drivers.ts";
import { rejectionOf } from "./support/thrown-by.ts";

/** An address of this machine that was free a moment ago. */
async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1`;
}

const settings = { maxOutputTokens: 16_000 };
const client = (baseURL: string) => new OpenAI({ apiKey: "k", baseURL, maxRetries: 0, logLevel: "off" });
const drivers: Readonly<Record<string, (baseURL: string) => Model>> = {
  openaiModel: (at) => openaiModel({ client: client(at), model: "m", settings }),
  openaiResponsesModel: (at) => openaiResponsesModel({ client: client(at), model: "m", settings }),
  litellmModel: (at) => litellmModel({ client: client(at), model: "m", settings }),
  anthropicModel: (baseURL) =>
    anthropicModel({ client: new Anthropic({ apiKey: "k", baseURL, maxRetries: 0, logLevel: "off" }), model: "m" }),
  aiSdkModel: (baseURL) => aiSdkModel({ model: createOpenAICompatible({ name: "local", baseURL })("m"), settings }),
};
const prices = () => ({ input: 3, output: 15 });

test.each(Object.entries(drivers))("%s", async (_name, modelAt) => {
  const model = modelAt(await closedAddress());
  const clock = createFakeClock();
  const journal = memoryJournal({ clock });
  const budget = new BudgetLedger({ totalTokens: 40_000, cost: 1 });
  const options = { clock, journal, budget, prices, throttle: { attempts: 3, baseMs: 10 } };
  const run = startRun(looking, model, { ...options, runId: "run-1" });
  for await (const event of run.events()) if (event.type === "model/retried") await clock.advanceAsync(event.waitMs);
  const outcome = await run.outcome;
  const details = { reason: "unreachable", code: "ECONNREFUSED" };
  expect(outcome).toMatchObject({
    status: "failed",
    attempts: 3,
    cost: 0,
    error: { code: "MODEL_UNAVAILABLE", details },
  });
  expect(outcome).toHaveProperty("error.message", expect.stringMatching(/failed before it was made.*ECONNREFUSED 127/));
  expect(budget.left()).toEqual(new BudgetLedger({ totalTokens: 40_000, cost: 1 }).left());
  const entries = await journal.read("run-1");
  expect(costsOf(entries, { prices }).calls.map(({ cost }) => cost)).toEqual([0, 0, 0]);

  const anew = new BudgetLedger({ totalTokens: 40_000, cost: 1 });
  const resumed = await resumeRun(looking, model, journal, "run-1", { ...options, budget: anew, throttle: false });
  expect(await resumed.outcome).toMatchObject({ status: "failed", cost: 0 });
  expect(anew.left()).toEqual(budget.left());
});

const request = {
  system: "",
  messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
  tools: [],
} as const;
const page = { body: "<!doctype html><html>Log in</html>", contentType: "text/html" };

test.each(modelDrivers)("$name calls a page a page, and says where it came from", async (driver) => {
  await using harness = await driver.open({ answers: [page, page], apiKey: "key-of-the-loopback", settings: {} });
  const { signal } = new AbortController();
  const { model } = harness;
  const error = await rejectionOf(model.generate(request, { signal }));
  expect(error.message).toMatch(/A web page came from http:\/\/127.*Log in.*Check the base URL/);
  expect(error).toMatchObject({
    code: "MODEL_RESPONSE_INVALID",
    details: { model: model.name, provider: expect.any(String), address: expect.stringContaining("http://127") },
  });
  const streamed = await rejectionOf(model.generate(request, { signal, onProgress: () => undefined }));
  if (model.provider !== "ai-sdk") return expect(streamed.message).toBe(error.message);
  // its packages tell of a stream that it is a page, but neither what is on it nor where it came from
  expect(streamed.message).toMatch(/A web page came from local\.chat.*Received text\/html.*Check the base URL/);
  expect(streamed.details).toEqual({ model: model.name, provider: "local.chat" });
});
