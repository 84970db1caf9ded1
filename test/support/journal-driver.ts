/** The durable journals by name, so that a suite and the processes that it starts agree on one. */
import { join } from "node:path";
import { type Journal, jsonlJournal } from "../../src/journal/index.ts";
import { redisJournal } from "../../src/journal/redis/index.ts";
import { sqliteJournal } from "../../src/journal/sqlite/index.ts";

/** Where a driver keeps its runs: a folder, and the port of a Redis for the driver that needs one. */
export interface JournalPlace {
  readonly directory: string;
  readonly port?: number | undefined;
}

/** A journal with what has to be closed behind it. */
export interface DriverAtWork extends AsyncDisposable {
  readonly journal: Journal;
}

const drivers: Readonly<Record<string, (place: JournalPlace) => DriverAtWork | Promise<DriverAtWork>>> = {
  jsonl: ({ directory }) => atWork(jsonlJournal({ directory })),
  "jsonl-sync": ({ directory }) => atWork(jsonlJournal({ directory, durability: "sync" })),
  sqlite: ({ directory }) => sqlite(directory, "flush"),
  "sqlite-sync": ({ directory }) => sqlite(directory, "sync"),
  async redis({ directory, port }) {
    const { Redis } = await import("ioredis"); // processes that are started a hundred times do not load it for nothing
    const client = new Redis({ host: "127.0.0.1", port: port ?? 0 });
    return atWork(redisJournal({ client, prefix: `${directory}:` }), () => client.disconnect());
  },
};

/** All names, the driver that needs a Redis last. */
export const driverNames: readonly string[] = Object.keys(drivers);

/** Opens a driver over a place. */
export async function openDriver(name: string, place: JournalPlace): Promise<DriverAtWork> {
  const open = drivers[name];
  if (open === undefined) throw new Error(`no driver "${name}", only ${driverNames.join(", ")}`);
  return open(place);
}

function sqlite(directory: string, durability: "flush" | "sync"): DriverAtWork {
  const journal = sqliteJournal({ path: join(directory, "runs.sqlite"), durability });
  return atWork(journal, () => journal[Symbol.asyncDispose]());
}

const atWork = (journal: Journal, close: () => unknown = () => undefined): DriverAtWork => ({
  journal,
  async [Symbol.asyncDispose]() {
    await close();
  },
});
