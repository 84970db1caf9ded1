import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { canonicalJson, type JsonValue, pathText, sha256 } from "../base/index.ts";
import {
  append,
  appendAll,
  createSession,
  event,
  type RestoreOptions,
  restoreSession,
  type SessionDump,
  type SessionView,
  slice,
} from "./index.ts";

const Read = event("file/read", z.object({ path: z.string(), lines: z.int().default(0) }));
const Any = event("any", z.any());
const reads = slice({ name: "reads", item: Read.schema, reducers: (on) => [on(Read, appendAll())] });
const log = slice({ name: "log", item: Read.schema, policy: "log", reducers: (on) => [on(Read, appendAll())] });

/** A session with something of everything. */
function full() {
  const parent = createSession({ id: "p" });
  const session = createSession({ id: "s", parent, tags: { team: "a" }, slices: [reads, log] });
  createSession({ id: "c", parent: session });
  session.dispatch(Read({ path: "a" }));
  session.recordRolledBack([Read({ path: "failed" })]);
  return session;
}

/** A dump as it comes back from a file. */
const written = (): SessionDump => JSON.parse(JSON.stringify(full().dump({ agent: "examples:review" })));
/** A dump with other content and the digests that belong to it, as a program could make one. */
function resealed(change: (session: any) => void): unknown {
  const { digests: _old, format, version, ...session } = JSON.parse(JSON.stringify(written()));
  change(session);
  const { slices, history, ...header } = session;
  const digest = (part: JsonValue): string => sha256(canonicalJson(part));
  const digests = {
    header: digest(header),
    slices: Array.isArray(slices) ? slices.map(digest) : [],
    history: digest(history ?? null),
  };
  return { ...session, format, version, digests };
}
type Path = readonly (string | number)[];
/** The same object with another value at a place; without it for `undefined`. */
function changed<T>(whole: T, path: Path, value: unknown): T {
  const last = path.at(-1) as string; // as: no path is empty
  let inner: any = whole;
  for (const step of path.slice(0, -1)) inner = inner[step];
  if (value === undefined) delete inner[last];
  else inner[last] = value;
  return whole;
}
const refused = (dump: unknown, options: RestoreOptions = {}) =>
  thrownBy(() => restoreSession(dump, { slices: [reads, log], from: "s.json", ...options }));

describe("a dump", () => {
  test("is plain data: who the session is, its slices by name, and its history", () => {
    const dump = full().dump({ agent: "examples:review" });
    expect(dump).toEqual({
      format: "weakincentives/session",
      version: 1,
      id: "s",
      agent: "examples:review",
      tags: { team: "a", session: "s", parent: "p" },
      parent: "p",
      children: ["c"],
      slices: [
        {
          name: "log",
          version: 1,
          policy: "log",
          heard: [[0, 2]],
          items: [
            { path: "a", lines: 0 },
            { path: "failed", lines: 0 },
          ],
        },
        { name: "reads", version: 1, policy: "state", heard: [[0, 2]], items: [{ path: "a", lines: 0 }] },
      ],
      history: [Read({ path: "a" }), { ...Read({ path: "failed" }), rolledBack: true }],
      digests: {
        header: expect.stringMatching(/^[0-9a-f]{64}$/),
        slices: [expect.any(String), expect.any(String)],
        history: expect.any(String),
      },
    });
    expect(JSON.parse(JSON.stringify(dump))).toEqual(dump);
    expect(createSession({ id: "e" }).dump()).toMatchObject({ agent: null, parent: null, children: [], slices: [] });
  });

  test("is the same for the same session, however its slices were installed", () => {
    const dumps = [
      [reads, log],
      [log, reads],
    ].map((slices) => createSession({ id: "s", slices }).dump());
    expect(dumps[0]).toEqual(dumps[1]);
  });

  test("is refused for an item that could not be read back, naming it", () => {
    const odd = slice({ name: "odd", item: z.any(), reducers: (on) => [on(Any, () => append(new Date(0)))] });
    const narrow = slice({
      name: "narrow",
      item: z.object({ path: z.string() }),
      reducers: (on) => [on(Any, () => append({ path: 7 as never }))],
    });
    for (const [kept, what] of [
      [odd, "is a Date"],
      [narrow, "path"],
    ] as const) {
      const session = createSession({ slices: [kept] });
      session.dispatch(Any(1));
      const error = thrownBy(() => session.dump());
      expect(error).toMatchObject({ code: "ITEM_INVALID", details: { slice: kept.name, item: 0 } });
      expect(error.message).toContain(what);
    }
  });

  test("is refused for an event made by hand that JSON cannot hold", () => {
    const session = createSession();
    session.dispatch({ type: "by/hand", payload: { at: [new Date(0)] } });
    const error = thrownBy(() => session.dump());
    expect(error).toMatchObject({ code: "EVENT_INVALID", details: { event: 0, path: "at[0]" } });
    expect(error.message).toContain('history[0], event "by/hand"');
  });

  test("that cannot even be read fails with what its own code throws, here and when it is read back", () => {
    const payload = {
      get at(): Date {
        throw new RangeError("no such day");
      },
    };
    const session = createSession();
    session.dispatch({ type: "by/hand", payload });
    expect(() => session.dump()).toThrow(new RangeError("no such day"));
    const dump = changed(written(), ["history", 0, "payload"], payload);
    expect(() => restoreSession(dump)).toThrow(new RangeError("no such day"));
  });
});

describe("a restored session", () => {
  test.each([
    ["data", (dump: SessionDump) => dump],
    ["text", (dump: SessionDump) => JSON.stringify(dump, null, 2)],
  ])("made of %s reads like the one that was dumped, and dumps the same", (_form, as) => {
    const dump = written();
    const session = restoreSession(as(dump), { slices: [reads, log], agent: "examples:review" });
    expect([session.id, session.tags]).toEqual(["s", { team: "a", session: "s", parent: "p" }]);
    expect(session.query(reads).all()).toEqual([{ path: "a", lines: 0 }]);
    expect(session.query(log).length).toBe(2);
    expect(session.history().all()).toEqual(full().history().all());
    expect(session.dump({ agent: "examples:review" })).toEqual(dump);
  });

  test("goes on: dispatch, past, snapshots and forks work from there", () => {
    const session = restoreSession(written(), { slices: [reads, log] });
    const before = session.snapshot();
    const fork = session.fork();
    fork.dispatch(Read({ path: "forked" }));
    session.dispatch(Read({ path: "b" }));
    expect(session.query(reads).all()).toHaveLength(2);
    expect([0, 1, 2, 3].map((n) => session.at(n).query(log).length)).toEqual([0, 1, 1, 2]);
    expect(session.dump().slices.map(({ heard }) => heard)).toEqual([[[0, 3]], [[0, 3]]]);
    session.restore(before);
    session.dispatch(Read({ path: "c" }));
    expect(session.query(reads).latest()).toEqual({ path: "c", lines: 0 });
    expect(
      fork
        .query(reads)
        .all()
        .map(({ path }) => path),
    ).toEqual(["a", "forked"]);
  });

  test("holds what nobody can change", () => {
    const dump = written();
    const session = restoreSession(dump, { slices: [reads] });
    Object.assign(dump.slices[1]?.items[0] as object, { path: "changed" });
    expect(session.query(reads).latest()?.path).toBe("a");
    expect(() => Object.assign(session.history().at(0)?.payload as object, { path: "x" })).toThrow(TypeError);
  });

  test("finds its family when it is restored from the top", () => {
    const parent = createSession({ id: "p" });
    const session = restoreSession(written(), { parent });
    expect([session.parent, parent.children()]).toEqual([parent, [session]]);
    const child = restoreSession(createSession({ id: "c", parent: full() }).dump(), { parent: session });
    expect([session.children(), session.dump().children]).toEqual([[child], ["c"]]);
    const error = refused(written(), { parent: createSession({ id: "other" }) });
    expect(error).toMatchObject({ code: "SNAPSHOT_FOREIGN" });
    expect(error.message).toContain('Expected one whose parent is "other". Received one whose parent is "p"');
  });

  test("keeps odd data as it is", () => {
    const odd = slice({ name: "odd", item: z.any(), reducers: (on) => [on(Any, appendAll())] });
    const session = createSession({ slices: [odd], tags: JSON.parse('{"__proto__":"x"}') });
    let deep: unknown = 1;
    for (let depth = 0; depth < 999; depth++) deep = [deep];
    for (const payload of [JSON.parse('{"__proto__":{"x":1},"é\\ud800":[]}'), deep, -0, null])
      session.dispatch(Any(payload));
    session.dispatch(Any(undefined));
    const bare = createSession({ id: session.id, tags: session.tags });
    for (const made of session.history()) bare.dispatch(made);
    const text = JSON.stringify(bare.dump());
    expect(restoreSession(text).history().all()).toEqual(session.history().all());
    expect(JSON.stringify(restoreSession(text).dump())).toBe(text);
    expect(Object.keys(restoreSession(text).tags)).toContain("__proto__");
  });
});

describe("slices of a dump that are not installed", () => {
  const only = () => restoreSession(written(), { slices: [log] });

  test("stay as they are and are dumped unchanged, whatever happens beside them", () => {
    const dump = written();
    expect(only().dump({ agent: "examples:review" })).toEqual(dump);
    const session = only();
    session.dispatch(Read({ path: "b" }));
    expect(session.query(reads).length).toBe(0);
    expect(session.dump().slices[1]).toEqual(dump.slices[1]);
  });

  test("are there with their items once they are installed, in earlier snapshots and forks too", () => {
    const session = only();
    const before = session.snapshot();
    const fork = session.fork();
    session.dispatch(Read({ path: "b" }));
    session.install([reads]);
    expect(session.query(reads).all()).toEqual([{ path: "a", lines: 0 }]);
    session.dispatch(Read({ path: "c" }));
    fork.dispatch(Read({ path: "f" }));
    expect(session.query(reads).length).toBe(2);
    expect(
      fork
        .query(reads)
        .all()
        .map(({ path }) => path),
    ).toEqual(["a", "f"]);
    session.restore(before);
    expect(session.query(reads).length).toBe(1);
  });

  test("have not heard what happened meanwhile, now and in the past", () => {
    const session = only();
    session.dispatch(Read({ path: "unheard" }));
    session.install([reads]);
    session.dispatch(Read({ path: "heard" }));
    const paths = (of: SessionView) =>
      of
        .query(reads)
        .all()
        .map(({ path }) => path);
    expect(paths(session)).toEqual(["a", "heard"]);
    expect([0, 1, 2, 3, 4].map((n) => paths(session.at(n)))).toEqual([[], ["a"], ["a"], ["a"], ["a", "heard"]]);
    const again = restoreSession(session.dump(), { slices: [reads] });
    expect(again.dump().slices[1]?.heard).toEqual([
      [0, 2],
      [3, 4],
    ]);
    expect(paths(again.at(4))).toEqual(["a", "heard"]);
    again.dispatch(Read({ path: "again" }));
    expect(again.dump().slices[1]?.heard).toEqual([
      [0, 2],
      [3, 5],
    ]);
    const late = createSession();
    late.dispatch(Read({ path: "before" }));
    late.install([reads]);
    expect(late.dump().slices[0]?.heard).toEqual([]);
  });
});

describe("items of an earlier version", () => {
  const second = (migrate?: (item: any, from: number) => unknown) =>
    slice({
      name: "reads",
      version: 2,
      item: z.object({ file: z.string(), lines: z.int().default(0) }),
      migrate,
      reducers: () => [],
    });

  test("are migrated when their slice is installed, at once or later", () => {
    const froms: number[] = [];
    const renamed = second(({ path }, from) => {
      froms.push(from);
      return { file: path };
    });
    const session = restoreSession(written(), { slices: [renamed] });
    expect(session.query(renamed).all()).toEqual([{ file: "a", lines: 0 }]);
    const later = restoreSession(written());
    later.install([renamed]);
    expect(later.query(renamed).all()).toEqual([{ file: "a", lines: 0 }]);
    expect(froms).toEqual([1, 1]);
    expect(session.dump().slices[1]).toMatchObject({ version: 2, items: [{ file: "a", lines: 0 }] });
    expect(session.query(renamed).all().every(Object.isFrozen)).toBe(true);
  });

  test.each<[string, ((item: any) => unknown) | undefined, string]>([
    ["there is no `migrate`", undefined, "The slice has no `migrate`, from version 1 to 2"],
    [
      "it throws",
      () => {
        throw new Error("odd item");
      },
      "`migrate` threw: odd item, from version 1 to 2",
    ],
    [
      "it gives what does not fit",
      ({ path }) => ({ file: [path] }),
      "What `migrate` made of version 1 does not fit version 2: `file`",
    ],
    ["it gives nothing", () => undefined, "What `migrate` made of version 1 does not fit version 2"],
  ])("are MIGRATION_FAILED when %s, and stay as they are", (_what, migrate, message) => {
    const session = restoreSession(written());
    const kept = second(migrate);
    for (let again = 0; again < 2; again++) {
      const error = thrownBy(() => session.install([kept]));
      expect(error).toMatchObject({ code: "MIGRATION_FAILED", details: { slice: "reads", item: 0, from: 1, to: 2 } });
      expect(error.message).toContain(`slice "reads", item 0: ${message}`);
    }
    expect([session.slices(), session.dump().slices[1]]).toEqual([[], written().slices[1]]);
  });

  test("of a newer version than the slice are SNAPSHOT_NEWER", () => {
    const newer = resealed((session) => changed(session, ["slices", 1, "version"], 3));
    const error = refused(newer);
    expect(error).toMatchObject({ code: "SNAPSHOT_NEWER", details: { slice: "reads", from: 3, to: 1 } });
    expect(restoreSession(newer).dump().slices[1]?.version).toBe(3);
  });
});

describe("a dump that cannot be read", () => {
  test("is told from one of a newer release", () => {
    const error = refused({ ...written(), version: 2 });
    expect(error).toMatchObject({ code: "SNAPSHOT_NEWER", details: { from: 2, to: 1 } });
    expect(error.message).toContain("s.json, version: The dump was written by a newer release");
  });

  test("is told from one of another agent", () => {
    const error = refused(written(), { agent: "examples:other" });
    expect(error).toMatchObject({
      code: "SNAPSHOT_FOREIGN",
      details: { expected: "examples:other", received: "examples:review" },
    });
    expect(error.message).toContain('Expected "examples:other". Received "examples:review"');
    expect(restoreSession(createSession().dump(), { agent: "examples:other" }).history().length).toBe(0);
  });

  test("was cut off anywhere", () => {
    const text = JSON.stringify(written());
    for (let length = 0; length < text.length; length += 7) {
      const error = refused(text.slice(0, length));
      expect(error.code).toBe("SNAPSHOT_INVALID");
      expect(error.message).toMatch(/^s\.json: The text (is cut off|cannot be read)/);
    }
    expect(refused("").message).toContain("Received an empty text");
  });

  test.each<[string, Path, unknown]>([
    ["slices[1]", ["slices", 1, "items", 0, "path"], "b"],
    ["slices[1]", ["slices", 1, "items"], []],
    ["slices[2]", ["slices", 2], { ...written().slices[1], name: "more" }],
    ["history", ["history", 0, "payload", "path"], "b"],
    ["history", ["history", 1, "rolledBack"], undefined],
    ["", ["agent"], "examples:other"],
    ["", ["tags", "team"], "b"],
  ])("was edited by hand, at %j", (place, path, value) => {
    const error = refused(changed(written(), path, value));
    expect(error).toMatchObject({ code: "SNAPSHOT_INVALID", details: { from: "s.json", place } });
    expect(error.message).toContain("not as written: the dump was damaged, or edited by hand");
    expect(error.message).toContain("Use a copy that is whole");
  });

  test("has lost a slice", () => {
    const dump = written();
    const error = refused(changed(dump, ["slices"], dump.slices.slice(0, 1)));
    expect(error).toMatchObject({ code: "SNAPSHOT_INVALID", details: { place: "slices[1]" } });
  });

  test.each<[Path, unknown]>([
    [["id"], 1],
    [["agent"], undefined],
    [["tags"], []],
    [["tags", "team"], 1],
    [["parent"], 1],
    [["children"], {}],
    [["children", 0], null],
    [["slices"], "none"],
    [["slices", 0], []],
    [["slices", 0, "name"], 1],
    [["slices", 1, "name"], "log"],
    [["slices", 0, "version"], "1"],
    [["slices", 0, "version"], 0],
    [["slices", 0, "policy"], "zzz"],
    [["slices", 0, "heard"], 2],
    [["slices", 0, "heard"], [2]],
    [["slices", 0, "heard"], [[0, 3]]],
    [["slices", 0, "heard"], [[-1, 2]]],
    [["slices", 0, "heard"], [[0, 1.5]]],
    [["slices", 0, "heard"], [[0, 1, 2]]],
    [["slices", 0, "heard"], [[0, "2"]]],
    [
      ["slices", 0, "heard"],
      [
        [1, 2],
        [0, 1],
      ],
    ],
    [["slices", 0, "items"], {}],
    [["history"], undefined],
    [["history", 0], null],
    [["history", 0, "type"], 1],
    [["history", 1, "rolledBack"], false],
  ])("has at %j what it must not hold there: %j", (path, value) => {
    const error = refused(resealed((session) => changed(session, path, value)));
    expect(error).toMatchObject({ code: "SNAPSHOT_INVALID", details: { from: "s.json", place: pathText(path) } });
    expect(error.message).toContain(`s.json, ${pathText(path)}: `);
  });

  test.each([null, 7, [], {}, { version: 1 }, { format: "weakincentives/session" }, "null", "[]", "7", "{}"])(
    "is none at all: %j",
    (given) => {
      expect(refused(given).code).toBe("SNAPSHOT_INVALID");
      expect(thrownBy(() => restoreSession(given)).message).toMatch(/^dump/);
    },
  );

  test.each(["digests", "digests.slices"])("has no %s", (place) => {
    const dump = changed(written(), place.split("."), undefined);
    expect(refused(dump)).toMatchObject({ code: "SNAPSHOT_INVALID", details: { place } });
  });

  test("has items that do not fit their slice, which is named with the item", () => {
    const wrong = resealed((session) => changed(session, ["slices", 1, "items", 0], { path: 7 }));
    const error = refused(wrong);
    expect(error).toMatchObject({ code: "SNAPSHOT_INVALID", details: { slice: "reads", item: 0, from: 1, to: 1 } });
    expect(error.message).toMatch(/slice "reads", item 0: The item does not fit version 1: `path`/);
    expect(restoreSession(wrong).slices()).toEqual([]);
  });

  test("is too large or too deep", () => {
    expect(refused(JSON.stringify(written()), { maxLength: 100 }).message).toContain("more than 100");
    const deep = `${"[".repeat(100_000)}1${"]".repeat(100_000)}`;
    const text = JSON.stringify(written()).replace('"payload":{"path":"a"', `"payload":{"deep":${deep},"path":"a"`);
    expect(refused(text).message).toContain("nested deeper than 1004 levels");
    const circle: any = written();
    circle.history[0].payload.self = circle.history[0].payload;
    expect(refused(circle)).toMatchObject({ code: "SNAPSHOT_INVALID", details: { place: "history[0].payload" } });
  });
});
