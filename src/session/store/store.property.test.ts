/** Two stores over one storage, with everything that may be done to them, in any order, against plain arrays. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { propertyRuns } from "../../../test/support/property-runs.ts";
import { append, clear, extend, index, renew, replace, type Slice, type SliceOp, slice, upsert } from "../index.ts";
import { jsonlStore, memoryStore, type SliceStore } from "./index.ts";

const root = mkdtempSync(join(tmpdir(), "wink-store-property-"));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;

const shape = z.object({ key: z.string(), n: z.int() });
type Item = z.infer<typeof shape>;
const byKey = index("key", ({ key }: Item) => key);
const byNumber = index("n", ({ n }: Item) => n, { ordered: true });
const plain = slice<Item>({ name: "plain", item: shape, reducers: () => [] });
const indexed = slice<Item>({ name: "indexed", item: shape, indexes: [byKey, byNumber], reducers: () => [] });

/** What an operation makes of a plain array. */
function applied(items: readonly Item[], { op, items: more }: SliceOp<Item>): readonly Item[] {
  if (op === "append" || op === "extend") return [...items, ...more];
  if (op === "replace" || op === "clear") return more;
  const after = [...items];
  for (const item of more) {
    const place = after.findIndex(({ key }) => key === item.key);
    if (place >= 0) after.splice(place, 1);
    after.splice(op === "upsert" && place >= 0 ? place : after.length, 0, item);
  }
  return after;
}

/** What is in the storage, and of each store what it knows of it and has not flushed. */
interface Model {
  readonly stored: SliceOp<Item>[];
  readonly known: [number, number];
  readonly pending: [SliceOp<Item>[], SliceOp<Item>[]];
}

interface Real {
  readonly directory: string;
  readonly stores: [SliceStore<Item>, SliceStore<Item>];
  readonly again: () => Promise<SliceStore<Item>>;
}

type Which = 0 | 1;
type Command = fc.AsyncCommand<Model, Real>;

const contentOf = ({ stored, known, pending }: Model, which: Which): readonly Item[] =>
  [...stored.slice(0, known[which]), ...pending[which]].reduce(applied, []);

async function agree(model: Model, { stores }: Real): Promise<void> {
  for (const which of [0, 1] as const) {
    const view = stores[which].view();
    const expected = contentOf(model, which);
    expect(view.all()).toEqual(expected);
    expect([view.length, view.latest(), view.at(0)]).toEqual([expected.length, expected.at(-1), expected[0]]);
    if (stores[which].slice !== indexed) continue;
    expect(view.by(byKey, "a")).toEqual(expected.filter(({ key }) => key === "a"));
    const between = expected.filter(({ n }) => n >= 1 && n <= 2).sort((a, b) => a.n - b.n);
    expect(view.range(byNumber, { from: 1, to: 2 })).toEqual(between);
  }
}

const command = (text: string, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run: async (model, real) => {
    await run(model, real);
    await agree(model, real);
  },
  toString: () => text,
});

/** What a store has flushed is stored, behind what others have stored before. */
function flushed({ stored, known, pending }: Model, which: Which): void {
  stored.push(...pending[which].splice(0));
  known[which] = stored.length;
}

const item = fc.record({ key: fc.constantFrom("a", "b", "c"), n: fc.integer({ min: 0, max: 3 }) });
const items = fc.array(item, { maxLength: 3 });
const anyOperation: fc.Arbitrary<SliceOp<Item>> = fc.oneof(
  { weight: 4, arbitrary: item.map(append) },
  items.map(extend),
  items.map(replace),
  fc.constant(clear()),
);
const keyedOperation: fc.Arbitrary<SliceOp<Item>> = fc.oneof(
  { weight: 2, arbitrary: anyOperation },
  item.map((one) => upsert(byKey, one)),
  item.map((one) => renew(byKey, one)),
);
const which = fc.constantFrom<Which>(0, 1);

const commandsFor = (of: Slice<Item>): fc.Arbitrary<Iterable<Command>> =>
  fc.commands(
    [
      fc.tuple(which, of === indexed ? keyedOperation : anyOperation).map(([to, operation]) =>
        command(`apply(${to}, ${operation.op})`, async ({ pending }, { stores }) => {
          stores[to].apply(operation);
          pending[to].push(operation);
        }),
      ),
      which.map((to) =>
        command(`flush(${to})`, async (model, { stores }) => {
          if (model.pending[to].length > 0) flushed(model, to);
          await stores[to].flush();
        }),
      ),
      which.map((to) =>
        command(`refresh(${to})`, async (model, { stores }) => {
          model.known[to] = model.stored.length;
          await stores[to].refresh();
        }),
      ),
      which.map((to) =>
        command(`compact(${to})`, async (model, { stores }) => {
          flushed(model, to);
          await stores[to].compact();
        }),
      ),
      which.map((to) =>
        command(`reopen(${to})`, async (model, { stores, again }) => {
          flushed(model, to);
          await stores[to][Symbol.asyncDispose]();
          stores[to] = await again();
        }),
      ),
    ],
    { maxCommands: 25 },
  );

/** Two stores over a new file. */
async function files(of: Slice<Item>): Promise<Real> {
  const directory = join(root, `${folders++}`);
  const again = (): Promise<SliceStore<Item>> => jsonlStore(of, { directory });
  return { directory, stores: [await again(), await again()], again };
}

const agrees = (of: Slice<Item>, make: () => Promise<Real>) =>
  fc.asyncProperty(commandsFor(of), async (commands) => {
    const real = await make();
    try {
      const model: Model = { stored: [], known: [0, 0], pending: [[], []] };
      await fc.asyncModelRun(() => ({ model, real }), commands);
    } finally {
      for (const store of real.stores) await store[Symbol.asyncDispose]();
      rmSync(real.directory, { recursive: true });
    }
  });

/** Each run makes files, which take their time: a quarter of the usual in `npm test`. */
const numRuns = propertyRuns > 100 ? propertyRuns : Math.ceil(propertyRuns / 4);

describe.each([plain, indexed])("a file of slice $name", (of) => {
  test("is what was applied, in order, however it is written, read, shared and written anew", async () => {
    await fc.assert(
      agrees(of, () => files(of)),
      { numRuns },
    );
  });

  test("but not in a store that never takes in what others write", async () => {
    const deaf = async (): Promise<Real> => {
      const real = await files(of);
      real.stores[1].refresh = async () => undefined;
      return real;
    };
    const found = await fc.check(agrees(of, deaf), { numRuns: 500, endOnFailure: true });
    expect(found.failed).toBe(true);
  });
});

test("a store in memory is what was applied, in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(keyedOperation, { maxLength: 30 }), async (operations) => {
      await using store = memoryStore(indexed);
      let expected: readonly Item[] = [];
      for (const operation of operations) {
        store.apply(operation);
        expected = applied(expected, operation);
        expect(store.view().all()).toEqual(expected);
      }
    }),
    { numRuns: propertyRuns },
  );
});

/** Lines that a file of slice `plain` may have, and others. */
const line = fc.oneof(
  item.map((one) => JSON.stringify({ append: [one] })),
  items.map((some) => JSON.stringify({ replace: some })),
  fc.json(),
  fc.string(),
  fc.constant('{"append":[{"key":7}]}'),
);

test("a file of any lines is read whole or refused with a code, and stays as it is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 6 }), async (lines) => {
      const directory = join(root, `${folders++}`);
      await (await jsonlStore(plain, { directory }))[Symbol.asyncDispose]();
      const file = join(directory, "plain.jsonl");
      const text = `${readFileSync(file, "utf8")}${lines.map((one) => `${one}\n`).join("")}`;
      writeFileSync(file, text);
      try {
        await using store = await jsonlStore(plain, { directory });
        store.view().all();
      } catch (error) {
        expect(error).toMatchObject({ code: "STORE_INVALID", details: { path: file } });
      }
      expect(readFileSync(file, "utf8")).toBe(text);
      rmSync(directory, { recursive: true });
    }),
    { numRuns },
  );
});
