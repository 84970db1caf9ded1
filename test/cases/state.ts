import { expect } from "vitest";
import { z } from "zod";
import type { ErrorCode } from "../../src/base/index.ts";
import { memoryJournal } from "../../src/journal/index.ts";
import { callTools, say, scriptedModel } from "../../src/model/scripted/index.ts";
import { definePrompt, section, VisibilitySet, visibility } from "../../src/prompt/index.ts";
import { startRun } from "../../src/run/index.ts";
import {
  appendAll,
  bottomUp,
  createSession,
  event,
  replace,
  replaceLatest,
  restoreSession,
  type SessionDump,
  slice,
} from "../../src/session/index.ts";
import { fail, ok, tool } from "../../src/tool/index.ts";
import { thrownBy } from "../support/thrown-by.ts";
import { type Case, mapped, notApplicable, passed, type RunCase, type Verdict } from "./case.ts";

const Item = event("item/made", z.object({ id: z.string(), n: z.int() }));
type ItemPair = readonly [id: string, n: number];
const items = slice({ name: "items", item: Item.schema, reducers: (on) => [on(Item, appendAll())] });

/** `Item(a,1)` as an event. */
const itemOf = (text: string): ReturnType<typeof Item> => {
  const [, id = "", n] = /^Item\((\w+),(\d+)\)$/.exec(text) ?? [];
  return Item({ id, n: Number(n) });
};

/** An event that nobody reduces is in the history, as often as it was dispatched. */
function unheard({ input, expected }: Case): Verdict {
  const session = createSession();
  for (const text of input as string[]) session.dispatch(itemOf(text));
  const kept = session.history().all() as ReturnType<typeof Item>[]; // as: nothing else was dispatched
  expect(kept.map(({ payload: { id, n } }) => [id, n])).toEqual(expected);
  return passed;
}

function latest({ input, expected }: Case): Verdict {
  const last = slice({ name: "last", item: Item.schema, reducers: (on) => [on(Item, replaceLatest())] });
  const session = createSession({ slices: [last] });
  for (const [id, n] of input as ItemPair[]) session.dispatch(Item({ id, n }));
  expect(
    session
      .query(last)
      .all()
      .map(({ id, n }) => [id, n]),
  ).toEqual(expected);
  return passed;
}

function otherSlice({ input, expected }: Case): Verdict {
  expect(input).toEqual(["Ev(q)->Item"]);
  const Ev = event("ev", z.string());
  const ofEv = slice({ name: "ev", item: Ev.schema, reducers: () => [] });
  const ofItem = slice({ name: "item", item: Ev.schema, reducers: (on) => [on(Ev, appendAll())] });
  const session = createSession({ slices: [ofEv, ofItem] });
  session.dispatch(Ev("q"));
  expect({ Ev: session.query(ofEv).length, Item: session.query(ofItem).length }).toEqual(expected);
  return passed;
}

function clearSome({ input, expected }: Case): Verdict {
  const Said = event("said", z.string());
  const Dropped = event("dropped", z.string());
  const texts = slice({
    name: "texts",
    item: z.string(),
    reducers: (on) => [
      on(Said, appendAll()),
      on(Dropped, (view, { payload }) => replace(view.where((text) => text !== payload))),
    ],
  });
  const session = createSession({ slices: [texts] });
  for (const text of input as string[]) session.dispatch(Said(text));
  session.dispatch(Dropped("b"));
  expect(session.query(texts).all()).toEqual(expected);
  return mapped(
    "a condition is code, which no history can hold: an event says what goes, and a reducer keeps the rest",
  );
}

function logSlices({ expected }: Case): Verdict {
  const Invoked = event("tool/invoked", z.string());
  const log = slice({ name: "log", item: z.string(), policy: "log", reducers: (on) => [on(Invoked, appendAll())] });
  const session = createSession({ slices: [log] });
  const before = session.snapshot();
  const failed = session.fork();
  failed.dispatch(Invoked("x"));
  session.recordRolledBack(failed.events());
  expect(session.query(log).length).toBe(expected);
  session.restore(before);
  expect(session.query(log).length).toBe(0);
  return mapped(
    "log slices keep what a failed call said; going back to a snapshot takes all of it back (decision 0003)",
  );
}

/** Runs one turn with two calls of a tool that dispatches its text and, for `f`, fails. */
async function runTool(ids: readonly string[]): Promise<{ readonly calls: number; readonly kept: readonly string[] }> {
  const Said = event("said", z.string());
  const log = slice({ name: "log", item: z.string(), policy: "log", reducers: (on) => [on(Said, appendAll())] });
  const note = tool({
    name: "note",
    description: "Notes.",
    effects: "none",
    params: z.object({ id: z.string() }),
    handler({ id }, { session }) {
      session.dispatch(Said(id));
      return id === "f" ? fail("no") : ok(id);
    },
  });
  const prompt = definePrompt({
    ns: "cases",
    key: "tool",
    sections: [section({ key: "s", title: "S", body: "", tools: [note], slices: [log] })],
  }).bind({});
  const journal = memoryJournal();
  const session = createSession();
  const model = scriptedModel([callTools(ids.map((id) => ({ name: "note", arguments: { id } }))), say("done")]);
  const { runId } = await startRun(prompt, model, { session, journal }).outcome;
  const calls = (await journal.read(runId)).filter(({ type }) => type === "tool/finished");
  return { calls: calls.length, kept: session.query(log).all() };
}

const ownEvents = mapped(
  "the result of a tool is no event: its handler dispatches what is to be kept, the journal has the call",
);

async function toolValue({ id, expected }: Case): Promise<Verdict> {
  if (id === "session-293") {
    const { calls, kept } = await runTool(["v"]);
    expect({ ToolInvoked: calls, Item: kept }).toEqual(expected);
  } else {
    expect((await runTool(["v", "f"])).kept).toEqual(expected);
  }
  return ownEvents;
}

function family({ input, expected }: Case): Verdict {
  expect(input).toEqual(["root[c1[g],c2]"]);
  const root = createSession({ id: "root" });
  const first = createSession({ id: "c1", parent: root });
  createSession({ id: "c2", parent: root });
  createSession({ id: "g", parent: first });
  const named = [...bottomUp(root)].map(({ id, parent }) => (parent === first ? `${id}(${first.id})` : id));
  expect(named).toEqual(expected);
  return passed;
}

function tags({ input, expected }: Case): Verdict {
  if (input === "{1: 'a'}") return notApplicable("the keys of an object are text already");
  expect([input, expected]).toEqual(["{'a': 1}", { error: "TypeError" }]);
  const code: ErrorCode = "INPUT_INVALID";
  expect(thrownBy(() => createSession({ tags: { a: 1 as never } })).code).toBe(code);
  return passed;
}

const sessionRunners: Readonly<Record<string, RunCase>> = {
  "session-284": unheard,
  "session-286": latest,
  "session-288": otherSlice,
  "session-289": clearSome,
  "session-291": logSlices,
  "session-293": toolValue,
  "session-294": toolValue,
  "session-296": family,
  "session-298": tags,
  "session-299": tags,
};

function session(one: Case): Verdict | Promise<Verdict> {
  const run = sessionRunners[one.id];
  if (run === undefined) throw new Error(`nobody runs ${one.id}`);
  return run(one);
}

function snapshot({ input, expected }: Case): Verdict {
  const id = "00000000-0000-0000-0000-000000000001";
  const made = createSession({ id, slices: [items] });
  for (const text of input as string[]) made.dispatch(itemOf(text));
  const dump: SessionDump = JSON.parse(JSON.stringify(made.dump()));
  const known = expected as Record<string, unknown> & { slices: { items: Record<string, unknown>[] }[] };
  const plain = known.slices[0]?.items.map(({ __type__: _type, ...item }) => item);
  expect(dump).toMatchObject({
    parent: known.parent_id,
    children: known.children_ids,
    tags: { session: (known.tags as Record<string, unknown>).session_id },
    slices: [{ name: "items", version: 1, policy: "state", items: plain }],
  });
  return mapped(
    "slices have names and versions, so no class is named and none is loaded; a digest stands for each part",
  );
}

/** The fault of a case in a dump of our own. */
const faults: Readonly<Record<string, (dump: SessionDump) => object>> = {
  "snapshot.parse-304": (dump) => ({ ...dump, version: "1" }),
  "snapshot.parse-309": (dump) => ({ ...dump, parent: 1 }),
  "snapshot.parse-311": (dump) => ({ ...dump, slices: dump.slices.map((one) => ({ ...one, policy: "zzz" })) }),
};

function unreadable({ id, name, input, expected }: Case): Verdict {
  expect(expected).toEqual({ error: "SnapshotRestoreError" });
  const fault = faults[id];
  const own = fault?.(createSession({ slices: [items] }).dump()) ?? input;
  for (const given of [input, own, JSON.stringify(own)]) {
    const code: ErrorCode = "SNAPSHOT_INVALID";
    expect(thrownBy(() => restoreSession(given)).code).toBe(code);
  }
  return name.endsWith("created_at")
    ? mapped("a dump holds no time: what it lacks of its own fields is told in the same way")
    : passed;
}

function dispatcher({ expected }: Case): Verdict {
  const order: string[] = [];
  const problems: unknown[] = [];
  const made = createSession({ logger: { log: (_level, _event, facts) => void problems.push(facts?.problem) } });
  const h2 = (): void => void order.push("h2");
  made.subscribe(Item, () => {
    order.push("h1");
    throw new Error("h1 failed");
  });
  const stops = [made.subscribe(Item, h2), made.subscribe(Item, h2)];
  made.subscribe(event("item", z.string()), h2);
  made.dispatch(Item({ id: "a", n: 1 }));
  const known = expected as Record<string, unknown>;
  expect(order).toEqual(known.order);
  expect(problems).toEqual(["h1 failed"]);
  expect(problems).toHaveLength(known.errors as number);
  for (const stop of stops) {
    stop();
    stop();
  }
  made.dispatch(Item({ id: "b", n: 2 }));
  expect(order.slice(3)).toEqual(["h1"]);
  return mapped(
    "a dispatch ends when the event is applied: what a subscriber fails with goes to the logger, and does not seem to be a failed dispatch",
  );
}

function visibilityKept({ input, expected }: Case): Verdict {
  expect(input).toEqual({ dispatch: "SetVisibilityOverride(path=[a], full)" });
  const made = createSession({ slices: [visibility] });
  made.dispatch(VisibilitySet({ prompt: "n:k", section: "a", visibility: "full" }));
  const restored = restoreSession(JSON.stringify(made.dump()), { slices: [visibility] });
  const same = JSON.stringify(restored.query(visibility).all()) === JSON.stringify(made.query(visibility).all());
  expect({ round_trip: same && restored.query(visibility).length === 1 }).toEqual(expected);
  return passed;
}

/** What holds of sessions, their subscribers, and their dumps. */
export const state: Readonly<Record<string, RunCase>> = {
  session,
  snapshot,
  "snapshot.parse": unreadable,
  dispatcher,
  "bug-542": visibilityKept,
};
