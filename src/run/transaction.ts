/** The workspace's side of a tool call: what transactional resources held before it, and the way back. */
import { type JsonObject, messageFrom, WinkError } from "../base/index.ts";
import type { Borrowed, ResourceSnapshot, Transactional } from "../resources/index.ts";
import type { Tool } from "../tool/index.ts";

/** The transactional resources that one call may change, as they were before it. */
export interface Transaction {
  /** The names of the snapshots, by token. */
  readonly snapshots: Readonly<Record<string, string>>;
  /** What the call changed, by token; nothing where nothing changed. */
  changes(): Promise<Readonly<Record<string, readonly JsonObject[]>>>;
  /** Takes everything back, the last resource first; tries all, then throws `RESTORE_FAILED` if one could not. */
  restore(): Promise<void>;
}

interface Held {
  readonly name: string;
  readonly value: unknown;
  readonly transaction: Transactional<unknown>;
  readonly snapshot: ResourceSnapshot;
}

const nothing: Transaction = { snapshots: {}, changes: async () => ({}), restore: async () => undefined };

/**
 * Begins a transaction over what a tool borrows. Tools with effects `none` cannot write, so theirs is empty. `waiting` is
 * put around each wait for a snapshot, so that the run's end can cut it short.
 */
export async function beginTransaction(
  borrowed: Borrowed,
  tool: Tool,
  waiting: <T>(work: Promise<T>) => Promise<T>,
): Promise<Transaction> {
  if (tool.effects === "none") return nothing;
  const held: Held[] = [];
  for (const { token, value } of Object.values(borrowed)) {
    const { name, transaction } = token;
    if (transaction === undefined || held.some((one) => one.name === name)) continue;
    held.push({ name, value, transaction, snapshot: await waiting(transaction.snapshot(value)) });
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
      const failed: string[] = [];
      let cause: unknown;
      for (const { name, value, transaction, snapshot } of held.toReversed()) {
        try {
          await transaction.restore(value, snapshot);
        } catch (error) {
          failed.push(name);
          cause ??= error;
        }
      }
      if (failed.length === 0) return;
      throw new WinkError("RESTORE_FAILED", {
        at: `tool "${tool.name}"`,
        problem: `What the call changed could not be taken back in ${failed.join(", ")}: ${messageFrom(cause)}`,
        details: { tool: tool.name, resources: failed },
        cause,
      });
    },
  };
}
