/** The file of a slice: appending, against one write an event; reading back, against splitting and parsing the same file. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { append, index, slice, upsert } from "weakincentives";
import { jsonlStore, type SliceStore } from "weakincentives/store";
import { z } from "zod";
import { against, type Bench, type Row } from "./bench.ts";
import { readBack, writeEach } from "./floors/log.ts";
import { sideBySide } from "./floors/side-by-side.ts";

const shape = z.object({ id: z.int(), tool: z.string(), text: z.string() });
type Item = z.infer<typeof shape>;
const log = slice({ name: "log", item: shape, reducers: () => [] });
const byTool = index("tool", ({ tool }: Item) => tool, { unique: true });
const latest = slice({ name: "latest", item: shape, indexes: [byTool], reducers: () => [] });

/** About 350 bytes of JSON. */
const make = (id: number, tools = id + 1): Item => ({ id, tool: `tool-${id % tools}`, text: `${id}`.padEnd(300, "x") });

/** A folder of its own for each round, on the disk that temporary files are on. */
const root = mkdtempSync(join(tmpdir(), "wink-bench-log-"));
let folders = 0;
const folder = (): string => join(root, `${folders++}`);

export const bench: Bench = {
  name: "log",
  async *run() {
    try {
      yield* appending();
      yield* syncing();
      yield* reading();
    } finally {
      for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
    }
  },
};

const each = (total: number | undefined, count: number): number => ((total ?? Number.NaN) * 1_000) / count;

/** Appends and flushes once, as a session does that is flushed at the end of its run; and flushes every hundred. */
async function* appending(): AsyncIterable<Row> {
  const items = Array.from({ length: 10_000 }, (_, id) => make(id));
  let alive: SliceStore | undefined; // else each collection takes what the engine has learnt of stores
  const ours = (flushEvery: number) => async (): Promise<void> => {
    await using store = await jsonlStore(log, { directory: folder() });
    alive = store;
    for (const [place, item] of items.entries()) {
      store.apply(append(item));
      if ((place + 1) % flushEvery === 0) await store.flush();
    }
    await store.flush();
    if (alive.view().length !== items.length) throw new Error("items are missing");
  };
  const floor = (): void => writeEach(join(root, `floor-${folders++}`), items);
  const times = await sideBySide({ once: ours(items.length), often: ours(100), floor }, 21);
  const bare = each(times.floor?.median, items.length);
  yield against("append-flush", each(times.once?.median, items.length), bare, "us/event");
  yield against("append-flush-every-100", each(times.often?.median, items.length), bare, "us/event");
}

/** Eight appenders, each of which waits for the disk after every event. */
async function* syncing(): AsyncIterable<Row> {
  const items = Array.from({ length: 2_000 }, (_, id) => make(id));
  const ours = async (): Promise<void> => {
    await using store = await jsonlStore(log, { directory: folder(), durability: "sync" });
    const appender = async (first: number): Promise<void> => {
      for (let place = first; place < items.length; place += 8) {
        store.apply(append(items[place] as Item)); // as: below the length
        await store.flush();
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, first) => appender(first)));
  };
  const floor = (): void => writeEach(join(root, `floor-${folders++}`), items, true);
  const times = await sideBySide({ ours, floor }, 7);
  yield against(
    "append-sync-8-appenders",
    each(times.ours?.median, items.length),
    each(times.floor?.median, items.length),
    "us/event",
  );
}

/** Reads 100,000 events back: as they were appended, with a snapshot and a tail, and a state that they have left. */
async function* reading(): AsyncIterable<Row> {
  const count = 100_000;
  const written = folder();
  const compacted = folder();
  const state = folder();
  for (const directory of [written, compacted]) {
    await using store = await jsonlStore(log, { directory });
    for (let id = 0; id < count; id++) {
      store.apply(append(make(id)));
      if (id === count - count / 100 && directory === compacted) await store.compact();
    }
  }
  {
    await using store = await jsonlStore(latest, { directory: state });
    for (let id = 0; id < count; id++) store.apply(upsert(byTool, make(id, 1_000)));
  }
  const open = (kept: typeof log, directory: string, length: number) => async (): Promise<void> => {
    await using store: SliceStore<Item> = await jsonlStore(kept, { directory });
    const view = store.view();
    if (view.length !== length || view.latest()?.id !== count - 1) throw new Error("items are missing");
  };
  const floor = (): void => {
    if (readBack(join(written, "log.jsonl")).length !== count + 1) throw new Error("lines are missing");
  };
  const times = await sideBySide(
    {
      written: open(log, written, count),
      compacted: open(log, compacted, count),
      state: open(latest, state, 1_000),
      floor,
    },
    9,
  );
  const bare = times.floor?.median ?? Number.NaN;
  yield against("read-100000", times.written?.median ?? Number.NaN, bare, "ms");
  yield against("read-100000-snapshot-and-tail", times.compacted?.median ?? Number.NaN, bare, "ms");
  yield { metric: "read-100000-upserts-of-1000-keys", value: times.state?.median ?? Number.NaN, unit: "ms" };
}
