import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { WinkError } from "../base/index.ts";
import { type Filesystem, files, memoryFiles } from "../files/index.ts";
import { type JournalEntry, memoryJournal } from "../journal/index.ts";
import type { ToolResultPart } from "../model/index.ts";
import { callTools, type ScriptCall, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, section } from "../prompt/index.ts";
import { appendAll, createSession, event, type Session, slice } from "../session/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { fail, ok, type Tool, tool } from "../tool/index.ts";
import { startRun } from "./index.ts";

const Noted = event("test/noted", z.object({ text: z.string() }));
const notes = slice({ name: "notes", item: Noted.schema, reducers: (on) => [on(Noted, appendAll())] });
const trail = slice({
  name: "trail",
  item: z.object({ text: z.string(), rolledBack: z.boolean() }),
  policy: "log",
  reducers: (on) => [
    on(Noted, (_view, { payload, rolledBack }) => ({
      op: "append",
      items: [{ text: payload.text, rolledBack: rolledBack ?? false }],
    })),
  ],
});

let fs: Filesystem;
let session: Session;
const journal = memoryJournal();
const clock = createFakeClock();

beforeEach(() => {
  fs = memoryFiles({ "kept.txt": "kept\n" });
  session = createSession();
});

interface Done {
  readonly results: readonly ToolResultPart[];
  readonly entries: readonly JournalEntry[];
  readonly status: string;
}

/** Runs the calls in one turn and gives what the model was told. */
async function callAll(tools: readonly Tool[], calls: readonly ScriptCall[], abortWith?: AbortSignal): Promise<Done> {
  const prompt = definePrompt({
    ns: "test",
    key: "calls",
    sections: [section({ key: "tools", title: "Tools", body: "Use them.", tools, slices: [notes, trail] })],
  });
  const model = scriptedModel([callTools(calls), say("done")]);
  const outcome = await startRun(prompt.bind({}, { resources: [files.bind(fs)] }), model, {
    session,
    journal,
    clock,
    signal: abortWith,
  }).outcome;
  const entries = await journal.read(outcome.runId);
  const results = entries.flatMap((entry) => (entry.type === "tool/finished" ? [entry.result] : []));
  return { results, entries, status: outcome.status };
}

const write = async (at: Filesystem, path = "new.txt"): Promise<void> => at.writeText(path, "new\n");
const paths = async (): Promise<readonly string[]> => fs.glob("**");

describe("a call that succeeds", () => {
  it("keeps what it wrote and what it dispatched, and journals the changed paths", async () => {
    const save = tool({
      name: "save",
      description: "Save.",
      effects: "workspace",
      resources: { fs: files },
      async handler(_params, context) {
        await write(context.fs);
        context.session.dispatch(Noted({ text: "saved" }));
        return ok("saved", "It worked.");
      },
    });
    const { results, entries } = await callAll([save], [{ name: "save" }]);
    expect(results).toEqual([
      { type: "tool-result", id: "call-1-1", name: "save", text: "It worked.\n\nsaved", failed: false },
    ]);
    expect(session.query(notes).all()).toEqual([{ text: "saved" }]);
    expect(await paths()).toEqual(["kept.txt", "new.txt"]);
    expect(entries.find(({ type }) => type === "tool/finished")).toMatchObject({
      status: "committed",
      changes: { files: [{ path: "new.txt", kind: "added" }] },
      events: [{ type: "test/noted" }],
    });
  });
});

describe("a call that fails", () => {
  const ways: Readonly<Record<string, () => unknown>> = {
    throws: () => {
      throw new Error("broken");
    },
    "returns fail()": () => fail("not today"),
    "returns something else": () => "text",
    "returns a result that does not fit": () => ok(42),
    "takes too long": () => {
      clock.advance(5_000);
      return new Promise(() => undefined);
    },
  };
  for (const [way, end] of Object.entries(ways)) {
    it(`leaves no trace when the handler ${way}`, async () => {
      const broken = tool({
        name: "broken",
        description: "Break.",
        effects: "workspace",
        timeoutMs: 1_000,
        resources: { fs: files },
        async handler(_params, context) {
          await write(context.fs);
          await context.fs.remove("kept.txt");
          context.session.dispatch(Noted({ text: "gone" }));
          return end() as never; // as: the point is what handlers may not return
        },
      });
      const { results, status } = await callAll([broken], [{ name: "broken" }]);
      expect(results).toMatchObject([{ failed: true, text: expect.stringMatching(/\w/) }]);
      expect(status).toBe("completed");
      expect(await paths()).toEqual(["kept.txt"]);
      expect(session.query(notes).length).toBe(0);
      expect(session.query(trail).all()).toEqual([{ text: "gone", rolledBack: true }]);
    });
  }

  it("closes the context of a handler that goes on after its time-out", async () => {
    const late: unknown[] = [];
    let finished: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (finished = resolve));
    const slow = tool({
      name: "slow",
      description: "Take too long.",
      effects: "workspace",
      timeoutMs: 1_000,
      resources: { fs: files },
      async handler(_params, context) {
        clock.advance(1_000);
        await new Promise((resolve) => setImmediate(resolve));
        for (const use of [
          () => write(context.fs),
          async () => context.session.dispatch(Noted({ text: "late" })),
          async () => context.session.query(notes),
        ]) {
          await use().catch((error: unknown) => late.push(WinkError.is(error) && error.code));
        }
        finished();
        return ok("too late");
      },
    });
    const { results } = await callAll([slow], [{ name: "slow" }]);
    await ended;
    expect(late).toEqual(["CONTEXT_CLOSED", "CONTEXT_CLOSED", "CONTEXT_CLOSED"]);
    expect(results).toMatchObject([{ failed: true, text: expect.stringContaining("1000 ms") }]);
    expect(await paths()).toEqual(["kept.txt"]);
    expect(session.query(notes).length).toBe(0);
  });

  it("closes the context of a handler that did not await all it began", async () => {
    let late: Promise<unknown> = Promise.resolve();
    const hasty = tool({
      name: "hasty",
      description: "Do not wait.",
      effects: "workspace",
      resources: { fs: files },
      handler(_params, context) {
        late = new Promise((resolve) => setImmediate(resolve))
          .then(() => write(context.fs))
          .catch((error: unknown) => error);
        return ok("done");
      },
    });
    await callAll([hasty], [{ name: "hasty" }]);
    expect(await late).toMatchObject({ code: "CONTEXT_CLOSED" });
    expect(await paths()).toEqual(["kept.txt"]);
  });
});

describe("effects", () => {
  it("none: may not write, and runs beside others; commits stand in call order, one failure leaves the others", async () => {
    const order: string[] = [];
    const waiting = new Map<string, () => void>();
    const look = tool({
      name: "look",
      description: "Look.",
      effects: "none",
      resources: { fs: files },
      params: z.object({ id: z.string(), release: z.array(z.string()), fails: z.boolean() }),
      async handler({ id, release, fails }, context) {
        order.push(`begin ${id}`);
        context.session.dispatch(Noted({ text: id }));
        if (release.length === 0) await new Promise<void>((resolve) => waiting.set(id, resolve));
        else for (const other of release) waiting.get(other)?.();
        order.push(`end ${id}`);
        if (fails) throw new Error("no");
        return ok(
          await context.fs.writeText("x", "x").then(
            () => "written",
            (error: unknown) => (WinkError.is(error) ? error.code : "odd"),
          ),
        );
      },
    });
    const { results } = await callAll(
      [look],
      [
        { name: "look", arguments: { id: "a", release: [], fails: false } },
        { name: "look", arguments: { id: "b", release: [], fails: true } },
        { name: "look", arguments: { id: "c", release: ["b", "a"], fails: false } },
      ],
    );
    expect(order.slice(0, 3)).toEqual(["begin a", "begin b", "begin c"]);
    expect(order.indexOf("end c")).toBeLessThan(order.indexOf("end a"));
    expect(
      results.toSorted((x, y) => (x.id < y.id ? -1 : 1)).map(({ text, failed }) => (failed ? "failed" : text)),
    ).toEqual(["FILES_READ_ONLY", "failed", "FILES_READ_ONLY"]);
    expect(session.query(notes).all()).toEqual([{ text: "a" }, { text: "c" }]);
  });

  it("workspace: runs alone and sees what earlier calls of its turn committed", async () => {
    let running = 0;
    const most: number[] = [];
    const count = tool({
      name: "count",
      description: "Count.",
      effects: "workspace",
      async handler(_params, context) {
        most.push(++running);
        await new Promise((resolve) => setImmediate(resolve));
        context.session.dispatch(Noted({ text: String(context.session.query(notes).length) }));
        running--;
        return ok("");
      },
    });
    await callAll([count], [{ name: "count" }, { name: "count" }, { name: "count" }]);
    expect(most).toEqual([1, 1, 1]);
    expect(
      session
        .query(notes)
        .all()
        .map(({ text }) => text),
    ).toEqual(["0", "1", "2"]);
  });

  it("idempotent: the handler gets the key, and the intent holds the same", async () => {
    let seen = "";
    const put = tool({
      name: "put",
      description: "Put.",
      effects: "idempotent",
      handler(_params, { key }) {
        seen = key;
        return ok("");
      },
    });
    const { entries } = await callAll([put], [{ name: "put" }]);
    expect(entries.find(({ type }) => type === "tool/intended")).toMatchObject({ key: seen });
    expect(seen).toMatch(/^[0-9a-f]{64}$/);
  });

  it("compensable: a call that failed is undone with its own key; a failing undo leaves the outcome unknown", async () => {
    const keys: string[] = [];
    const book = (undoFails: boolean): Tool =>
      tool({
        name: "book",
        description: "Book.",
        effects: "compensable",
        handler(_params, { key }) {
          keys.push(key);
          return fail("no room");
        },
        undo: (_params, value, { key }) => {
          keys.push(key, String(value));
          if (undoFails) throw new Error("undo broke");
        },
      });
    const undone = await callAll([book(false)], [{ name: "book" }]);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).toBe("undefined");
    expect(undone.entries.map(({ type }) => type)).toContain("tool/undone");
    expect(undone.results).toMatchObject([{ failed: true, text: expect.stringContaining("undone") }]);
    const { entries, results } = await callAll([book(true)], [{ name: "book" }]);
    expect(entries.find(({ type }) => type === "tool/finished")).toMatchObject({ status: "unknown" });
    expect(results).toMatchObject([{ text: expect.stringContaining("undo broke") }]);
  });

  it("external: only a returned fail() means that it did not happen; a throw is unknown, and the model is told", async () => {
    const send = tool({
      name: "send",
      description: "Send.",
      effects: "external",
      params: z.object({ how: z.enum(["fail", "throw"]) }),
      handler({ how }) {
        if (how === "throw") throw new Error("connection lost");
        return fail("The address does not exist.");
      },
    });
    const { entries, results } = await callAll(
      [send],
      [
        { name: "send", arguments: { how: "fail" } },
        { name: "send", arguments: { how: "throw" } },
      ],
    );
    expect(entries.flatMap((entry) => (entry.type === "tool/finished" ? [entry.status] : []))).toEqual([
      "failed",
      "unknown",
    ]);
    expect(results[1]?.text).toMatch(/not known.*connection lost/);
  });
});

describe("an abort in the middle of a turn", () => {
  it("takes back the call in flight, does not begin the others, and gives each exactly one result", async () => {
    const controller = new AbortController();
    const stop = tool({
      name: "stop",
      description: "Stop.",
      effects: "workspace",
      resources: { fs: files },
      async handler(_params, context) {
        await write(context.fs);
        controller.abort(new Error("ctrl-c"));
        await new Promise(() => undefined);
        return ok("");
      },
    });
    const { entries, status } = await callAll([stop], [{ name: "stop" }, { name: "stop" }], controller.signal);
    expect(status).toBe("aborted");
    expect(entries.flatMap((entry) => (entry.type === "tool/finished" ? [[entry.call, entry.status]] : []))).toEqual([
      ["call-1-1", "failed"],
      ["call-1-2", "refused"],
    ]);
    expect(await paths()).toEqual(["kept.txt"]);
  });
});

describe("a reducer that throws", () => {
  const one = slice({
    name: "one",
    item: z.string(),
    reducers: (on) => [
      on(Noted, (view) => {
        if (view.length > 0) throw new Error("only one");
        return { op: "append", items: ["x"] };
      }),
    ],
  });
  const note = tool({
    name: "note",
    description: "Note.",
    effects: "none",
    async handler(_params, context) {
      context.session.dispatch(Noted({ text: "x" }));
      return ok("noted");
    },
  });

  it("on the fork fails the call: the handler sees the error", async () => {
    session.install([one]);
    const { results, status } = await callAll([note], [{ name: "note" }, { name: "missing" }, { name: "note" }]);
    expect(results).toMatchObject([
      { failed: false },
      { failed: true },
      { failed: true, text: expect.stringContaining("only one") },
    ]);
    expect(status).toBe("completed");
  });

  it("at commit ends the run failed, and the call stays committed in the journal", async () => {
    session.install([one]);
    const { entries, status } = await callAll([note], [{ name: "note" }, { name: "note" }]);
    expect(status).toBe("failed");
    expect(entries.flatMap((entry) => (entry.type === "tool/finished" ? [entry.status] : []))).toEqual([
      "committed",
      "committed",
    ]);
    expect(entries.at(-1)).toMatchObject({ type: "run/finished", status: "failed", error: { code: "REDUCER_FAILED" } });
    expect(session.query(notes).length).toBe(1);
  });
});
