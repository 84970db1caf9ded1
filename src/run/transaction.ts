/** The workspace's side of a tool call: what transactional resources held before it, and the way back. */
import { type Awaitable, type JsonObject, messageFrom, WinkError } from "../base/index.ts";
import type { Borrowed, Keep, ResourceSnapshot, Transactional } from "../resources/index.ts";
import type { Tool } from "../tool/index.ts";
import type { RunJournal } from "./record/run-journal.ts";

/** What a call changed, by token; nothing where nothing changed. */
export type Changes = Readonly<Record<string, readonly JsonObject[]>>;

/** The transactional resources that one call may change, as they were before it. */
export interface Transaction {
  /** The names of the snapshots, by token. */
  readonly snapshots: Readonly<Record<string, string>>;
  /** Tells what the call changed; without a wait when no resource needs one. */
  changes(): Awaitable<Changes>;
  /**
   * Takes everything back, the last resource first. When one cannot be taken back, all are left as the call left them, so
   * that they still fit together, and `RESTORE_FAILED` is thrown.
   */
  restore(): Promise<void>;
  /** What is needed to make changes again in another process, when somebody may want to. */
  durable(changes: Changes, journal: Pick<RunJournal, "isDurable" | "keep">): Awaitable<Changes>;
}

/** A transactional resource that a call borrows. */
type Held = Borrowed[string] & { readonly token: { readonly transaction: Transactional<unknown> } };

const noChanges: Changes = {};
/** That of a call which changes nothing that can be taken back. */
const noTransaction: Transaction = {
  snapshots: {},
  changes: () => noChanges,
  restore: async () => undefined,
  durable: (changes) => changes,
};

/**
 * Begins a transaction over what a tool borrows; without a wait when no resource needs one, because most calls change
 * nothing. Tools with effects `none` cannot write, so theirs is empty. `waiting` is put around the wait for snapshots, so
 * that the run's end can cut it short.
 */
export function beginTransaction(
  borrowed: Borrowed,
  tool: Tool,
  waiting: <T>(work: Promise<T>) => Promise<T>,
): Awaitable<Transaction> {
  if (tool.effects === "none") return noTransaction;
  const held: Held[] = [];
  const snapshots: Awaitable<ResourceSnapshot>[] = [];
  let mustWait = false;
  for (const name in borrowed) {
    const one = borrowed[name];
    if (one?.token.transaction === undefined || isHeld(held, one.token.name)) continue;
    const snapshot = one.token.transaction.snapshot(one.value);
    if (snapshot instanceof Promise) {
      mustWait = true;
      snapshot.catch(() => undefined); // told below, unless the next resource throws at once
    }
    held.push(one as Held); // as: it was just checked
    snapshots.push(snapshot);
  }
  if (held.length === 0) return noTransaction;
  if (!mustWait) return new HeldTransaction(tool, held, snapshots as ResourceSnapshot[]); // as: none is a promise
  return waiting(Promise.all(snapshots)).then((all) => new HeldTransaction(tool, held, all));
}

/** A token is held once, whatever names the tool has for it. */
function isHeld(held: readonly Held[], name: string): boolean {
  for (const { token } of held) if (token.name === name) return true;
  return false;
}

/** A class, because one is made for each call, and a class makes one object of it. */
class HeldTransaction implements Transaction {
  readonly #tool: Tool;
  readonly #held: readonly Held[];
  readonly #before: readonly ResourceSnapshot[];

  constructor(tool: Tool, held: readonly Held[], before: readonly ResourceSnapshot[]) {
    this.#tool = tool;
    this.#held = held;
    this.#before = before;
  }

  get snapshots(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#held.map(({ token }, index) => [token.name, this.#before[index]?.id ?? ""]));
  }

  changes(): Awaitable<Changes> {
    let named = noChanges;
    for (let index = 0; index < this.#held.length; index++) {
      const told = this.#changesOf(index);
      if (told instanceof Promise) return this.#changesFrom(index, told, named);
      named = this.#withChanges(named, index, told);
    }
    return named;
  }

  /** Goes on where there is something to wait for. */
  async #changesFrom(first: number, told: Promise<readonly JsonObject[]>, before: Changes): Promise<Changes> {
    let named = this.#withChanges(before, first, await told);
    for (let index = first + 1; index < this.#held.length; index++) {
      named = this.#withChanges(named, index, await this.#changesOf(index));
    }
    return named;
  }

  #changesOf(index: number): Awaitable<readonly JsonObject[]> {
    const { token, value } = this.#held[index] as Held; // as: the index is below the length
    return token.transaction.changes(value, this.#before[index] as ResourceSnapshot); // as: one for each
  }

  #withChanges(named: Changes, index: number, told: readonly JsonObject[]): Changes {
    return told.length === 0 ? named : { ...named, [this.#held[index]?.token.name ?? ""]: told };
  }

  durable(changes: Changes, { isDurable, keep }: Pick<RunJournal, "isDurable" | "keep">): Awaitable<Changes> {
    if (changes === noChanges || !isDurable) return changes;
    return this.#saved(changes, keep);
  }

  async #saved(changes: Changes, keep: Keep): Promise<Changes> {
    const saved: Record<string, readonly JsonObject[]> = {};
    for (const { token, value } of this.#held) {
      const told = changes[token.name];
      if (told === undefined) continue;
      saved[token.name] = (await token.transaction.durable?.saveChanges(value, told, keep)) ?? told;
    }
    return saved;
  }

  async restore(): Promise<void> {
    const after = await Promise.all(this.#held.map(snapshotNow));
    for (const [index, { token, value }] of [...this.#held.entries()].reverse()) {
      try {
        await token.transaction.restore(value, this.#before[index] as ResourceSnapshot); // as: one for each
      } catch (cause) {
        throw notRestored(this.#tool, token.name, cause, await leaveAs(this.#held.slice(index), after.slice(index)));
      }
    }
  }
}

/** What a resource holds before it is taken back; undefined when it cannot tell, and then only the way back is left. */
async function snapshotNow({ token, value }: Held): Promise<ResourceSnapshot | undefined> {
  try {
    return await token.transaction.snapshot(value);
  } catch {
    return undefined;
  }
}

/** Makes resources as they were at some snapshots; gives the names of those that cannot be made so. */
async function leaveAs(
  held: readonly Held[],
  snapshots: readonly (ResourceSnapshot | undefined)[],
): Promise<readonly string[]> {
  const mixed: string[] = [];
  for (const [index, { token, value }] of held.entries()) {
    const snapshot = snapshots[index];
    try {
      if (snapshot === undefined) mixed.push(token.name);
      else await token.transaction.restore(value, snapshot);
    } catch {
      mixed.push(token.name);
    }
  }
  return mixed;
}

function notRestored(tool: Tool, name: string, cause: unknown, mixed: readonly string[]): WinkError {
  const state =
    mixed.length === 0
      ? "all that it changed is as it left it"
      : `what it changed is partly as before in ${mixed.join(", ")}`;
  return new WinkError("RESTORE_FAILED", {
    at: `tool "${tool.name}"`,
    problem: `What the call changed could not be taken back in ${name}, so ${state}`,
    expected: `${name} as before the call`,
    received: messageFrom(cause),
    details: { tool: tool.name, resources: [name], mixed },
    cause,
  });
}
