import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type OverrideHarness, overrideConformance } from "./conformance.ts";
import { localOverrides, memoryOverrides, type OverrideFile, type OverrideStore } from "./index.ts";

const folder = await mkdtemp(join(tmpdir(), "wink-overrides-"));
afterAll(() => rm(folder, { recursive: true }));

async function memory(): Promise<OverrideHarness> {
  const store = memoryOverrides();
  return { store, again: () => store };
}

async function local(): Promise<OverrideHarness> {
  const root = await mkdtemp(join(folder, "root-"));
  return { store: localOverrides({ root }), again: () => localOverrides({ root }) };
}

describe.each([
  ["memory", memory],
  ["local", local],
] as const)("%s", (_name, make) => {
  test.each(overrideConformance.map(({ id, claim, check }) => [id, claim, check] as const))(
    "%s: %s",
    async (_id, _claim, check) => {
      await check(make);
    },
  );
});

test("every promise of the port is proved, and nothing else", () => {
  const [header = ""] = readFileSync(new URL("./override-store.ts", import.meta.url), "utf8").split("*/");
  const promised = [...header.matchAll(/^ \* (O\d+) /gm)].map(([, id]) => id);
  expect([...new Set(overrideConformance.map(({ id }) => id))]).toEqual(promised);
});

/** Stores with one fault each. */
const faults: Readonly<Record<string, (store: OverrideStore) => Partial<OverrideStore>>> = {
  "forgets what it wrote": () => ({ load: async () => undefined }),
  "mixes up tags": (store) => ({
    load: async (id) => (await store.load(id)) ?? (await store.load({ ...id, tag: "latest" })),
  }),
  "loses updates at once": (store) => ({
    async update(id, change) {
      const before = await store.load(id);
      await new Promise((resolve) => setImmediate(resolve));
      return store.update(id, () => change(before));
    },
  }),
  "writes what a failed change began": (store) => ({
    update: (id, change) =>
      store.update(id, (file) => {
        try {
          return change(file);
        } catch {
          return { ...id, sections: {}, tools: {}, at: "" };
        }
      }),
  }),
  "takes any id": (store) => {
    const tame = (text: string): string => `x${text.replaceAll(/[^a-z0-9]/gi, "").slice(0, 9)}`.toLowerCase();
    return { load: ({ ns, key, tag }) => store.load({ ns: tame(ns), key: tame(key), tag: tame(tag) }) };
  },
  "deletes nothing": () => ({ delete: async () => undefined }),
  "lists in any order": (store) => ({ list: async () => (await store.list()).toReversed() }),
  "hears no signal": (store) => ({ update: (id, change) => store.update(id, change) }),
  "writes for another prompt": (store) => ({
    update: (id, change, options) =>
      store.update(id, (file) => ({ ...(change(file) as OverrideFile), ...id }), options),
  }),
};

test.each(Object.entries(faults))("the suite sees a store that %s", async (_fault, break_) => {
  const broken = async (): Promise<OverrideHarness> => {
    const store = memoryOverrides();
    const faulty: OverrideStore = { ...store, ...break_(store) };
    return { store: faulty, again: () => faulty };
  };
  const ends = await Promise.allSettled(overrideConformance.map(({ check }) => check(broken)));
  expect(ends.filter(({ status }) => status === "rejected")).not.toEqual([]);
});
