/** The resources that live at one time: those of a run, and of each of its calls. */
// any: tokens of every type come here
import { type Clock, type Logger, messageFrom, problemFrom, WinkError } from "../base/index.ts";
import { type Borrowed, type Resources, requireResource } from "./registry.ts";
import type { Binding, Provided, Token } from "./token.ts";

/** What a pool needs beside its bindings. */
export interface ResourcePoolOptions {
  /** Told when a resource cannot be closed. */
  readonly logger: Logger;
  /** Bounds the time for closing. */
  readonly clock: Clock;
  /** What is being made should stop when it aborts. */
  readonly signal: AbortSignal;
}

/** How long closing one resource may take, or waiting for those that are being made, in milliseconds, before it is left to itself. */
const longestClose = 10_000;

/** A resource that is being made, and what it waits for. */
interface Making {
  readonly name: string;
  /** Itself, and those for which it is made, the first of them first. */
  readonly path: readonly string[];
  readonly awaits: Set<Making>;
  /** Tells it to stop. */
  readonly stop: AbortController;
  /** Whether it has been given another, which must then be closed behind it. */
  holds: boolean;
}

/** A resource that was made, or will be. */
interface Made {
  readonly making: Making;
  readonly value: Promise<unknown>;
}

/**
 * Makes resources when they are needed, once in their scope, and closes them in the reverse order. Disposing it closes all
 * that it has made; what is made later is closed at once.
 */
export class ResourcePool implements AsyncDisposable {
  readonly #resources: Resources;
  readonly #options: ResourcePoolOptions;
  /** The pool of the run, for one of a call. */
  readonly #run: ResourcePool | undefined;
  readonly #made = new Map<string, Made>();
  readonly #closing: (() => Promise<void>)[] = [];
  /** What is being made. */
  readonly #making = new Map<Making, Promise<unknown>>();
  /** The end of closing; there since it has begun. */
  #ended: Promise<void> | undefined;

  constructor(resources: Resources, options: ResourcePoolOptions, run?: ResourcePool) {
    this.#resources = resources;
    this.#options = options;
    this.#run = run;
  }

  /** Makes the eager resources, in the order of their bindings. Throws as {@link borrow} does. */
  async start(): Promise<void> {
    for (const { token, provided } of this.#resources.values()) {
      if (provided?.eager) await this.#value(token, "the run", undefined);
    }
  }

  /** A pool for one call, which makes the resources of scope `tool-call` anew. Closed by whoever opens it. */
  openCall(): ResourcePool {
    return new ResourcePool(this.#resources, this.#options, this);
  }

  /**
   * The resources that a borrower wants, by the names it gives them. Throws `RESOURCE_MISSING`, `RESOURCE_FAILED`,
   * `RESOURCE_CYCLE`, `RESOURCE_SCOPE`, `RESOURCE_CLOSED`.
   */
  async borrow(wanted: Readonly<Record<string, Token<any>>>, borrower: string): Promise<Borrowed> {
    const borrowed: Record<string, Borrowed[string]> = {};
    for (const [name, token] of Object.entries(wanted)) {
      borrowed[name] = { token, value: await this.#value(token, borrower, undefined) };
    }
    return borrowed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#ended ??= this.#closeAll();
    return this.#ended;
  }

  /** What is being made and holds, or waits for, another has its end first. */
  async #closeAll(): Promise<void> {
    const ends: Promise<unknown>[] = [];
    for (const [making, value] of this.#making) {
      making.stop.abort(closed(making.name));
      if (making.holds || making.awaits.size > 0) ends.push(value);
    }
    if (ends.length > 0) await this.#inTime(Promise.allSettled(ends)).catch(() => undefined);
    for (let close = this.#closing.pop(); close !== undefined; close = this.#closing.pop()) await close();
  }

  /** The value for a token; `needer` is the resource for which it is. */
  #value(token: Token<any>, borrower: string, needer: Making | undefined): Promise<unknown> | unknown {
    const binding = requireResource(this.#resources, token, borrower);
    const { provided } = binding;
    if (provided === undefined) return binding.value;
    if (needer?.path.includes(token.name)) throw cycle([...needer.path, token.name]);
    if (provided.scope === "tool-call" && this.#run === undefined) throw tooShort(token.name, needer);
    const pool = provided.scope === "singleton" ? (this.#run ?? this) : this;
    if (pool.#ended !== undefined) throw closed(token.name);
    const made =
      provided.scope === "prototype" ? this.#make(binding, provided, needer) : pool.#shared(binding, provided, needer);
    return waitFor(made, needer);
  }

  #shared(binding: Binding, provided: Provided, needer: Making | undefined): Made {
    const { name } = binding.token;
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = this.#make(binding, provided, needer);
    this.#made.set(name, made);
    made.value.catch(() => this.#made.delete(name)); // it is tried again when it is next needed
    return made;
  }

  #make({ token }: Binding, provided: Provided, needer: Making | undefined): Made {
    const path = [...(needer?.path ?? []), token.name];
    const making: Making = { name: token.name, path, awaits: new Set(), stop: new AbortController(), holds: false };
    const value = this.#madeBy(making, provided);
    this.#making.set(making, value);
    const end = (): void => void this.#making.delete(making);
    value.then(end, end);
    return { making, value };
  }

  async #madeBy(making: Making, { make, close }: Provided): Promise<unknown> {
    const borrower = `resource "${making.name}"`;
    let value: unknown;
    try {
      value = await make(
        async (token) => (await this.#value(token, borrower, making)) as never, // as: the token says which type it has
        AbortSignal.any([this.#options.signal, making.stop.signal]),
      );
    } catch (cause) {
      if (WinkError.is(cause) && cause.code.startsWith("RESOURCE_")) throw cause;
      throw new WinkError("RESOURCE_FAILED", {
        at: borrower,
        problem: "It could not be made",
        expected: "what its function gives",
        received: messageFrom(cause),
        details: { resource: making.name, path: making.path },
        cause,
      });
    }
    if (this.#ended !== undefined) {
      await this.#close(making.name, value, close);
      throw closed(making.name);
    }
    this.#closing.push(() => this.#close(making.name, value, close));
    return value;
  }

  async #close(name: string, value: unknown, close: Provided["close"]): Promise<void> {
    const closing = async (): Promise<void> => {
      if (close !== undefined) await close(value);
      else if ((typeof value === "object" && value !== null) || typeof value === "function") await disposed(value);
    };
    try {
      await this.#inTime(closing());
    } catch (error) {
      try {
        this.#options.logger.log("error", "resource_close_failed", { resource: name, problem: problemFrom(error) });
      } catch {
        // a log that cannot be written must not keep the other resources open
      }
    }
  }

  /** Waits for work, but not for ever. */
  async #inTime(work: Promise<unknown>): Promise<void> {
    let cancel = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      cancel = this.#options.clock.schedule(longestClose, () =>
        reject(new Error(`it took longer than ${longestClose} ms`)),
      );
    });
    try {
      await Promise.race([work, late]);
    } finally {
      cancel();
    }
  }
}

/** Waits for a resource, on behalf of another that needs it. Throws `RESOURCE_CYCLE` when that one is what it waits for. */
async function waitFor({ making, value }: Made, needer: Making | undefined): Promise<unknown> {
  if (needer === undefined) return value;
  const way = wayFrom(making, needer);
  if (way !== undefined) {
    value.catch(() => undefined); // whoever else waits for it is told
    throw cycle([...way, making.name]);
  }
  needer.awaits.add(making);
  try {
    const given = await value;
    needer.holds = true;
    return given;
  } finally {
    needer.awaits.delete(making);
  }
}

/** The names from one resource that is being made to another that it waits for, if it does. */
function wayFrom(from: Making, to: Making): readonly string[] | undefined {
  if (from === to) return [from.name];
  for (const next of from.awaits) {
    const way = wayFrom(next, to);
    if (way !== undefined) return [from.name, ...way];
  }
  return undefined;
}

async function disposed(value: Partial<Disposable & AsyncDisposable>): Promise<void> {
  if (typeof value[Symbol.asyncDispose] === "function") await value[Symbol.asyncDispose]?.();
  else value[Symbol.dispose]?.();
}

function cycle(path: readonly string[]): WinkError {
  return new WinkError("RESOURCE_CYCLE", {
    at: `resource "${path[0]}"`,
    problem: "Resources need each other",
    expected: "resources that can be made one after the other",
    received: path.map((name) => JSON.stringify(name)).join(" needs "),
    details: { path },
  });
}

function tooShort(name: string, needer: Making | undefined): WinkError {
  return new WinkError("RESOURCE_SCOPE", {
    at: `resource "${needer?.name ?? name}"`,
    problem: `The resource "${name}" is needed outside of a tool call`,
    expected: "a resource that lives as long as the run",
    received: "one that lives as long as a tool call",
    details: { resource: name, path: [...(needer?.path ?? []), name] },
  });
}

function closed(name: string): WinkError {
  return new WinkError("RESOURCE_CLOSED", {
    at: `resource "${name}"`,
    problem: "It was asked for after its scope had ended",
    details: { resource: name },
  });
}
