/** Telemetries that do not do what they should, and what runs do all the same. */
import { describe, expect, test } from "vitest";
import { eventsOf, taskPrompt } from "../../test/support/recorded-runs.ts";
import { recordingTelemetry } from "../../test/support/recording-telemetry.ts";
import type { Span, Telemetry } from "../base/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { ok, tool } from "../tool/index.ts";
import { type RunOptions, startRun } from "./index.ts";

const good: Span = { start: () => good, activate: (work) => work(), set: () => undefined, end: () => undefined };
const faulty = (span: Partial<Span>): Telemetry => {
  const own: Span = { ...good, start: () => own, ...span };
  return { content: true, start: () => own };
};
const broke = (): never => {
  throw new Error("out of order");
};

/** All that a run does and tells. */
async function told(options: RunOptions) {
  const calls: string[] = [];
  const look = tool({
    name: "look",
    description: "Looks.",
    effects: "none",
    handler(_params, { callId }) {
      calls.push(callId);
      return ok("seen");
    },
  });
  const model = scriptedModel([callTools([{ name: "look" }, { name: "look" }]), say("done")]);
  const run = startRun(taskPrompt({ tools: [look] }), model, { clock: createFakeClock(), runId: "run-1", ...options });
  return { outcome: await run.outcome, events: await eventsOf(run), calls, requests: model.requests.length };
}

describe("a telemetry changes nothing about a run", async () => {
  const plain = await told({});

  test.each<[string, Telemetry]>([
    ["does all as it should", faulty({})],
    ["throws at the beginning", { start: broke }],
    ["gives no span", { start: () => undefined as never }],
    ["throws below the span of the run", faulty({ start: broke })],
    ["throws before the work", faulty({ activate: broke })],
    [
      "throws behind the work",
      faulty({
        activate(work) {
          work();
          broke();
        },
      }),
    ],
    ["does not begin the work", faulty({ activate: () => undefined })],
    ["begins the work twice", faulty({ activate: (work) => [work, work].forEach((begin) => void begin()) })],
    ["begins the work later again", faulty({ activate: (work) => void Promise.resolve().then(work) })],
    ["throws when it is told more", faulty({ set: broke })],
    ["throws at the end", faulty({ end: broke })],
  ])("that %s", async (_what, telemetry) => {
    expect(plain).toMatchObject({ outcome: { status: "completed" }, requests: 2 });
    expect(await told({ telemetry })).toEqual(plain);
  });

  test("that keeps what it is told, each span ended once", async () => {
    const telemetry = recordingTelemetry();
    expect(await told({ telemetry })).toEqual(plain);
    expect(telemetry.spans.map(({ name, ended }) => `${name} ${ended}`)).toEqual([
      "invoke_agent test:task 1",
      "chat scripted 1",
      "execute_tool look 1",
      "execute_tool look 1",
      "chat scripted 1",
    ]);
  });
});

test("what is no prompt is refused as it is without spans", async () => {
  const telemetry = recordingTelemetry();
  const outcome = await startRun(undefined as never, scriptedModel([]), { telemetry }).outcome;
  expect(outcome).toMatchObject({ status: "failed", error: { code: "INPUT_INVALID" } });
  expect(telemetry.spans).toMatchObject([{ failure: { type: "INPUT_INVALID" }, ended: 1 }]);
});
