/** What the log says of a handler that threw: where that comes from, with nothing that is secret. */
import { expect, test } from "vitest";
import { taskPrompt } from "../../test/support/recorded-runs.ts";
import { hideSecretsOf, type JsonObject } from "../base/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { tool } from "../tool/index.ts";
import { startRun } from "./index.ts";

/** The record of a call whose handler throws something. */
async function recordOf(thrown: unknown): Promise<JsonObject> {
  const handler = (): Promise<never> => Promise.reject(thrown);
  const broken = tool({ name: "broken", description: "Breaks.", effects: "none", handler });
  const records: JsonObject[] = [];
  const logger = {
    log(_level: string, event: string, facts: JsonObject = {}): void {
      if (event === "tool_handler_exception") records.push(facts);
    },
  };
  const model = scriptedModel([callTools([{ name: "broken" }]), say("done")]);
  await startRun(taskPrompt({ tools: [broken] }), model, { logger }).outcome;
  return records[0] ?? {};
}

const password = "blue-gorilla-umbrella-77";

test("has the stack of the error, of its errors and of its causes", async () => {
  const cause = new TypeError("no socket", { cause: "the network is down" });
  const { stack, problem } = await recordOf(
    new AggregateError([new Error("first"), "second"], "both failed", { cause }),
  );
  expect(problem).toContain("both failed");
  for (const told of [
    /^AggregateError: both failed\n +at .*thrown-log\.test/,
    /\nOne of its errors: Error: first\n +at /,
    /\nOne of its errors: second\n/,
    /\nCaused by: TypeError: no socket\n +at /,
    /\nCaused by: the network is down$/,
  ])
    expect(stack).toMatch(told);
});

test("is redacted and bounded, and ends for causes that lead back to themselves", async () => {
  using _hidden = hideSecretsOf({ APP_PASSWORD: password });
  const error = new Error(`${"long ".repeat(398)} ${password} ${"long ".repeat(3_000)}`);
  error.cause = new AggregateError([error, new Error(password)]);
  const record = JSON.stringify(await recordOf(error));
  expect(record.length).toBeLessThan(5_500);
  expect(record).not.toContain("blue-g");
});

test("tells an object by its fields", async () => {
  using _hidden = hideSecretsOf({ APP_PASSWORD: password });
  const record = await recordOf({ status: 503, message: `down: ${password}`, password: "x" });
  expect(record.problem).toContain('{"status":503,"message":"down: [redacted]","password":"[redacted]"}');
  expect(record).not.toHaveProperty("stack");
});
