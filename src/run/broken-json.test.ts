/** A secret in a text that is no JSON: nothing that tells of the run quotes a piece of it. */
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";
import { eventsOf } from "../../test/support/recorded-runs.ts";
import { recordingTelemetry } from "../../test/support/recording-telemetry.ts";
import { hideSecretsOf, jsonLogger } from "../base/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { tool } from "../tool/index.ts";
import { startRun } from "./index.ts";

const key = "sk-proj-Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3";
const password = "blue-gorilla-umbrella-77";

const read = tool({
  name: "read",
  description: "Reads.",
  effects: "none",
  params: z.object({ a: z.string() }),
  handler: ({ a }) => Promise.reject(new Error(`No ${JSON.parse(a)}`)),
});
const prompt = definePrompt({
  ns: "test",
  key: "task",
  output: z.object({ a: z.string() }),
  sections: [section({ key: "task", title: "Task", body: "Do.", tools: [read] })],
}).bind();

/** What is told of a run whose model says a text as its answer and as a call's arguments, and whose tool parses it. */
async function told(text: string): Promise<string> {
  const telemetry = recordingTelemetry(true);
  let log = "";
  const model = scriptedModel([
    callTools([
      { name: "read", arguments: text },
      { name: "read", arguments: { a: text } },
      { name: text, arguments: "{}" },
      { name: "read", arguments: `[${"x".repeat(280)} ${text}]` },
      { name: "read", arguments: JSON.stringify({ b: "x".repeat(260), c: text }) },
    ]),
    say(text),
    say(`\`\`\`json\n${text}\n\`\`\``),
  ]);
  const logger = jsonLogger({ write: (line: string) => (log += line) }, { least: "debug" });
  const run = startRun(prompt, model, { telemetry, logger, throttle: false });
  const outcome = await run.outcome;
  if (outcome.status !== "failed") throw new Error("the run has not failed");
  const { error } = outcome;
  return [
    JSON.stringify(await eventsOf(run)),
    JSON.stringify(telemetry.spans),
    log,
    error.stack,
    inspect(error),
  ].join();
}

test.each(
  [password, key].flatMap((secret) =>
    [secret, `{"a": ${secret}}`, `{"a": 1} ${secret}`, `x".repeat(9), "a": ${secret}}`, `{"a":"${secret}`].map(
      (text) => [text, secret] as const, // as: a pair
    ),
  ),
)("%s is told in no piece", async (text, secret) => {
  using _hidden = hideSecretsOf({ APP_PASSWORD: password });
  const all = await told(text);
  expect(all).toContain("JSON at line 1, column");
  for (let at = 0; at + 6 <= secret.length; at++) {
    const piece = secret.slice(at, at + 6);
    if (piece !== "sk-pro") expect([piece, all.includes(piece)]).toEqual([piece, false]);
  }
});
