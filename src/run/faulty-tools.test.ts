import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type JournalEntry, memoryJournal } from "../journal/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, type PromptTemplate, section } from "../prompt/index.ts";
import { token } from "../resources/index.ts";
import { createSession, event } from "../session/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import { type Outcome, startRun } from "./index.ts";

const Noted = event("noted", z.string());
const Loose = event("loose", z.any());
const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

interface Ended {
  readonly outcome: Outcome<unknown>;
  readonly entries: readonly JournalEntry[];
  readonly history: readonly unknown[];
  /** How the one call ended. */
  readonly call: Extract<JournalEntry, { type: "tool/finished" }> | undefined;
}

/** Runs a prompt whose model makes one call and then says `done`. */
async function runOnce(
  template: PromptTemplate,
  name: string,
  given: object = {},
  signal?: AbortSignal,
): Promise<Ended> {
  const journal = memoryJournal();
  const session = createSession();
  const model = scriptedModel([callTools([{ name, arguments: given }]), say('{"n":"7"}')]);
  const outcome = await startRun(template.bind({}), model, { session, journal, clock: createFakeClock(), signal })
    .outcome;
  const entries = await journal.read(outcome.runId);
  const call = entries.find((entry) => entry.type === "tool/finished");
  return { outcome, entries, history: session.history().all(), call };
}

const prompt = (brought: Tool, more: object = {}): PromptTemplate =>
  definePrompt({
    ns: "test",
    key: "faults",
    sections: [section({ key: "s", title: "S", body: "", tools: [brought] })],
    ...more,
  });

describe("events that JSON cannot hold", () => {
  const noting = tool({
    name: "note",
    description: "Notes.",
    effects: "none",
    handler: (_params, { session }) => {
      session.dispatch(Noted("kept"));
      session.dispatch({ type: Loose.type, payload: cyclic }); // made by hand: the definition would refuse it, too
      return ok("done");
    },
  });

  test("fail the call that dispatches one, and the run goes on", async () => {
    const { outcome, call, history } = await runOnce(prompt(noting), "note");
    expect(outcome.status).toBe("completed");
    expect(call).toMatchObject({ status: "failed", events: [{ type: "noted", payload: "kept" }] });
    expect(call?.result.text).toContain("JSON cannot hold");
    expect(history).toEqual([{ ...Noted("kept"), rolledBack: true }]);
  });
});

test("a call whose run is aborted before its handler begins has not happened, whatever its effects", async () => {
  const controller = new AbortController();
  let begun = false;
  const store = token<object>("store", {
    guard: (value) => value,
    transaction: {
      // the run is aborted while the call's snapshot is taken
      async snapshot() {
        controller.abort(new Error("enough"));
        return { id: "s" };
      },
      restore: async () => undefined,
      changes: async () => [],
    },
  });
  const send = tool({
    name: "send",
    description: "Sends.",
    effects: "external",
    resources: { store },
    handler: () => {
      begun = true;
      return ok("sent");
    },
  });
  const template = prompt(send, { resources: [store.bind({})] });
  const { outcome, call } = await runOnce(template, "send", {}, controller.signal);
  expect([begun, outcome.status, call?.status]).toEqual([false, "aborted", "refused"]);
  expect(call?.result.text).toBe("The call was not begun: enough");
});

test.each([
  ["a number", () => 7, "gave number"],
  ["a promise that rejects", () => Promise.reject(new Error("late")), "gave a promise"],
  ["nothing", () => undefined, "gave undefined"],
])("a `render` that gives %s fails the call", async (_what, render, told) => {
  const show = tool({
    name: "show",
    description: "Shows.",
    effects: "none",
    render: render as unknown as () => string,
    handler: () => ok("x"),
  });
  const { outcome, call } = await runOnce(prompt(show), "show");
  expect([outcome.status, call?.status]).toEqual(["completed", "failed"]);
  expect(call?.result.text).toContain(told);
});

test("a parameter schema whose own function throws refuses the call, and the run goes on", async () => {
  const visit = tool({
    name: "visit",
    description: "Visits.",
    effects: "none",
    params: z.object({ address: z.string().transform((text) => new URL(text).href) }),
    handler: ({ address }) => ok(address),
  });
  const refused = await runOnce(prompt(visit), "visit", { address: "nowhere" });
  expect([refused.outcome.status, refused.call?.status]).toEqual(["completed", "refused"]);
  expect(refused.call?.result.text).toContain("The arguments of visit do not fit");
  expect((await runOnce(prompt(visit), "visit", { address: "http://a/" })).call?.status).toBe("committed");
});

test("a prompt that cannot be rendered ends the run failed, and the journal says so", async () => {
  const broken = section({
    key: "s",
    title: "S",
    body: {
      text: "broken/v1",
      write: () => {
        throw new Error("no text");
      },
    },
  });
  const { outcome, entries } = await runOnce(definePrompt({ ns: "test", key: "b", sections: [broken] }), "none");
  expect(outcome).toMatchObject({ status: "failed", error: { code: "RENDER_FAILED" } });
  expect(entries.map(({ type }) => type)).toEqual(["run/started", "run/finished"]);
  expect(entries.at(-1)).toMatchObject({ status: "failed", error: { code: "RENDER_FAILED" } });
});

test("an output that JSON cannot hold completes the run; the journal has its text", async () => {
  const output = z.object({ n: z.string().transform((text) => ({ big: BigInt(text) })) });
  const note = tool({ name: "note", description: "Notes.", effects: "none", handler: () => ok("x") });
  const { outcome, entries } = await runOnce(prompt(note, { output }), "note");
  expect(outcome).toMatchObject({ status: "completed", output: { n: { big: 7n } } });
  expect(entries.at(-1)).toMatchObject({ type: "run/finished", status: "completed", output: null, text: '{"n":"7"}' });
});
