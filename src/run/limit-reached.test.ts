/** The limits that end a run as partial: the outcome, the event, the log and the journal tell them in numbers. */
import { expect, test } from "vitest";
import { endOf, looking, standingWorld, times } from "../../test/support/failing-models.ts";
import { entriesOf, eventsOf } from "../../test/support/recorded-runs.ts";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { modelAdapter } from "../adapter/index.ts";
import type { JsonObject } from "../base/index.ts";
import { deadlineAfter } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { callTools, type ScriptEntry, say, scriptedModel, silence } from "../model/scripted/index.ts";
import { type RunOptions, replayRun, startRun } from "./index.ts";

const again = callTools([{ name: "look" }]);
const counting = (script: readonly ScriptEntry[]): Model => ({ ...scriptedModel(script), countTokens: () => 40 });
/** An answer that was cut off, whose provider told what it has used, or not. */
const cutOff = (usage: object): Model => {
  const model = scriptedModel([say("half")]);
  return {
    ...model,
    generate: async (request, options) => ({ ...(await model.generate(request, options)), finish: "length", usage }),
  };
};

const { clock } = standingWorld();

test.each<[string, Model, RunOptions, string]>([
  [
    "max-turns",
    scriptedModel(times(2, again)),
    { maxTurns: 2 },
    "The model was asked 2 times, which is `maxTurns`, and has not given its final answer.",
  ],
  [
    "max-turns",
    scriptedModel([again]),
    { maxTurns: 1 },
    "The model was asked once, which is `maxTurns`, and has not given its final answer.",
  ],
  [
    "budget",
    counting([again, say("done")]),
    { budget: { inputTokens: 70 } },
    "budget, inputTokens: The next model call could go over the limit. Expected 70 at most. Received 40 used, 0 reserved, 40 wanted.",
  ],
  [
    "output-length",
    cutOff({ outputTokens: 12 }),
    { maxOutputTokens: 12 },
    "The answer of turn 1 was cut off after 12 tokens, at the limit for one answer.",
  ],
  ["output-length", cutOff({}), {}, "The answer of turn 1 was cut off, at the limit for one answer."],
  [
    "context-window",
    counting([say("done")]),
    { context: { window: 30 } },
    "The next request needs 40 tokens at least, whatever is left out; scripted/scripted has room for 30 of its 30, beside the answer.",
  ],
  [
    "deadline",
    scriptedModel([silence()]),
    { deadline: deadlineAfter(1_000, clock) },
    "deadline 1970-01-01T00:00:01.000Z: It has passed. Expected an end before it. Received work that goes on.",
  ],
])("%s", async (reason, model, given, problem) => {
  const { clock, journal, logs, options } = standingWorld();
  const usage = (answer: Awaited<ReturnType<Model["generate"]>>) => ({ ...answer, usage: { inputTokens: 40 } });
  const told: Model = {
    ...model,
    generate: async (request, how) => {
      const answer = await model.generate(request, how);
      return reason === "budget" ? usage(answer) : answer;
    },
  };
  const run = startRun(looking, told, { ...options, ...given });
  const outcome = await endOf(run, clock);
  expect(outcome).toMatchObject({ status: "partial", reason, problem });
  expect((await eventsOf(run)).at(-1)).toMatchObject({ type: "run/finished", reason, problem });
  expect((await entriesOf(journal, "run/finished"))[0]).toMatchObject({ reason, problem });
  const ended = logs.find(({ event }) => event === "prompt_execution_ended") as JsonObject; // as: it is there
  expect(ended).toMatchObject({ reason, problem });
  const replayed = await replayRun(journal, "run-1", { prompt: looking });
  expect(replayed.outcome).toMatchObject({ status: "partial", reason, problem });
});

test("evaluate throws the limit too", async () => {
  const error = await rejectionOf(modelAdapter(scriptedModel([again])).evaluate(looking, { maxTurns: 1 }));
  expect(error).toMatchObject({
    code: "RUN_NOT_COMPLETED",
    message: expect.stringContaining("The run ended partial: max-turns: The model was asked once"),
  });
});
