import { describe, expect, test } from "vitest";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { WinkError } from "../base/index.ts";
import { type Binding, collectResources, type Gate, lend, requireResource, type Token, token } from "./index.ts";

/** A call that can settle, and its gate. */
function openCall(): Gate & { settle(): void } {
  let settled = false;
  return {
    mayWrite: true,
    settle: () => {
      settled = true;
    },
    check() {
      if (settled) throw new WinkError("CONTEXT_CLOSED", { problem: "The call has settled" });
    },
  };
}

/** What a call sees of values that are there already. */
function lendNow(
  bindings: readonly Binding[],
  wanted: Readonly<Record<string, Token<unknown>>>,
  gate: Gate,
): Record<string, unknown> {
  const given = collectResources([bindings]);
  const borrowed = Object.entries(wanted).map(([name, token]) => [
    name,
    { token, value: requireResource(given, token, "tool").value },
  ]);
  return lend(Object.fromEntries(borrowed), gate);
}

/** A value as a call sees it that borrows it under a token without a guard of its own. */
function lentValue<T extends object>(value: T): { readonly lent: T; settle(): void } {
  const call = openCall();
  const thing = token<T>("thing");
  const borrowed = lendNow([thing.bind(value)], { lent: thing as Token<unknown> }, call);
  return { lent: borrowed.lent as T, settle: call.settle };
}

const closed = (use: () => unknown): void => expect(thrownBy(use).code).toBe("CONTEXT_CLOSED");

describe("a token", () => {
  const store = token<{ readonly size: number }>("store");

  test("binds a value under its name", () => {
    const value = { size: 3 };
    expect(store.bind(value)).toEqual({ token: store, value });
    expect(store.name).toBe("store");
  });

  test("may bring a guard, which alone decides what a call sees", () => {
    const seen: Gate[] = [];
    const guard = (value: { readonly size: number }, gate: Gate) => {
      seen.push(gate);
      return { size: value.size + 1 };
    };
    const counted = token("counted", { guard });
    const call = openCall();
    const { it } = lendNow([counted.bind({ size: 1 })], { it: counted as Token<unknown> }, call);
    call.settle();
    expect([it, seen]).toEqual([{ size: 2 }, [call]]);
  });
});

describe("a token with a transaction", () => {
  const transaction = { snapshot: async () => ({ id: "s" }), restore: async () => undefined, changes: async () => [] };

  test("needs a guard: without one, tools with effects none could change the resource for good", () => {
    // @ts-expect-error -- the guard is missing
    const error = thrownBy(() => token<object>("store", { transaction }));
    expect(error).toMatchObject({ code: "INPUT_INVALID", details: { resource: "store" } });
    expect(error.message).toContain('token "store"');
  });

  test("has both", () => {
    const guard = (value: object): object => value;
    expect(token<object>("store", { guard, transaction })).toMatchObject({ guard, transaction });
    expect(token<object>("store", { guard })).toMatchObject({ guard, transaction: undefined });
  });
});

describe("lists of bindings", () => {
  const [a, b] = [token<number>("a"), token<number>("b")];
  const values = (lists: readonly (readonly Binding[])[]): object =>
    Object.fromEntries([...collectResources(lists)].map(([name, { value }]) => [name, value]));

  test("are put together, later ones win", () => {
    expect(values([[a.bind(1), b.bind(2)], [], [a.bind(3)]])).toEqual({ a: 3, b: 2 });
    expect(values([])).toEqual({});
  });

  test("that bind a token twice are RESOURCE_DUPLICATE", () => {
    const error = thrownBy(() => collectResources([[a.bind(1)], [b.bind(1), a.bind(2), b.bind(3)]]));
    expect(error).toMatchObject({ code: "RESOURCE_DUPLICATE", details: { resource: "b" } });
  });

  test("that lack a token are RESOURCE_MISSING, for whoever wants it", () => {
    const given = collectResources([[token("filse").bind(1)]]);
    const error = thrownBy(() => requireResource(given, token("files"), 'tool "ls"'));
    expect(error).toMatchObject({ code: "RESOURCE_MISSING", details: { resource: "files", given: ["filse"] } });
    expect(error.message).toMatch(/^tool "ls": Nobody gives the resource "files"\./);
    expect(error.message).toContain('Received "filse".');
    expect(error.message).toContain('Did you mean "filse"? Give it: bind(params, { resources: [files.bind(value)] }).');
  });
});

describe("what a call borrows", () => {
  class Counter {
    #count = 0;
    static readonly start = 0;
    get count(): number {
      return this.#count;
    }
    add(more = 1): this {
      this.#count += more;
      return this;
    }
    async later(): Promise<number> {
      return this.#count;
    }
    self(): unknown {
      return this;
    }
  }

  test("works with private fields, accessors and methods taken off it", async () => {
    const { lent } = lentValue(new Counter());
    lent.add();
    const { add } = lent;
    add(2);
    expect(lent.count).toBe(3);
    const other = new Counter();
    add.call(other, 7);
    expect([lent.count, other.count]).toEqual([3, 7]);
    expect(await lent.later()).toBe(3);
    expect(lent).toBeInstanceOf(Counter);
  });

  test("is closed in every use once the call has settled", () => {
    const real = new Counter();
    const { lent, settle } = lentValue(real);
    const { add } = lent;
    settle();
    for (const use of [
      () => lent.count,
      () => lent.add(),
      () => add(),
      () => add.call(lent),
      () => ((lent as { extra?: number }).extra = 1),
      () => "add" in lent,
      () => Object.keys(lent),
      () => ({ ...lent }),
      () => Object.getOwnPropertyDescriptor(lent, "count"),
      () => Object.defineProperty(lent, "extra", { value: 1 }),
      () => delete (lent as { extra?: number }).extra,
      () => JSON.stringify(lent),
      () => `${lent}`,
    ]) {
      closed(use);
    }
    expect(real.count).toBe(0);
  });

  test("stays guarded when a method gives back the thing itself", () => {
    const { lent, settle } = lentValue(new Counter());
    const chained = lent.add().add();
    expect(chained.count).toBe(2);
    expect(lent.self()).toBe(lent);
    settle();
    closed(() => chained.add());
  });

  test("may be a function, called, made with `new`, and with properties", () => {
    const double = Object.assign((n: number) => n * 2, { unit: "m" });
    const { lent, settle } = lentValue(double);
    expect([lent(4), lent.unit, [1, 2].map((n) => lent(n))]).toEqual([8, "m", [2, 4]]);
    const made = lentValue(Counter);
    expect(new made.lent().add().count).toBe(1);
    expect(made.lent.start).toBe(0);
    settle();
    made.settle();
    closed(() => lent(4));
    closed(() => new made.lent());
  });

  test("may hold classes and functions with properties, like a module", () => {
    const parse = Object.assign((text: string) => text.length, { strict: true });
    const { lent, settle } = lentValue({ Counter, parse });
    expect(new lent.Counter().add().count).toBe(1);
    expect([lent.parse("abc"), lent.parse.strict]).toEqual([3, true]);
    const { Counter: Kept } = lent;
    settle();
    closed(() => new Kept());
  });

  test("guards the objects that it holds, as deep as they are, each the same every time", async () => {
    class Table {
      #rows = ["a"];
      readonly parent: Database;
      constructor(parent: Database) {
        this.parent = parent;
      }
      rows(): readonly string[] {
        return this.#rows;
      }
      isOf(database: Database): boolean {
        return database === this.parent;
      }
    }
    class Database {
      readonly tables = { users: new Table(this) };
      readonly log = new Map([["a", 1]]);
      first(): Table {
        return this.tables.users;
      }
      holds(table: Table): boolean {
        return table.rows().length === 1 && table === this.tables.users;
      }
    }
    const real = { db: new Database(), main: undefined as unknown };
    const { lent, settle } = lentValue(real);
    const { users } = lent.db.tables;
    const { rows } = users;
    expect([users.rows(), lent.db.log.get("a"), lent.db.log.size]).toEqual([["a"], 1, 1]);
    expect([lent.db.tables.users, lent.db.first(), users.parent.tables.users]).toEqual([users, users, users]);
    expect([lent.db.holds(users), users.isOf(lent.db), Array.of(users).includes(lent.db.first())]).toEqual([
      true,
      true,
      true,
    ]);
    lent.main = lent.db;
    expect(real.main).toBe(real.db);
    const { tables, log } = lent.db;
    settle();
    for (const use of [() => users.rows(), () => rows(), () => tables.users, () => log.get("a"), () => users.parent]) {
      closed(use);
    }
    expect(real.db.tables.users.rows()).toEqual(["a"]);
  });

  test("gives out objects of the platform's classes as they are: others have to know them", async () => {
    const real = {
      signal: AbortSignal.abort(),
      ready: Promise.resolve(1),
      bytes: new Uint8Array([1]),
      buffer: Buffer.from("a"),
      when: new Date(0),
      url: new URL("https://a.example"),
    };
    const { lent } = lentValue(real);
    for (const [name, member] of Object.entries(real)) expect(lent[name as keyof typeof real]).toBe(member);
    expect(structuredClone(lent.when)).toEqual(real.when);
    expect(await lent.ready).toBe(1);
  });

  test("may be frozen", () => {
    const list: string[] = [];
    const { lent, settle } = lentValue(
      Object.freeze({ name: "n", add: (text: string) => list.push(text), ...{ deep: { a: 1 } } }),
    );
    expect([lent.name, lent.add("x"), lent.deep.a]).toEqual(["n", 1, 1]);
    settle();
    closed(() => lent.name);
    closed(() => lent.add("y"));
    expect(list).toEqual(["x"]);
  });

  test("may be a list, a map, a set, a date or bytes", () => {
    const list = lentValue([3, 1, 2]);
    list.lent.push(4);
    expect([list.lent.length, [...list.lent], list.lent.toSorted(), Array.isArray(list.lent)]).toEqual([
      4,
      [3, 1, 2, 4],
      [1, 2, 3, 4],
      true,
    ]);
    const map = lentValue(new Map([["a", 1]]));
    expect([map.lent.get("a"), map.lent.size, [...map.lent.keys()]]).toEqual([1, 1, ["a"]]);
    expect(lentValue(new Set([1])).lent.has(1)).toBe(true);
    expect(lentValue(new Date(0)).lent.toISOString()).toBe("1970-01-01T00:00:00.000Z");
    const bytes = lentValue(new Uint8Array([1, 2])).lent;
    expect([bytes[1], bytes.length, [...bytes.subarray(1)]]).toEqual([2, 2, [2]]);
    list.settle();
    closed(() => list.lent.push(5));
    closed(() => list.lent[0]);
    closed(() => [...list.lent]);
  });

  test("may be a promise, whose value is not guarded", async () => {
    const { lent, settle } = lentValue(Promise.resolve({ a: 1 }));
    const value = await lent;
    settle();
    expect(value.a).toBe(1);
    await expect(async () => lent).rejects.toMatchObject({ code: "CONTEXT_CLOSED" });
  });

  test.each(["text", 7, true, null, undefined, 7n])("is the value itself when it is no object: %s", (value) => {
    const plain = token<unknown>("plain");
    const { it } = lendNow([plain.bind(value)], { it: plain }, openCall());
    expect(it).toBe(value);
  });

  test("changes the real thing, and is closed for one call only", () => {
    const real = { count: 0 };
    const [one, two] = [lentValue(real), lentValue(real)];
    one.lent.count = 5;
    one.settle();
    expect([two.lent.count, real.count]).toEqual([5, 5]);
    delete (two.lent as Partial<typeof real>).count;
    expect(real).toEqual({});
  });
});
