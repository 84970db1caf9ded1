/**
 * The items of a slice in a JSON-lines file, one line an operation. With `flush` an acknowledged operation is in the operating
 * system's hands and survives `kill -9` of the process; with `sync` it is on the disk and survives a power cut as well.
 * Any number of processes of one machine may write to a file: each write holds a lock for a moment, and takes in first what
 * others have written.
 */
import { join } from "node:path";
import { bareProblem, type Clock, type FileLock, requires, systemClock, WinkError } from "../../base/index.ts";
import { FrozenView } from "../frozen-view.ts";
import type { JournalPlace } from "../journal-place.ts";
import type { SliceOp } from "../operation.ts";
import type { Slice } from "../slice.ts";
import type { SliceView } from "../view.ts";
import { contentOf } from "./file-content.ts";
import { type Change, changeOf, lineOf } from "./operation-line.ts";
import { SliceFile } from "./slice-file.ts";
import type { SliceStore } from "./slice-store.ts";
import type { Source } from "./source.ts";
import { storeClosed } from "./store-error.ts";
import { openStoreLock } from "./store-lock.ts";
import { type Place, StoredList } from "./stored-list.ts";
import { nothingTaken, type Taken, takeMore, weightOf, wholeLength } from "./taken.ts";

/** What {@link jsonlStore} takes. */
export interface JsonlStoreOptions {
  /** The folder of the files; made with mode 0700 when it is not there. */
  readonly directory: string;
  /**
   * What `flush` promises: `none` nothing, it only begins to write; `flush` that the operating system has what was applied, so
   * that it survives the end of the process; `sync` that the disk has it. `flush` unless told.
   */
  readonly durability?: "none" | "flush" | "sync";
  readonly clock?: Clock;
}

/**
 * Opens the store of a slice, `DIRECTORY/NAME.jsonl` with the slice's name encoded as for an address. A torn last line, which
 * nobody has acknowledged, is cut off. Throws `STORE_INVALID`, `STORE_NEWER`, `STORE_FAILED`, `STORE_BUSY`.
 */
export async function jsonlStore<Item>(slice: Slice<Item>, options: JsonlStoreOptions): Promise<SliceStore<Item>> {
  const { directory, durability = "flush", clock = systemClock } = options;
  requires(() => ["none", "flush", "sync"].includes(durability), "`durability` is none of none, flush and sync", {
    durability,
  });
  using parts = new DisposableStack();
  const file = parts.use(SliceFile.open(join(directory, `${encodeURIComponent(slice.name)}.jsonl`)));
  const lock = parts.use(await openStoreLock(join(directory, ".lock"), clock));
  const store = new JsonlStore(slice, file, lock, durability);
  await lock.hold(() => store.begin());
  if (durability === "sync") await file.sync();
  parts.move();
  return store;
}

const closed = "The store is closed";

class JsonlStore<Item> implements SliceStore<Item> {
  readonly slice: Slice<Item>;
  readonly #lock: FileLock;
  readonly #durability: "none" | "flush" | "sync";
  /** What is written now. */
  readonly #source: Source<Item>;
  /** Of what is not written yet. */
  readonly #place: Place<Item>;
  #file: SliceFile;
  #taken: Taken<Item>;
  /** What was applied and is not in the file. */
  #pending: Change[] = [];
  /** What was taken in, with what is pending. */
  #list: StoredList<Item>;
  #running: Promise<void> = Promise.resolve();
  /** The write that has not begun yet. */
  #next: Promise<void> | undefined;
  /** Why nothing can be applied any more. */
  #end: string | undefined;
  /** Why the file cannot be written any more. */
  #broken: string | undefined;
  /** What a flush has not told, because it did not wait. */
  #untold: unknown;
  #closing: Promise<void> | undefined;

  constructor(slice: Slice<Item>, file: SliceFile, lock: FileLock, durability: "none" | "flush" | "sync") {
    this.slice = slice;
    this.#file = file;
    this.#lock = lock;
    this.#durability = durability;
    this.#source = { slice, version: slice.version, path: file.path };
    this.#place = { source: this.#source, line: 0 };
    this.#taken = nothingTaken(this.#source);
    this.#list = this.#taken.list;
  }

  /** Reads the file, and begins it when it is new. Under the lock. */
  begin(): void {
    this.#takeIn();
    if (this.#taken.size === 0) this.#append();
  }

  get applied(): JournalPlace | undefined {
    return this.#pending.findLast(({ place }) => place !== undefined)?.place ?? this.#taken.applied;
  }

  view(): SliceView<Item> {
    return new FrozenView(this.#list);
  }

  apply(operation: SliceOp<Item>, place?: JournalPlace): void {
    this.#refuseEnded();
    const change = changeOf(this.slice, operation, place);
    this.#list = StoredList.change(this.#checked(this.#list, change), change, this.#place);
    this.#pending.push(change);
  }

  prepare(operations: readonly SliceOp<Item>[], place?: JournalPlace): () => void {
    this.#refuseEnded();
    // only the last names the entry, so that one which is cut off is not taken for whole
    const last = operations.length - 1;
    const changes = operations.map((one, number) => changeOf(this.slice, one, number === last ? place : undefined));
    const from = this.#list;
    const list = this.#applied(changes, from);
    return () => {
      this.#refuseEnded();
      this.#list = this.#list === from ? list : this.#applied(changes, this.#list);
      this.#pending.push(...changes);
    };
  }

  async flush(): Promise<void> {
    this.#refuseEnded();
    const written = this.#write();
    if (this.#durability !== "none") return written;
    written.catch((error) => {
      if (WinkError.is(error, "STORE_CONFLICT")) this.#untold ??= error; // of others, what is pending is held
    });
  }

  async refresh(): Promise<void> {
    this.#refuseEnded();
    await this.#afterwards(() => this.#lock.hold(() => this.#takeIn()));
  }

  async compact(): Promise<void> {
    this.#refuseEnded();
    await this.#afterwards(async () => {
      await this.#lock.hold(() => {
        if (!this.#isCut()) this.#takeIn();
        this.#writeAnew();
      });
      await this.#synced();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#end ??= closed;
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      if (this.#pending.length > 0 || this.#broken === undefined) await this.#write();
      if (this.#untold !== undefined) throw this.#untold;
    } finally {
      this.#lock[Symbol.dispose]();
      this.#file[Symbol.dispose]();
    }
  }

  /** Writes what is pending; those who come while a write is under way share the next one. */
  #write(): Promise<void> {
    this.#next ??= this.#afterwards(() => {
      this.#next = undefined;
      return this.#writePending();
    });
    return this.#next;
  }

  /** Runs work on the file when what was begun before has ended: one thing at a time. */
  #afterwards(work: () => Promise<void>): Promise<void> {
    const begun = this.#running.then(() => {
      if (this.#broken !== undefined) throw storeClosed(this.slice, this.#broken);
      return work();
    });
    this.#running = begun.catch(() => undefined);
    return begun;
  }

  async #writePending(): Promise<void> {
    if (this.#pending.length === 0) return;
    await this.#lock.hold(() => {
      this.#takeIn();
      const isCurrent = this.#taken.source.version === this.slice.version;
      // so a file stays in proportion to what it holds, and the work for it to what was written
      const isWasteful = this.#taken.written > 2 * this.#list.length + 1_000;
      if (isCurrent && !(isWasteful && this.#triesAnew())) this.#append();
      else if (!isCurrent) this.#writeAnew();
    });
    await this.#synced();
  }

  /** With `sync`, waits for the disk. */
  async #synced(): Promise<void> {
    if (this.#durability !== "sync") return;
    try {
      await this.#file.sync();
    } catch (error) {
      this.#break("A write failed of which nobody knows whether it has reached the disk");
      throw error;
    }
  }

  #append(): void {
    const { source, size, lines, written } = this.#taken;
    const pending = this.#pending;
    const header = size === 0 ? contentOf(this.slice, [], undefined) : "";
    try {
      const bytes = this.#file.append(`${header}${pending.map(lineOf).join("")}`, size);
      this.#taken = {
        source,
        list: this.#list,
        size: size + bytes,
        lines: lines + pending.length + (size === 0 ? 1 : 0),
        written: pending.reduce((sum, change) => sum + weightOf(change), written),
        applied: this.applied,
      };
      this.#pending = [];
    } catch (error) {
      if (this.#file.isTorn) this.#break("A write broke off, and what there is of it could not be taken back");
      throw error;
    }
  }

  /** Writes the file anew when there is room for it beside the present one. */
  #triesAnew(): boolean {
    try {
      this.#writeAnew();
      return true;
    } catch {
      return false; // appending may still do
    }
  }

  #writeAnew(): void {
    const { applied } = this;
    this.#file.replace(contentOf(this.slice, this.#list.json(), applied));
    this.#pending = [];
    const { length } = this.#list;
    const size = this.#file.length;
    this.#taken = { source: this.#source, list: this.#list, size, lines: length + 1, written: length, applied };
  }

  /** Takes in what the file holds more than was seen; what cannot be read leaves all as it is. Under the lock. */
  #takeIn(): void {
    const isReplaced = this.#file.isReplaced();
    const file = isReplaced ? SliceFile.open(this.#file.path) : this.#file;
    try {
      const before = isReplaced ? nothingTaken(this.#source) : this.#taken;
      const length = wholeLength(file, before);
      if (!isReplaced && length === before.size) return;
      const taken = takeMore(file, before, length);
      this.#rebase(taken, () => {
        if (file === this.#file) return;
        this.#file[Symbol.dispose]();
        this.#file = file;
      });
    } finally {
      if (file !== this.#file) file[Symbol.dispose]();
    }
  }

  /** Whether another program has taken away what was taken in. */
  #isCut(): boolean {
    return !this.#file.isThere() || (!this.#file.isReplaced() && this.#file.length < this.#taken.size);
  }

  /** Puts what is pending on what was read of a file, once that is surely what counts. */
  #rebase(taken: Taken<Item>, goOver: () => void): void {
    const pending = this.#pending;
    // items that do not fit the indexes are a fault of the file, and none of what was applied
    if (pending.length > 0) this.#checked(taken.list, pending[0]);
    goOver();
    this.#taken = taken;
    try {
      this.#list = this.#applied(pending, taken.list);
    } catch (cause) {
      this.#list = taken.list;
      this.#pending = [];
      throw new WinkError("STORE_CONFLICT", {
        at: this.#file.path,
        problem: `What was applied cannot follow what another process has written: ${bareProblem(cause)}`,
        expected: "items as they were when it was applied",
        received: `${pending.length} operations that were not flushed, all of which were given up`,
        details: { path: this.#file.path, operations: pending.length },
        cause,
      });
    }
  }

  /** Items with their indexes made, so that these refuse what may not be added; nothing is checked that is replaced. */
  #checked(list: StoredList<Item>, first: Change | undefined): StoredList<Item> {
    if (first?.op === "replace") return StoredList.of(this.#source);
    return StoredList.indexed(list);
  }

  #applied(changes: readonly Change[], from: StoredList<Item>): StoredList<Item> {
    if (changes.length === 0) return from;
    const checked = this.#checked(from, changes[0]);
    return changes.reduce((list, change) => StoredList.change(list, change, this.#place), checked);
  }

  #break(why: string): void {
    this.#broken = why;
    this.#end ??= why;
  }

  #refuseEnded(): void {
    if (this.#end !== undefined) throw storeClosed(this.slice, this.#end);
  }
}
