/** Resources that a run makes for its tools. */
import { expect, test } from "vitest";
import { z } from "zod";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { type Binding, token } from "../resources/index.ts";
import { createFakeClock } from "../testing/index.ts";
import { ok, tool } from "../tool/index.ts";
import { type RunOptions, startRun } from "./index.ts";

interface Connection {
  readonly name: string;
}
const shared = token<Connection>("shared");
const own = token<Connection>("own");
const look = tool({
  name: "look",
  description: "Looks.",
  effects: "external",
  params: z.object({}),
  resources: { shared, own },
  timeoutMs: 1_000,
  handler: (_params, context) => ok(`${context.shared.name} ${context.own.name}`),
});

function promptWith(resources: readonly Binding[]) {
  return definePrompt({
    ns: "test",
    key: "resources",
    sections: [section({ key: "task", title: "Task", body: "Look.", tools: [look] })],
    resources,
  }).bind({});
}

/** Runs a script of one call after the other, and gives the texts of their results. */
async function textsOf(resources: readonly Binding[], calls: number, options: RunOptions = {}) {
  const model = scriptedModel([...Array.from({ length: calls }, () => callTools([{ name: "look" }])), say("done")]);
  const run = startRun(promptWith(resources), model, options);
  const outcome = await run.outcome;
  const entries = await run.journal.read(run.id).catch(() => []);
  const texts = entries.flatMap((entry) => (entry.type === "tool/finished" ? [entry.result.text] : []));
  return { outcome, texts };
}

/** Makes numbered connections, and notes when they are opened and closed. */
function numbered(name: string, log: string[]): () => Connection & AsyncDisposable {
  let count = 0;
  return () => {
    const made = `${name}${++count}`;
    log.push(`+${made}`);
    return { name: made, [Symbol.asyncDispose]: async () => void log.push(`-${made}`) };
  };
}

test("singletons live as long as the run, those of a call as long as the call", async () => {
  const log: string[] = [];
  const bindings = [
    shared.provide(numbered("shared", log), { eager: true }),
    own.provide(numbered("own", log), { scope: "tool-call" }),
  ];
  const { outcome, texts } = await textsOf(bindings, 2);
  expect(outcome.status).toBe("completed");
  expect(texts).toEqual(["shared1 own1", "shared1 own2"]);
  expect(log).toEqual(["+shared1", "+own1", "-own1", "+own2", "-own2", "-shared1"]);
});

test("one that cannot be made refuses the call, and the next call tries again", async () => {
  let tries = 0;
  const bindings = [
    shared.bind({ name: "shared" }),
    own.provide(() => {
      if (++tries === 1) throw new Error("no route");
      return { name: `own${tries}` };
    }),
  ];
  const { outcome, texts } = await textsOf(bindings, 2);
  expect(outcome.status).toBe("completed");
  expect(texts).toEqual([
    expect.stringContaining(
      'The call was not begun: resource "own": It could not be made. Expected what its function gives. Received no route.',
    ),
    "shared own2",
  ]);
});

test("one whose making does not end takes the call's time, and no more", async () => {
  const clock = createFakeClock();
  const bindings = [shared.bind({ name: "shared" }), own.provide(() => new Promise<Connection>(() => undefined))];
  const ended = textsOf(bindings, 1, { clock });
  await clock.advanceAsync(1_000);
  const { outcome, texts } = await ended;
  expect(outcome.status).toBe("completed");
  expect(texts).toEqual([expect.stringContaining("The call took too long. Expected its end within 1000 ms.")]);
});

test("an eager one that cannot be made ends the run before its first model call, and the others are closed", async () => {
  const log: string[] = [];
  const bindings = [
    shared.provide(numbered("shared", log), { eager: true }),
    own.provide(() => Promise.reject(new Error("no route")), { eager: true }),
  ];
  const { outcome } = await textsOf(bindings, 0);
  expect(outcome).toMatchObject({ status: "failed", turns: 0, error: { code: "RESOURCE_FAILED" } });
  expect(log).toEqual(["+shared1", "-shared1"]);
});
