/** What a tool may borrow. A token names a kind of resource by type; a binding gives one. */
import { type Awaitable, type JsonObject, WinkError } from "../base/index.ts";

/** Watches over the use of a resource by one call. */
export interface Gate {
  /** Throws `CONTEXT_CLOSED` once the call has settled. */
  check(): void;
  /** Whether the call may change the workspace; false for tools with effects `none`. */
  readonly mayWrite: boolean;
}

/** How a resource takes part in a tool call's transaction: what a failed call did to it is taken back. What need not be waited for is given as it is: most calls change nothing. */
export interface Transactional<T> {
  /** Takes a reference to the present content; must be cheap. */
  snapshot(value: T): Awaitable<ResourceSnapshot>;
  /** Goes back to it. */
  restore(value: T, snapshot: ResourceSnapshot): Promise<void>;
  /** Tells what differs from it, for the journal: for files, the changed paths. */
  changes(value: T, since: ResourceSnapshot): Awaitable<readonly JsonObject[]>;
  /** How runs that change it go on in another process; without it they cannot (`WORKSPACE_MISSING`). */
  readonly durable?: Durable<T> | undefined;
}

/** Stores a content and gives its name, the SHA-256 of it. */
export type Keep = (bytes: Uint8Array) => string;

/** Gives a content that was stored. */
export type Kept = (name: string) => Uint8Array;

/** How the content of a resource outlives the process: it travels in the journal, or stays where it is and is found there again. */
export interface Durable<T> {
  /** Whether it stays where it is, so that nothing of it travels. */
  staysInPlace(value: T): boolean;
  /** Writes down the content, or where it lies. */
  save(value: T, keep: Keep): Awaitable<JsonObject>;
  /** Writes down, for what {@link Transactional.changes} told, what is needed to make the changes again. */
  saveChanges(value: T, changes: readonly JsonObject[], keep: Keep): Awaitable<readonly JsonObject[]>;
  /** Makes the content as it was saved. Throws `WORKSPACE_MISSING` for what lies elsewhere. */
  load(value: T, saved: JsonObject, kept: Kept): Promise<void>;
  /** Makes saved changes again; nothing to do for what stays where it is. */
  loadChanges(value: T, changes: readonly JsonObject[], kept: Kept): Promise<void>;
  /** Takes back what an earlier process did after a snapshot of this id; nothing to do for what travels. */
  recover(value: T, snapshot: string): Promise<void>;
}

/** A reference to a resource's content; `id` names it in the journal. */
export interface ResourceSnapshot {
  readonly id: string;
}

/** How a kind of resource is guarded, and whether it can take back what a failed call did. */
export type TokenOptions<T> =
  | {
      /**
       * Gives the resource as one call sees it. Without it, any use of the value itself, of its methods and of the objects
       * that it holds throws `CONTEXT_CLOSED` once the call has settled; what a method gives back is not guarded.
       */
      readonly guard?: (value: T, gate: Gate) => T;
      readonly transaction?: undefined;
    }
  | {
      /** Gives the resource as one call sees it: it refuses changes while {@link Gate.mayWrite} is false. */
      readonly guard: (value: T, gate: Gate) => T;
      /**
       * Takes back what a failed call did. Needs a guard: calls of tools with effects `none` are not taken back, so only a
       * guard keeps them from changing anything.
       */
      readonly transaction: Transactional<T>;
    };

/**
 * How long a resource lives: a `singleton` as long as the run, one of a `tool-call` as long as the call; a `prototype` is made
 * anew for each who needs it, and lives as long as they do.
 */
export type Scope = "singleton" | "tool-call" | "prototype";

/** Gives another resource to one that is being made. */
export type Need = <T>(token: Token<T>) => Promise<T>;

/** Makes a resource, perhaps from others; should stop when the signal aborts. */
export type Make<T> = (need: Need, signal: AbortSignal) => T | Promise<T>;

/** How a resource is made and closed. */
export interface ProvideOptions<T> {
  /** `singleton` unless told. */
  readonly scope?: Scope;
  /** Whether it is made when the run begins, and not when it is first needed; for singletons. `false` unless told. */
  readonly eager?: boolean;
  /** Closes it at the end of its scope; its own `Symbol.asyncDispose` or `Symbol.dispose` unless told. */
  readonly close?: (value: T) => unknown;
}

/** What makes a resource in each run. */
export interface Provided {
  readonly make: Make<unknown>;
  readonly scope: Scope;
  readonly eager: boolean;
  readonly close: ((value: unknown) => unknown) | undefined;
}

/** A typed name for a resource. Two tokens are the same when their names are the same. */
export interface Token<T> {
  readonly name: string;
  /** Gives the resource that stands for this token. Whoever made the value closes it. */
  readonly bind: (value: T) => Binding;
  /** Gives what makes the resource in each run, which closes it. Throws `INPUT_INVALID` for an eager one that is no singleton. */
  readonly provide: (make: Make<T>, options?: ProvideOptions<T>) => Binding;
  readonly guard: TokenOptions<T>["guard"];
  readonly transaction: TokenOptions<T>["transaction"];
}

/** A token with its value, or with what makes it. */
export interface Binding {
  readonly token: Token<unknown>;
  readonly value?: unknown;
  readonly provided?: Provided;
}

/** Makes a token: `const clockToken = token<Clock>("clock")`. Throws `INPUT_INVALID` for a transaction without a guard. */
export function token<T>(name: string, options: TokenOptions<T> = {}): Token<T> {
  if (options.transaction !== undefined && options.guard === undefined) {
    throw new WinkError("INPUT_INVALID", {
      at: `token "${name}"`,
      problem: "Tools with effects `none` could change the resource",
      expected: "a guard that refuses changes while `gate.mayWrite` is false",
      received: "a transaction and no guard",
      fix: "Give both: token(name, { guard, transaction }).",
      details: { resource: name },
    });
  }
  const made: Token<T> = {
    name,
    bind: (value) => ({ token: made as Token<unknown>, value }), // as: a binding forgets the type, its token keeps it
    provide: (make, given) => ({ token: made as Token<unknown>, provided: providedBy(name, make, given) }), // as: likewise
    guard: options.guard,
    transaction: options.transaction,
  };
  return made;
}

function providedBy<T>(name: string, make: Make<T>, options: ProvideOptions<T> = {}): Provided {
  const { scope = "singleton", eager = false, close } = options;
  if (eager && scope !== "singleton") {
    throw new WinkError("INPUT_INVALID", {
      at: `token "${name}"`,
      problem: "It cannot be eager: when the run begins there is nobody to make it for",
      expected: 'scope "singleton", or eager left out',
      received: `scope "${scope}"`,
      details: { resource: name, scope },
    });
  }
  return { make, scope, eager, close: close as Provided["close"] }; // as: it is given what `make` has made
}
