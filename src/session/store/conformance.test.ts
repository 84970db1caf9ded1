import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type StoreHarness, storeConformance } from "./conformance.ts";
import { jsonlStore, memoryStore, type SliceStore } from "./index.ts";

const root = await mkdtemp(join(tmpdir(), "wink-store-"));
afterAll(() => rm(root, { recursive: true }));
let folders = 0;

async function memory(): Promise<StoreHarness> {
  let store: SliceStore | undefined;
  return {
    open: async (slice) => (store ??= memoryStore(slice)),
    again: async (slice) => store ?? memoryStore(slice),
  };
}

/** Folders that are not there yet, as a new user has them. */
async function jsonl(durability: "none" | "flush" | "sync"): Promise<StoreHarness> {
  const directory = join(root, `${folders++}`, "slices");
  return {
    open: (slice) => jsonlStore(slice, { directory, durability }),
    again: (slice) => jsonlStore(slice, { directory, durability }),
  };
}

describe.each([
  ["memory", memory],
  ["jsonl", () => jsonl("flush")],
  ["jsonl on the disk", () => jsonl("sync")],
] as const)("%s", (_name, make) => {
  test.each(storeConformance.map(({ id, claim, check }) => [id, claim, check] as const))(
    "%s: %s",
    async (_id, _claim, check) => {
      await check(make);
    },
  );
});

test("every promise of the port is proved, and nothing else", () => {
  const [header = ""] = readFileSync(new URL("./slice-store.ts", import.meta.url), "utf8").split("*/");
  const promised = [...header.matchAll(/^ \* (S\d+) /gm)].map(([, id]) => id);
  expect(promised.length).toBeGreaterThan(5);
  expect([...new Set(storeConformance.map(({ id }) => id))]).toEqual(promised);
});
