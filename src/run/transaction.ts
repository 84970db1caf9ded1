/** The workspace's side of a tool call: what transactional resources held before it, and the way back. */
import type { JsonObject } from "../base/index.ts";
import type { ResourceSnapshot, Resources, Transactional } from "../resources/index.ts";
import type { Tool } from "../tool/index.ts";

/** The transactional resources that one call may change, as they were before it. */
export interface Transaction {
  /** The names of the snapshots, by token. */
  readonly snapshots: Readonly<Record<string, string>>;
  /** What the call changed, by token; nothing where nothing changed. */
  changes(): Promise<Readonly<Record<string, readonly JsonObject[]>>>;
  /** Takes everything back, the last resource first. */
  restore(): Promise<void>;
}

interface Held {
  readonly name: string;
  readonly value: unknown;
  readonly transaction: Transactional<unknown>;
  readonly snapshot: ResourceSnapshot;
}

const nothing: Transaction = { snapshots: {}, changes: async () => ({}), restore: async () => undefined };

/** Begins a transaction over what a tool borrows. Tools with effects `none` cannot write, so theirs is empty. */
export async function beginTransaction(resources: Resources, tool: Tool): Promise<Transaction> {
  if (tool.effects === "none") return nothing;
  const held: Held[] = [];
  for (const { name, transaction } of Object.values(tool.resources)) {
    const binding = resources.get(name);
    if (transaction === undefined || binding === undefined) continue;
    held.push({ name, value: binding.value, transaction, snapshot: await transaction.snapshot(binding.value) });
  }
  if (held.length === 0) return nothing;
  return {
    snapshots: Object.fromEntries(held.map(({ name, snapshot }) => [name, snapshot.id])),
    async changes() {
      const all: Record<string, readonly JsonObject[]> = {};
      for (const { name, value, transaction, snapshot } of held) {
        const changed = await transaction.changes(value, snapshot);
        if (changed.length > 0) all[name] = changed;
      }
      return all;
    },
    async restore() {
      for (const { value, transaction, snapshot } of held.toReversed()) await transaction.restore(value, snapshot);
    },
  };
}
