/** Runs through each driver over servers that fail: each ends in time, with its calls answered, and leaves nothing open. */
import { describe, expect, test } from "vitest";
import { type ErrorCode, pause } from "../src/base/index.ts";
import { memoryJournal } from "../src/journal/index.ts";
import { deadlineAfter } from "../src/limits/index.ts";
import { type Outcome, replayRun, startRun } from "../src/run/index.ts";
import { createFakeClock, type FakeClock, type LoopbackAnswer, watchOpenResources } from "../src/testing/index.ts";
import { looking } from "./support/failing-models.ts";
import { modelDrivers, type NamedDriver } from "./support/model-drivers.ts";

const idleTimeoutMs = 20_000;
const calls: LoopbackAnswer = {
  calls: [
    { name: "look", arguments: {} },
    { name: "look", arguments: "{" },
  ],
};
const page = "<html>Bad gateway</html>";

/** What goes wrong, and whether the model is asked again behind it. */
type Fault = readonly [what: string, answer: LoopbackAnswer | "quota", code: ErrorCode, isPassing: boolean];
const faults: readonly Fault[] = [
  ["rejected", { status: 400 }, "MODEL_REJECTED", false],
  ["rejected for its key", { status: 401 }, "MODEL_REJECTED", false],
  ["throttled", { status: 429, headers: { "retry-after": "3" } }, "MODEL_THROTTLED", true],
  ["throttled by a quota", "quota", "MODEL_THROTTLED", false],
  ["failed", { status: 503 }, "MODEL_UNAVAILABLE", true],
  ["failed by a page", { status: 502, text: page }, "MODEL_UNAVAILABLE", true],
  ["truncated", { fault: "half" }, "MODEL_UNAVAILABLE", true],
  ["dropped", { fault: "drop" }, "MODEL_UNAVAILABLE", true],
  ["of another kind", { body: { hello: 1 } }, "MODEL_RESPONSE_INVALID", true],
  ["a page", { body: page, contentType: "text/html" }, "MODEL_RESPONSE_INVALID", true],
  ["garbled", { fault: "garbled" }, "MODEL_RESPONSE_INVALID", true],
];

/** Waits some turns of the event loop, in which what was sent arrives. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await pause();
}

/** Plays a run of a minute whose second answer goes wrong; `meet` lets time pass when it is asked for. */
async function play(
  driver: NamedDriver,
  fault: LoopbackAnswer | "quota",
  idleTimeoutMs: number | undefined,
  meet: (clock: FakeClock) => Promise<void> = async () => undefined,
): Promise<Outcome<unknown>> {
  await using _watch = watchOpenResources();
  const answers = [calls, fault === "quota" ? driver.quota : fault, { say: "done" }];
  await using harness = await driver.open({ answers, apiKey: "key-of-the-loopback", settings: {} });
  const clock = createFakeClock();
  const journal = memoryJournal({ clock });
  const options = {
    clock,
    journal,
    runId: "run-1",
    random: () => 0,
    idleTimeoutMs,
    deadline: deadlineAfter(60_000, clock),
  };
  const run = startRun(looking, harness.model, options);
  const waited = (async () => {
    for await (const event of run.events()) if (event.type === "model/retried") await clock.advanceAsync(event.waitMs);
  })();
  const [outcome] = await Promise.all([run.outcome, waited, harness.arrived(1).then(() => meet(clock))]);
  expect(clock.pending()).toBe(0);
  for (let turn = 0; turn < 1_000 && harness.openConnections > 0; turn++) await pause();
  expect([harness.openConnections, harness.violations]).toEqual([0, []]);
  const entries = await journal.read("run-1");
  const finished = entries.flatMap((entry) => (entry.type === "tool/finished" ? [entry.status] : []));
  expect(finished.sort()).toEqual(["committed", "refused"]); // one end for each call
  expect(entries.at(-1)?.type).toBe("run/finished");
  const replayed = await replayRun(journal, "run-1", { prompt: looking, clock });
  expect(replayed.outcome.status).toBe(outcome.status);
  return outcome;
}

describe.each(modelDrivers)("$name", (driver) => {
  describe.each([
    ["whole", undefined, ["silence", "endless"]],
    ["streamed", idleTimeoutMs, ["endless"]],
  ] as const)("asked for a %s answer", (_way, idle, withoutEnd) => {
    test.each(faults)("that is %s", async (_what, fault, code, isPassing) => {
      const outcome = await play(driver, fault, idle);
      if (isPassing) expect(outcome).toMatchObject({ status: "completed", text: "done", attempts: 3 });
      else expect(outcome).toMatchObject({ status: "failed", attempts: 2, error: { code } });
    });

    test.each(withoutEnd)("that is without an end (%s), until the deadline", async (fault) => {
      const outcome = await play(driver, { fault }, idle, async (clock) => {
        for (let step = 0; step < 6; step++) {
          await turns(20);
          await clock.advanceAsync(10_000);
        }
      });
      expect(outcome).toMatchObject({ status: "partial", reason: "deadline", attempts: 2 });
    });
  });

  test("asked again when it stays silent", async () => {
    const outcome = await play(driver, { fault: "silence" }, idleTimeoutMs, async (clock) => {
      await turns(20);
      await clock.advanceAsync(idleTimeoutMs);
    });
    expect(outcome).toMatchObject({ status: "completed", text: "done", attempts: 3 });
  });

  test("broken off in the middle of a stream, is asked again", async () => {
    const broken: LoopbackAnswer[] = [{ fault: "unfinished" }, { fault: "error", error: { message: "it broke" } }];
    for (const fault of broken)
      expect(await play(driver, fault, idleTimeoutMs)).toMatchObject({ status: "completed", attempts: 3 });
  });
});
