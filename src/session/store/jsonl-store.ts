/**
 * The items of a slice in a JSON-lines file, one line an operation. With `flush` an acknowledged operation is in the operating
 * system's hands and survives `kill -9` of the process; with `sync` it is on the disk and survives a power cut as well.
 * Any number of processes of one machine may write to a file: each write holds a lock for a moment, and takes in first what
 * others have written.
 */
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { type Clock, FileLock, problemFrom, requires, systemClock, WinkError } from "../../base/index.ts";
import { FrozenView } from "../frozen-view.ts";
import type { JournalPlace } from "../journal-place.ts";
import type { SliceOp } from "../operation.ts";
import type { Slice } from "../slice.ts";
import type { SliceView } from "../view.ts";
import { Block } from "./block.ts";
import { contentOf, eachChange, readHeader, refuseOther } from "./file-content.ts";
import { type Change, changeOf, lineOf } from "./operation-line.ts";
import { SliceFile } from "./slice-file.ts";
import type { SliceStore } from "./slice-store.ts";
import type { Source } from "./source.ts";
import { storeClosed, storeFailed, storeInvalid } from "./store-error.ts";
import { type Place, StoredList } from "./stored-list.ts";

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
  requires(() => ["none", "flush", "sync"].includes(durability), "There is no such durability", { durability });
  using parts = new DisposableStack();
  const file = parts.use(SliceFile.open(join(directory, `${encodeURIComponent(slice.name)}.jsonl`)));
  const lock = parts.use(await openLock(join(directory, ".lock"), clock));
  const store = new JsonlStore(slice, file, lock, durability);
  await lock.hold(() => store.begin());
  if (durability === "sync") {
    await file.sync();
    file.syncName();
  }
  parts.move();
  return store;
}

function openLock(path: string, clock: Clock): Promise<FileLock> {
  return FileLock.open(path, {
    clock,
    failed: storeFailed,
    foreign: () =>
      new WinkError("STORE_FAILED", {
        at: path,
        problem: "This is not the lock of a slice store",
        expected: "an empty file, or none",
        fix: "Delete it.",
      }),
    busy: () =>
      new WinkError("STORE_BUSY", {
        at: path,
        problem: "Another process has held the lock of the folder for 30 seconds",
      }),
  });
}

/** What the file holds, as far as it was taken in. */
interface Taken<Item> {
  /** The version in which it has its items. */
  readonly source: Source<Item>;
  readonly list: StoredList<Item>;
  /** Bytes. */
  readonly size: number;
  readonly lines: number;
  /** Items in all these lines. */
  readonly written: number;
  readonly applied: JournalPlace | undefined;
}

const closed = "The store is closed";

class JsonlStore<Item> implements SliceStore<Item> {
  readonly slice: Slice<Item>;
  readonly #file: SliceFile;
  readonly #lock: FileLock;
  readonly #durability: "none" | "flush" | "sync";
  /** What is written now. */
  readonly #source: Source<Item>;
  /** Of what is not written yet. */
  readonly #place: Place<Item>;
  #taken: Taken<Item>;
  /** What was applied and is not in the file. */
  #pending: Change[] = [];
  /** What was taken in, with what is pending. */
  #list: StoredList<Item>;
  #running: Promise<void> = Promise.resolve();
  /** The write that has not begun yet. */
  #next: Promise<void> | undefined;
  #end: string | undefined;

  constructor(slice: Slice<Item>, file: SliceFile, lock: FileLock, durability: "none" | "flush" | "sync") {
    this.slice = slice;
    this.#file = file;
    this.#lock = lock;
    this.#durability = durability;
    this.#source = { slice, version: slice.version, path: file.path };
    this.#place = { source: this.#source, line: 0 };
    this.#taken = this.#nothing(this.#source);
    this.#list = this.#taken.list;
  }

  /** Reads the file, and begins it when it is new. Under the lock. */
  begin(): void {
    this.#takeIn();
    if (this.#taken.size > 0) return;
    const size = this.#file.append(contentOf(this.slice, [], undefined), 0);
    this.#taken = { ...this.#taken, size, lines: 1 };
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
    this.#list = StoredList.change(this.#checked(), change, this.#place);
    this.#pending.push(change);
  }

  prepare(operations: readonly SliceOp<Item>[], place?: JournalPlace): () => void {
    this.#refuseEnded();
    const changes = operations.map((operation) => changeOf(this.slice, operation, place));
    const list = this.#applied(changes, this.#checked());
    return () => {
      this.#list = list;
      this.#pending.push(...changes);
    };
  }

  async flush(): Promise<void> {
    this.#refuseEnded();
    const written = this.#write();
    if (this.#durability === "none")
      written.catch(() => undefined); // told when the store is closed
    else await written;
  }

  refresh(): Promise<void> {
    return this.#afterwards(() => this.#lock.hold(() => this.#takeIn()));
  }

  compact(): Promise<void> {
    return this.#afterwards(() =>
      this.#lock.hold(() => {
        if (!this.#isCut()) this.#takeIn();
        this.#writeAnew();
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#end === closed) return;
    try {
      if (this.#end === undefined) await this.#write();
    } finally {
      this.#end = closed;
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
  async #afterwards(work: () => Promise<void>): Promise<void> {
    this.#refuseEnded();
    const begun = this.#running.then(work);
    this.#running = begun.catch(() => undefined);
    await begun;
  }

  async #writePending(): Promise<void> {
    if (this.#pending.length === 0) return;
    await this.#lock.hold(() => {
      this.#takeIn();
      const { source, written } = this.#taken;
      // so a file stays in proportion to what it holds, and the work for it to what was written
      if (source.version !== this.slice.version || written > 2 * this.#list.length + 1_000) this.#writeAnew();
      else this.#append();
    });
    if (this.#durability !== "sync") return;
    try {
      await this.#file.sync();
    } catch (error) {
      this.#end = "A write failed of which nobody knows whether it has reached the disk";
      throw error;
    }
  }

  #append(): void {
    const { source, size, lines, written } = this.#taken;
    const pending = this.#pending;
    const bytes = this.#file.append(pending.map(lineOf).join(""), size);
    this.#taken = {
      source,
      list: this.#list,
      size: size + bytes,
      lines: lines + pending.length,
      written: pending.reduce((sum, { items }) => sum + items.length, written),
      applied: this.applied,
    };
    this.#pending = [];
  }

  #writeAnew(): void {
    const { applied } = this;
    this.#file.replace(contentOf(this.slice, this.#list.json(), applied));
    this.#pending = [];
    const size = this.#file.length;
    const { length } = this.#list;
    this.#taken = { source: this.#source, list: this.#list, size, lines: length + 1, written: length, applied };
  }

  /** Takes in what the file holds more than was seen, and cuts off a torn last line. Under the lock. */
  #takeIn(): void {
    let taken = this.#taken;
    if (this.#file.isReplaced()) {
      this.#file.reopen();
      taken = this.#nothing(this.#source);
    }
    const { length } = this.#file;
    if (length < taken.size) {
      throw storeInvalid(
        { path: this.#file.path, line: taken.lines },
        {
          problem: "The file has become shorter: another program has changed it",
          expected: `${taken.size} bytes or more`,
          received: `${length} bytes`,
          fix: "`compact` writes it anew, with all that this store holds.",
        },
      );
    }
    if (length === taken.size && taken === this.#taken) return;
    const folded = this.#folded(taken, length);
    this.#rebase(folded);
    if (folded.size < length) this.#file.truncate(folded.size);
  }

  /** Whether another program has taken away what was taken in. */
  #isCut(): boolean {
    return !this.#file.isThere() || (!this.#file.isReplaced() && this.#file.length < this.#taken.size);
  }

  /** What was taken in, with the whole lines more that the file has up to a length. */
  #folded(taken: Taken<Item>, length: number): Taken<Item> {
    const begun = taken.size === 0 ? this.#begun(length) : taken;
    let { list, size, lines, written, applied } = begun;
    for (const bytes of this.#file.lines(size, length)) {
      lines = eachChange(bytes, { path: this.#file.path, line: lines + 1 }, (change, line) => {
        list = StoredList.change(list, change, { source: begun.source, line });
        written += change.items.length;
        applied = change.place ?? applied;
      });
      size += bytes.length;
    }
    return { ...begun, list, size, lines, written, applied };
  }

  /** What the header says, and the lines that were written at once with it. */
  #begun(length: number): Taken<Item> {
    const nothing = this.#nothing(this.#source);
    const [first] = this.#file.lines(0, length);
    if (first === undefined) {
      refuseOther(this.slice, this.#file.path, this.#file.read(0, Math.min(length, 1_000)));
      return nothing;
    }
    const { items: version, written, bytes: size } = readHeader(this.slice, this.#file.path, first);
    const source = { ...this.#source, version };
    const begun = { ...this.#nothing(source), size, lines: 1 };
    const bytes = written && this.#file.read(size, Math.min(length, size + written.bytes));
    if (written === undefined || bytes === undefined || crc32(bytes) !== written.crc32) return begun;
    return {
      ...begun,
      list: StoredList.of(source, new Block(source, bytes, written.lines)),
      size: size + written.bytes,
      lines: written.lines + 1,
      written: written.lines,
      applied: written.applied,
    };
  }

  /** Puts what is pending on what was taken in. */
  #rebase(taken: Taken<Item>): void {
    const pending = this.#pending;
    this.#taken = taken;
    try {
      this.#list = this.#applied(pending, taken.list);
    } catch (cause) {
      this.#list = taken.list;
      this.#pending = [];
      throw new WinkError("STORE_CONFLICT", {
        at: this.#file.path,
        problem: `What was applied cannot follow what another process has written: ${problemFrom(cause)}`,
        details: { path: this.#file.path, operations: pending.length },
        cause,
      });
    }
  }

  /** The items, with their indexes made, so that these refuse what may not be added. */
  #checked(): StoredList<Item> {
    return this.slice.indexes.length > 0 ? StoredList.indexed(this.#list) : this.#list;
  }

  #applied(changes: readonly Change[], from: StoredList<Item>): StoredList<Item> {
    return changes.reduce((list, change) => StoredList.change(list, change, this.#place), from);
  }

  #nothing(source: Source<Item>): Taken<Item> {
    return { source, list: StoredList.of<Item>(source), size: 0, lines: 0, written: 0, applied: undefined };
  }

  #refuseEnded(): void {
    if (this.#end !== undefined) throw storeClosed(this.slice, this.#end);
  }
}
