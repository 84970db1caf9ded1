/** How single calls end, and what is told of them: by the journal, by the run's events, by the log. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { failsAt, withAppends } from "../../test/support/journal-appends.ts";
import { cutOffAt, type EntryOf, entriesOf, eventsOf, taskPrompt } from "../../test/support/recorded-runs.ts";
import { type Filesystem, files, memoryFiles } from "../files/index.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import { answerWith, callTools, say, scriptedModel } from "../model/scripted/index.ts";
import type { Prompt } from "../prompt/index.ts";
import { event } from "../session/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { type Effects, fail, ok, type Tool, tool } from "../tool/index.ts";
import { type Outcome, type RunOptions, resumeRun, startRun } from "./index.ts";

const Noted = event("ends/noted", z.string());

interface Work {
  readonly effects?: Effects;
  readonly handler?: (fs: Filesystem) => unknown;
  readonly reconcile?: () => unknown;
  readonly undo?: ((...given: [object, unknown, { key: string }]) => unknown) | undefined;
  readonly result?: z.ZodType;
  readonly params?: z.ZodType<object>;
  readonly onUnknown?: "tell" | "suspend";
}

/** A tool `work` that writes `new.txt`, and then does as told. */
function work({ handler = () => ok("done"), effects = "workspace", ...more }: Work = {}): Tool {
  return tool({
    name: "work",
    description: "Works.",
    effects,
    resources: { fs: files },
    params: z.object({ to: z.string() }),
    undo: () => undefined,
    ...more,
    async handler(_params: object, { fs }: { fs: Filesystem }) {
      await fs.writeText("new.txt", "new");
      return await handler(fs);
    },
  } as never) as Tool; // as: some of these are what no handler may be
}

const promptOf = (tools: readonly Tool[], fs: Filesystem = memoryFiles()): Prompt<unknown> =>
  taskPrompt({ tools, resources: [files.bind(fs)] });

const script = [callTools([{ name: "work", arguments: { to: "x" } }]), say("done")];

type Finished = EntryOf<"tool/finished">;

interface Ended {
  readonly outcome: Outcome<unknown>;
  readonly call: Finished | undefined;
}

async function runWith(brought: Tool, fs?: Filesystem, options: RunOptions = {}): Promise<Ended> {
  const journal = options.journal ?? memoryJournal();
  const run = startRun(promptOf([brought], fs), scriptedModel(script), { ...options, journal });
  const outcome = await run.outcome;
  return { outcome, call: await callIn(journal, run.id) };
}

const callIn = async (journal: Journal, runId: string): Promise<Finished | undefined> =>
  (await entriesOf(journal, "tool/finished", runId))[0];

test("a run tells when a call begins and how it ended, with the time it took", async () => {
  const clock = createFakeClock(5_000);
  const noting = tool({
    name: "work",
    description: "Works.",
    effects: "external",
    params: z.object({ to: z.string() }),
    handler: (_params, { session }) => {
      clock.advance(1_500.25);
      session.dispatch(Noted("a"));
      session.dispatch(Noted("b"));
      return ok("value", "message");
    },
  });
  const ask = answerWith(() => {
    clock.advance(2_000);
    return { calls: [{ name: "work", arguments: { to: "x" } }] };
  });
  const run = startRun(promptOf([noting]), scriptedModel([ask, say("done")]), { clock });
  const told = (await eventsOf(run)).filter(({ type }) => type.startsWith("tool/"));
  const common = { turn: 1, call: "call-1-1", name: "work", effects: "external" };
  expect(told).toEqual([
    { type: "tool/started", at: 7_000, ...common, arguments: { to: "x" } },
    {
      type: "tool/finished",
      at: 8_500.25,
      ...common,
      status: "committed",
      text: "message\n\nvalue",
      events: ["ends/noted", "ends/noted"],
      changes: {},
      milliseconds: 1_500.25,
    },
  ]);
});

test("a call that was intended when the run was aborted is not begun", async () => {
  let begun = false;
  const controller = new AbortController();
  const journal = withAppends(memoryJournal(), async (step, write) => {
    const sequence = await write(step);
    if (step.type === "tool/intended") controller.abort(new Error("enough"));
    return sequence;
  });
  const brought = work({
    effects: "external",
    handler: () => {
      begun = true;
      return ok("done");
    },
  });
  const { call, outcome } = await runWith(brought, undefined, { journal, signal: controller.signal });
  expect([begun, outcome.status, call?.status]).toEqual([false, "aborted", "failed"]);
  expect(call?.result.text).toBe("The call was not begun: enough");
});

describe("what a handler returns", () => {
  test.each([
    ["fail without a message", { ok: false }],
    ["fail with another kind of message", { ok: false, message: 7 }],
    ["neither, with a message", { ok: "no", message: "m" }],
    ["nothing", undefined],
  ])("is refused: %s", async (_what, returned) => {
    const { call } = await runWith(work({ handler: () => returned }));
    expect(call).toMatchObject({ status: "failed", result: { failed: true } });
    expect(call?.result.text).toBe("The tool work failed: the handler returned neither ok(…) nor fail(…)");
  });

  test("may hold more than its schema names: the model does not see it", async () => {
    const result = z.object({ kept: z.string() });
    const { call } = await runWith(work({ result, handler: () => ok({ kept: "a", dropped: "b" } as never) })); // as: more than told
    expect(call).toMatchObject({ status: "committed", result: { text: '{"kept":"a"}' } });
  });

  test("does not fit when its schema throws", async () => {
    const result = z.string().transform(() => {
      throw new Error("no such text");
    });
    const { call } = await runWith(work({ result, handler: () => ok("a") }));
    expect(call?.status).toBe("failed");
    expect(call?.result.text).toContain("no such text");
  });
});

describe("a call whose changes nobody can tell", () => {
  const blind = (): Filesystem => ({
    ...memoryFiles(),
    changes: () => Promise.reject(new Error("cannot look")),
  });

  test.each([
    ["workspace", "failed"],
    ["external", "unknown"],
  ] as const)("does not count: effects %s, so it is %s", async (effects, status) => {
    const { call } = await runWith(work({ effects }), blind());
    expect(call?.status).toBe(status);
    expect(call?.result.text).toBe("What the call of work changed cannot be told, so it does not count: cannot look");
  });

  test("fails as it failed", async () => {
    const { call } = await runWith(work({ handler: () => fail("not today") }), blind());
    expect(call).toMatchObject({ status: "failed", result: { text: "not today" } });
  });

  test("asks nobody whether it took effect when it cannot be taken back either", async () => {
    const stuck = { ...memoryFiles(), restore: () => Promise.reject(new Error("stuck")) };
    const brought = work({
      effects: "external",
      onUnknown: "suspend",
      handler: () => {
        throw new Error("cut");
      },
    });
    const { call, outcome } = await runWith(brought, stuck);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "RESTORE_FAILED" } });
    expect(call?.status).toBe("unknown");
  });
});

test("what cannot be taken back after the journal failed is logged, and the run ends by the journal", async () => {
  const logged: unknown[] = [];
  const stuck = { ...memoryFiles(), restore: () => Promise.reject(new Error("stuck")) };
  const journal = failsAt(memoryJournal(), "tool/finished");
  const logger = { log: (...record: unknown[]) => void logged.push(record) };
  const { outcome } = await runWith(work(), stuck, { journal, logger, runId: "run-1" });
  expect(outcome).toMatchObject({ status: "failed", error: { code: "JOURNAL_FAILED" } });
  const problem = expect.stringContaining("stuck");
  expect(logged).toContainEqual(["error", "restore_failed", { run: "run-1", tool: "work", problem }]);
});

test("a failed call is not taken back twice when the journal fails", async () => {
  let restored = 0;
  const kept = memoryFiles();
  const fs: Filesystem = {
    ...kept,
    restore(snapshot) {
      restored++;
      return kept.restore(snapshot);
    },
  };
  const journal = failsAt(memoryJournal(), "tool/finished");
  await runWith(work({ handler: () => fail("no") }), fs, { journal });
  expect(restored).toBe(1);
});

describe("a call that was cut off", () => {
  /** Cuts a run off before the end of its call is journalled, and goes on with another tool. */
  async function goOnWith(then: readonly Tool[], effects: Effects): Promise<Finished | undefined> {
    const kept = await cutOffAt("tool/finished", promptOf([work({ effects })]), script);
    const run = await resumeRun(promptOf(then), scriptedModel([say("done")]), kept, "run-1");
    expect((await run.outcome).status).toBe("completed");
    return callIn(kept, "run-1");
  }

  test.each([
    ["workspace", "failed"],
    ["idempotent", "failed"],
    ["external", "unknown"],
  ] as const)("and is refused today ends as it must: effects %s, so %s", async (effects, status) => {
    const call = await goOnWith([work({ effects, params: z.object({ other: z.int() }) })], effects);
    expect(call?.status).toBe(status);
  });

  test("ends as `reconcile` finds that it took effect", async () => {
    const call = await goOnWith([work({ effects: "external", reconcile: () => ok("7", "Found.") })], "external");
    expect(call).toMatchObject({ status: "committed", result: { text: "Found.\n\n7", failed: false } });
  });

  test("ends as `reconcile` finds that it did not", async () => {
    const call = await goOnWith([work({ effects: "external", reconcile: () => fail("Not there.") })], "external");
    expect(call).toMatchObject({ status: "failed", result: { text: "Not there.", failed: true } });
  });

  test("is undone when it can be, with its own key, and has failed", async () => {
    const undone: unknown[] = [];
    const undo = (...[params, value, { key }]: [object, unknown, { key: string }]) => {
      undone.push([params, value, key.length]);
    };
    const call = await goOnWith([work({ effects: "compensable", undo })], "compensable");
    expect(call?.status).toBe("failed");
    expect(call?.result.text).toContain("The call of work was cut off.");
    expect(undone).toEqual([[{ to: "x" }, undefined, 64]]);
  });

  test("is unknown when it was to be undone, and today's tool cannot", async () => {
    const reconciled: string[] = [];
    const reconcile = () => {
      reconciled.push("asked");
      return ok("7");
    };
    const call = await goOnWith([work({ effects: "external", undo: undefined, reconcile })], "compensable");
    expect([call?.status, reconciled]).toEqual(["unknown", []]);
  });

  test.each([
    ["there is none", undefined],
    ["it finds nothing", () => undefined],
    [
      "it throws",
      () => {
        throw new Error("down");
      },
    ],
    ["it gives something else", () => "7"],
    ["its value does not fit", () => ok(7)],
  ])("is unknown when `reconcile` does not help: %s", async (_why, reconcile) => {
    const call = await goOnWith([work({ effects: "external", ...(reconcile && { reconcile }) })], "external");
    expect(call?.status).toBe("unknown");
    expect(call?.result.text).toContain("the process that ran it was cut off");
  });
});
