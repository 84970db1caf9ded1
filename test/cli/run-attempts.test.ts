import { expect, test } from "vitest";
import { runLines } from "../../src/cli/run-lines.ts";
import { createProgress } from "../../src/cli/run-progress.ts";
import { readRun } from "../../src/cli/run-summary.ts";
import { say } from "../../src/model/scripted/index.ts";
import { startRun } from "../../src/run/index.ts";
import { down, endOf, failure, looking, named, standingWorld, throttled } from "../support/failing-models.ts";
import { type Notes, readAll, window } from "../support/page-reader.ts";
import { eventsOf } from "../support/recorded-runs.ts";

test("attempts and models that stand in are told in lines, as they happen and afterwards", async () => {
  const { clock, journal, options } = standingWorld();
  const [own, other] = [named("own", [throttled(), down]), named("other", [say("done")])];
  const run = startRun(looking, own, { ...options, fallbacks: [other], throttle: { attempts: 2 } });
  await endOf(run, clock);
  const lineOf = createProgress();
  const told = (await eventsOf(run))
    .map(lineOf)
    .filter((line) => line?.includes("no answer") || line?.includes("stands"));
  expect(told).toEqual([
    expect.stringMatching(/^turn 1: no answer, asks again in 750 ms: no\./),
    expect.stringMatching(/^turn 1: scripted\/other stands in for scripted\/own: no\./),
  ]);
  const { entries, record, summary } = await readRun(journal, "run-1");
  expect(summary).toMatchObject({ turns: 1, attempts: 3 });
  const lines = runLines(entries, record).filter(({ what }) => what === "turn 1");
  expect(lines.map(({ text }) => text)).toEqual([
    "asked with 1 message",
    expect.stringMatching(/^no answer, asked again after 750 ms: MODEL_THROTTLED: no\./),
    "asked with 1 message",
    expect.stringMatching(/^no answer to attempt 2, scripted\/other stands in: MODEL_UNAVAILABLE: no\./),
    "scripted/other asked with 1 message",
    "answered: done",
  ]);
});

test("summaries that fail are told in lines", async () => {
  const notes: Notes = (count) => failure(count % 2 === 1 ? "MODEL_UNAVAILABLE" : "MODEL_REJECTED");
  const { events } = await readAll(30, { context: { window, downTo: 0.1 } }, notes);
  const told = events.map(createProgress()).filter((line) => line?.startsWith("no summary"));
  expect(told.slice(0, 2)).toEqual([
    expect.stringMatching(/^no summary of earlier turns, asks again in 750 ms: no\./),
    expect.stringMatching(/^no summary of earlier turns, a list of calls stands in: no\./),
  ]);
});
