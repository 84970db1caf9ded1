import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../../test/support/thrown-by.ts";
import {
  appendAll,
  clear,
  createSession,
  event,
  extend,
  index,
  renew,
  replace,
  replaceLatestBy,
  type SessionAccess,
  SliceCleared,
  SliceInitialised,
  slice,
  upsert,
  upsertBy,
} from "../index.ts";

const Task = z.object({ id: z.string(), owner: z.string(), due: z.int() });
type Task = z.infer<typeof Task>;
const TaskAdded = event("task/added", Task);
const TasksAdded = event("tasks/added", z.array(Task));
const TasksReplaced = event("tasks/replaced", z.array(Task));
const TaskSet = event("task/set", Task);
const TaskRenewed = event("task/renewed", Task);
const TaskGiven = event("task/given", z.object({ id: z.string(), to: z.string() }));

const byId = index("id", ({ id }: Task) => id, { unique: true });
const byOwner = index("owner", ({ owner }: Task) => owner);
const byDue = index("due", ({ due }: Task) => due, { ordered: true });

const tasks = slice({
  name: "tasks",
  item: Task,
  indexes: [byId, byOwner, byDue],
  reducers: (on) => [
    on(TaskAdded, appendAll()),
    on(TasksAdded, (_view, { payload }) => extend(payload)),
    on(TasksReplaced, (_view, { payload }) => (payload.length === 0 ? clear() : replace(payload))),
    on(TaskSet, upsertBy(byId)),
    on(TaskRenewed, replaceLatestBy(byId)),
    on(TaskGiven, (view, { payload: { id, to } }) => {
      const task = view.by(byId, id);
      return task && upsert(byId, { ...task, owner: to });
    }),
  ],
});

const task = (id: string, owner: string, due: number): Task => ({ id, owner, due });
const three = [task("a", "ada", 3), task("b", "bob", 1), task("c", "ada", 2)];
const sessionOf = (items: readonly Task[]) => {
  const session = createSession({ slices: [tasks] });
  session.dispatch(TasksAdded([...items]));
  return session;
};
const ids = (found: Iterable<Task>): string => Array.from(found, ({ id }) => id).join("");
const all = (access: SessionAccess): string => ids(access.query(tasks));

describe("an index", () => {
  test("finds all items of a key, oldest first, or the one item when it is unique", () => {
    const view = sessionOf(three).query(tasks);
    expect(view.by(byOwner, "ada")).toEqual([three[0], three[2]]);
    expect(view.by(byOwner, "eve")).toEqual([]);
    expect(view.by(byId, "b")).toEqual(three[1]);
    expect(view.by(byId, "z")).toBeUndefined();
    expect(ids(view.by(byDue, 2))).toBe("c");
  });

  test("finds the first item of a key", () => {
    const view = sessionOf(three).query(tasks);
    expect(view.first(byOwner, "ada")).toEqual(three[0]);
    expect(view.first(byDue, 1)).toEqual(three[1]);
    expect([view.first(byOwner, "eve"), view.first(byDue, 9)]).toEqual([undefined, undefined]);
  });

  test("that is ordered finds the items between two keys, both included, by key and then oldest first", () => {
    const view = sessionOf([...three, task("d", "eve", 2)]).query(tasks);
    expect(ids(view.range(byDue, { from: 2, to: 3 }))).toBe("cda");
    expect(ids(view.range(byDue, { from: 2 }))).toBe("cda");
    expect(ids(view.range(byDue, { to: 2 }))).toBe("bcd");
    expect(ids(view.range(byDue, {}))).toBe("bcda");
    expect([view.range(byDue, { from: 3, to: 2 }), view.range(byDue, { from: 4 })]).toEqual([[], []]);
  });

  test("that is ordered has numbers before texts, and texts by their code units", () => {
    const Word = event("word", z.union([z.string(), z.int()]));
    const byWord = index("word", (word: string | number) => word, { ordered: true, unique: true });
    const words = slice({
      name: "words",
      item: Word.schema,
      indexes: [byWord],
      reducers: (on) => [on(Word, appendAll())],
    });
    const session = createSession({ slices: [words] });
    for (const word of ["b", 10, "", "Z", 9, "é", -1, "10"]) session.dispatch(Word(word));
    const view = session.query(words);
    expect(view.range(byWord, {})).toEqual([-1, 9, 10, "", "10", "Z", "b", "é"]);
    expect(view.range(byWord, { from: 10, to: "10" })).toEqual([10, "", "10"]);
    expect([view.by(byWord, 10), view.by(byWord, "10")]).toEqual([10, "10"]);
    expect(thrownBy(() => session.dispatch(Word(9))).code).toBe("KEY_TAKEN");
  });

  test("follows every operation", () => {
    const session = sessionOf(three);
    const found = () => {
      const view = session.query(tasks);
      return [ids(view.by(byOwner, "ada")), ids(view.by(byOwner, "bob")), ids(view.range(byDue, {}))];
    };
    expect(found()).toEqual(["ac", "b", "bca"]);
    session.dispatch(TaskAdded(task("d", "bob", 0)));
    expect(found()).toEqual(["ac", "bd", "dbca"]);
    session.dispatch(TaskSet(task("a", "bob", 5)));
    expect([...found(), all(session)]).toEqual(["c", "abd", "dbca", "abcd"]);
    session.dispatch(TaskRenewed(task("b", "ada", 5)));
    expect([...found(), all(session)]).toEqual(["cb", "ad", "dcab", "acdb"]);
    session.dispatch(TaskGiven({ id: "d", to: "ada" }));
    expect([...found(), all(session)]).toEqual(["cdb", "a", "dcab", "acdb"]);
    session.dispatch(TasksReplaced([task("e", "bob", 1)]));
    expect([...found(), all(session)]).toEqual(["", "e", "e", "e"]);
    session.dispatch(TasksReplaced([]));
    expect([...found(), all(session)]).toEqual(["", "", "", ""]);
  });

  test("follows the events that every slice understands", () => {
    const session = sessionOf(three);
    session.dispatch(SliceInitialised({ slice: "tasks", items: [task("x", "eve", 1)] }));
    expect([session.query(tasks).by(byId, "x")?.owner, session.query(tasks).by(byId, "a")]).toEqual(["eve", undefined]);
    session.dispatch(SliceCleared({ slice: "tasks" }));
    expect(session.query(tasks).by(byId, "x")).toBeUndefined();
  });

  test("gives out what is frozen", () => {
    const session = createSession({ slices: [tasks] });
    for (const read of [
      () => session.query(tasks).by(byId, "a"),
      () => session.query(tasks).by(byOwner, "ada")[0],
      () => session.query(tasks).first(byOwner, "ada"),
      () => session.query(tasks).range(byDue, {})[0],
    ]) {
      session.dispatch({ type: "tasks/replaced", payload: [task("a", "ada", 1)] });
      expect(() => Object.assign(read() ?? {}, { owner: "me" })).toThrow(TypeError);
    }
  });
});

test("what an index finds is a list of the caller's own", () => {
  const session = sessionOf(three);
  for (const read of [
    () => session.query(tasks).by(byOwner, "ada"),
    () => session.query(tasks).range(byDue, { from: 2 }),
  ]) {
    (read() as Task[]).push(task("mine", "ada", 2));
    expect(read()).toHaveLength(2);
  }
});

describe("a unique index", () => {
  test("refuses a second item of a key, and the whole event with it", () => {
    const Word = event("task/added", Task);
    const seen = slice({ name: "seen", item: Task, reducers: (on) => [on(Word, appendAll())] });
    const session = createSession({ slices: [seen, tasks] });
    session.dispatch(TaskAdded(task("a", "ada", 1)));
    const error = thrownBy(() => session.dispatch(TaskAdded(task("a", "bob", 2))));
    expect(error).toMatchObject({ code: "KEY_TAKEN", details: { slice: "tasks", index: "id", key: "a" } });
    expect(error.message).toMatch(
      /^slice "tasks", index "id": An item with this key is there already\. Expected a key that no other item has\. Received "a"\./,
    );
    expect([session.query(seen).length, session.query(tasks).length, session.history().length]).toEqual([1, 1, 1]);
    expect(session.query(tasks).by(byOwner, "bob")).toEqual([]);
    session.dispatch(TaskAdded(task("b", "bob", 2)));
    expect([all(session), ids(session.query(tasks).by(byOwner, "bob"))]).toEqual(["ab", "b"]);
  });

  test("refuses items that exclude each other, and a key that another item has", () => {
    const session = sessionOf(three);
    for (const items of [
      [task("d", "x", 1), task("d", "y", 2)],
      [task("d", "x", 1), three[0] as Task],
    ]) {
      expect(thrownBy(() => session.dispatch(TasksAdded(items))).code).toBe("KEY_TAKEN");
    }
    expect(thrownBy(() => session.dispatch(TasksReplaced([task("d", "x", 1), task("d", "y", 2)]))).code).toBe(
      "KEY_TAKEN",
    );
    expect([all(session), ids(session.query(tasks).by(byOwner, "x"))]).toEqual(["abc", ""]);

    const byCode = index("code", ({ due }: Task) => due, { unique: true });
    for (const [name, keep] of [
      ["coded", upsertBy],
      ["newest", replaceLatestBy],
    ] as const) {
      const coded = slice({
        name,
        item: Task,
        indexes: [byCode],
        reducers: (on) => [
          on(
            TaskSet,
            keep(({ id }: Task) => id),
          ),
        ],
      });
      const own = createSession({ slices: [coded] });
      for (const item of three) own.dispatch(TaskSet(item));
      expect(thrownBy(() => own.dispatch(TaskSet(task("a", "ada", 1)))).details).toMatchObject({
        index: "code",
        key: 1,
      });
      own.dispatch(TaskSet(task("a", "eve", 3)));
      own.dispatch(TaskSet(task("a", "eve", 4)));
      own.dispatch(TaskSet(task("d", "eve", 3)));
      expect([own.query(coded).length, own.query(coded).by(byCode, 3)?.id, own.query(coded).by(byCode, 4)?.id]).toEqual(
        [4, "d", "a"],
      );
    }
  });

  test("frees a key with its item", () => {
    const session = sessionOf(three);
    session.dispatch(TasksReplaced([]));
    session.dispatch(TaskAdded(task("a", "eve", 1)));
    expect(session.query(tasks).by(byId, "a")?.owner).toBe("eve");
  });

  test("shows no more of a long key than helps", () => {
    const session = sessionOf([task("x".repeat(5_000), "ada", 1)]);
    const error = thrownBy(() => session.dispatch(TaskAdded(task("x".repeat(5_000), "ada", 1))));
    expect(error.message.length).toBeLessThan(1_000);
    expect(String(error.details.key).length).toBe(200);
  });
});

describe("going back and branching", () => {
  test("every view answers as it did when it was taken", () => {
    const session = sessionOf(three);
    const before = session.query(tasks);
    session.dispatch(TaskSet(task("a", "bob", 9)));
    const between = session.query(tasks);
    session.dispatch(TaskRenewed(task("b", "eve", 0)));
    session.dispatch(TaskAdded(task("d", "ada", 4)));
    const after = session.query(tasks);
    for (let round = 0; round < 2; round++) {
      expect([ids(before), ids(before.by(byOwner, "ada")), ids(before.range(byDue, {}))]).toEqual(["abc", "ac", "bca"]);
      expect([ids(after), ids(after.by(byOwner, "ada")), ids(after.range(byDue, {}))]).toEqual(["acbd", "cd", "bcda"]);
      expect([ids(between), ids(between.by(byOwner, "bob")), between.by(byId, "a")?.due]).toEqual(["abc", "ab", 9]);
      expect([after.by(byId, "b")?.owner, before.by(byId, "b")?.owner, before.by(byId, "d")]).toEqual([
        "eve",
        "bob",
        undefined,
      ]);
    }
  });

  test("a snapshot brings the indexes back, and they go on from there", () => {
    const session = sessionOf(three);
    const snapshot = session.snapshot();
    session.dispatch(TaskSet(task("a", "eve", 7)));
    session.dispatch(TaskAdded(task("d", "eve", 8)));
    session.restore(snapshot);
    expect(ids(session.query(tasks).by(byOwner, "eve"))).toBe("");
    session.dispatch(TaskAdded(task("d", "ada", 0)));
    expect([ids(session.query(tasks).by(byOwner, "ada")), ids(session.query(tasks).range(byDue, { to: 1 }))]).toEqual([
      "acd",
      "db",
    ]);
  });

  test("forks see their own items only, and each refuses what it has itself", () => {
    const session = sessionOf(three);
    const forks = ["x", "y"].map((owner) => {
      const fork = session.fork();
      fork.dispatch(TaskAdded(task("d", owner, 4)));
      fork.dispatch(TaskSet(task("a", owner, 5)));
      return fork;
    });
    const owners = (access: SessionAccess) =>
      ["x", "y", "ada"].map((owner) => ids(access.query(tasks).by(byOwner, owner)));
    expect([session, ...forks].map(owners)).toEqual([
      ["", "", "ac"],
      ["ad", "", "c"],
      ["", "ad", "c"],
    ]);
    for (const fork of forks)
      expect(thrownBy(() => fork.dispatch(TaskAdded(task("d", "z", 1)))).code).toBe("KEY_TAKEN");
    for (const made of forks[0]?.events() ?? []) session.dispatch(made);
    expect([session, ...forks].map(owners)).toEqual([
      ["ad", "", "c"],
      ["ad", "", "c"],
      ["", "ad", "c"],
    ]);
    expect(() => session.dispatch(forks[1]?.events()[0] ?? TaskAdded(three[0] as Task))).toThrow(
      /KEY_TAKEN|there already/,
    );
  });

  test("an event that another slice refuses leaves no trace in an index", () => {
    const fussy = slice({ name: "fussy", item: Task, indexes: [byId], reducers: (on) => [on(TaskSet, appendAll())] });
    const session = createSession({ slices: [tasks, fussy] });
    session.dispatch(TaskSet(task("a", "ada", 1)));
    for (let count = 0; count < 3; count++) {
      expect(thrownBy(() => session.dispatch(TaskSet(task("a", "bob", 2)))).details).toMatchObject({ slice: "fussy" });
    }
    expect([ids(session.query(tasks).by(byOwner, "ada")), ids(session.query(tasks).by(byOwner, "bob"))]).toEqual([
      "a",
      "",
    ]);
  });

  test("a moment of the past has indexes too", () => {
    const session = sessionOf(three);
    session.dispatch(TaskSet(task("a", "bob", 9)));
    expect(ids(session.at(1).query(tasks).by(byOwner, "ada"))).toBe("ac");
    expect(ids(session.at(0).query(tasks).by(byOwner, "ada"))).toBe("");
  });
});

describe("what is not right is told", () => {
  const other = index("other", ({ id }: Task) => id);
  const plain = slice({ name: "plain", item: Task, reducers: (on) => [on(TaskAdded, appendAll())] });

  test("a name that is not well formed", () => {
    for (const name of ["", "Path", "a b"]) expect(thrownBy(() => index(name, String)).code).toBe("INPUT_INVALID");
  });

  test("an index that the slice does not declare", () => {
    const session = createSession({ slices: [tasks, plain] });
    for (const view of [session.query(tasks), session.query(plain)]) {
      for (const ask of [
        () => view.by(other, "a"),
        () => view.first(other, "a"),
        () => view.range(other as never, {}),
      ]) {
        const error = thrownBy(ask);
        expect(error).toMatchObject({ code: "INPUT_INVALID", details: { index: "other" } });
        expect(error.message).toContain("Declare the same index object");
      }
    }
    expect(thrownBy(() => session.query(tasks).first(other, "a")).message).toMatch(
      /^slice "tasks": The slice does not/,
    );
  });

  test("a range of an index without order", () => {
    const error = thrownBy(() =>
      createSession({ slices: [tasks] })
        .query(tasks)
        .range(byOwner as never, {}),
    );
    expect(error.message).toMatch(
      /^slice "tasks", index "owner": It finds no ranges\. Expected an ordered index\. Received one that keeps no order\. Define it with `ordered: true`/,
    );
  });

  test("a slice that is not installed is empty by every index", () => {
    const view = createSession().query(tasks);
    expect([view.by(byId, "a"), view.by(byOwner, "ada"), view.range(byDue, {})]).toEqual([undefined, [], []]);
  });

  test.each<[string, () => unknown]>([
    ["undefined", () => undefined],
    ["null", () => null],
    ["object", () => ({})],
    ["boolean", () => true],
    ["NaN", () => Number.NaN],
  ])("a key function that gives %s", (received, key) => {
    const wrong = index("wrong", key as () => string);
    const odd = slice({
      name: "odd",
      item: Task,
      indexes: [byOwner, wrong],
      reducers: (on) => [on(TaskAdded, appendAll())],
    });
    const session = createSession({ slices: [odd] });
    const error = thrownBy(() => session.dispatch(TaskAdded(three[0] as Task)));
    expect(error).toMatchObject({ code: "REDUCER_FAILED", details: { slice: "odd", index: "wrong" } });
    expect(error.message).toContain(
      `slice "odd", index "wrong": The key function gave no key. Expected text or a number. Received ${received}.`,
    );
    expect([session.query(odd).length, session.query(odd).by(byOwner, "ada")]).toEqual([0, []]);
  });

  test("a key function that throws", () => {
    const wrong = index("wrong", (): string => {
      throw new Error("no such field");
    });
    const odd = slice({ name: "odd", item: Task, indexes: [wrong], reducers: (on) => [on(TaskAdded, appendAll())] });
    const error = thrownBy(() => createSession({ slices: [odd] }).dispatch(TaskAdded(three[0] as Task)));
    expect(error.message).toContain(
      'slice "odd", index "wrong": The key function threw. Expected text or a number. Received no such field.',
    );
    expect((error.cause as Error).message).toBe("no such field");
  });

  test.each<[string, () => unknown, string]>([
    ["upsert", () => upsert(other, three[0] as Task), "other"],
    ["renew", () => renew(other, three[0] as Task), "other"],
    ["upsert", () => upsertBy(({ id }: Task) => id)({} as never, TaskAdded(three[0] as Task)), "key"],
  ])("an operation %s by an index that the slice does not declare", (op, reduce, name) => {
    for (const indexes of [[], [byOwner]]) {
      const odd = slice({
        name: "odd",
        item: Task,
        indexes,
        reducers: (on) => [on(TaskAdded, reduce as () => undefined)],
      });
      const error = thrownBy(() => createSession({ slices: [odd] }).dispatch(TaskAdded(three[0] as Task)));
      expect(error).toMatchObject({
        code: "REDUCER_FAILED",
        details: { slice: "odd", type: "task/added", index: name },
      });
      expect(error.message).toContain(
        `The reducer returned "${op}" by an index that the slice does not declare. Expected an index of the slice. Received index "${name}".`,
      );
    }
  });

  test("an operation made by hand that names no index", () => {
    const odd = slice({
      name: "odd",
      item: Task,
      reducers: (on) => [on(TaskAdded, () => ({ op: "upsert", items: [] }))],
    });
    const error = thrownBy(() => createSession({ slices: [odd] }).dispatch(TaskAdded(three[0] as Task)));
    expect(error.message).toContain("The reducer returned something else than an operation");
  });
});
