/** A lock between all processes of a machine. */
import { accessSync, constants, lstatSync } from "node:fs";
import { type Clock, sleep } from "./clock.ts";
import { systemRandom } from "./ids.ts";

/** How a lock is taken and what is thrown when it cannot be. */
export interface FileLockOptions {
  readonly clock: Clock;
  /** Makes the error for a lock that another process holds for longer than {@link longestWait}. */
  readonly busy: (path: string) => Error;
  /** Makes the error for something else that stands at the path. */
  readonly foreign: (path: string) => Error;
  /** Makes the error for a lock that the system refuses. */
  readonly failed: (path: string, cause: unknown) => Error;
}

/** How long a wait may take, in milliseconds. Work under a lock needs a few of them. */
export const longestWait = 30_000;

type DatabaseClass = typeof import("node:sqlite").DatabaseSync;
type Database = InstanceType<DatabaseClass>;

/**
 * The lock of an empty file, one of SQLite: the kernel lets go of it when its owner dies, so nobody ever has to guess
 * whether a lock that is there is still meant. Closed by whoever opened it.
 */
export class FileLock implements Disposable {
  readonly #connect: () => Database;
  #database: Database;
  readonly #path: string;
  readonly #options: FileLockOptions;

  private constructor(connect: () => Database, path: string, options: FileLockOptions) {
    this.#connect = connect;
    this.#database = connect();
    this.#path = path;
    this.#options = options;
  }

  /** Opens a lock without taking it; the file is made when it is not there. SQLite is loaded here. */
  static async open(path: string, options: FileLockOptions): Promise<FileLock> {
    const { DatabaseSync } = await import("node:sqlite");
    try {
      return FileLock.#open(path, options, DatabaseSync);
    } catch (cause) {
      throw options.failed(path, cause);
    }
  }

  static #open(path: string, options: FileLockOptions, Sqlite: DatabaseClass): FileLock {
    // A file with content, or a link to one, was put there by somebody else: SQLite would obey what it says.
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there !== undefined && !(there.isFile() && there.size === 0)) throw options.foreign(path);
    // of a file that it may only read, SQLite would take a lock that others can take as well
    if (there !== undefined) accessSync(path, constants.W_OK);
    return new FileLock(() => new Sqlite(path, { timeout: 0 }), path, options);
  }

  /**
   * Runs work that no other process runs at the same time. The work is synchronous, so that within a process nothing comes
   * between anyway.
   */
  async hold<T>(work: () => T, signal?: AbortSignal): Promise<T> {
    const { clock, busy } = this.#options;
    const end = clock.elapsed() + longestWait;
    for (;;) {
      signal?.throwIfAborted();
      if (this.#take()) {
        try {
          return work();
        } finally {
          this.#database.exec("ROLLBACK");
        }
      }
      if (clock.elapsed() >= end) throw busy(this.#path);
      await sleep(clock, 1 + systemRandom() * 9, signal); // not all at once, so that each gets its turn
    }
  }

  /** Takes the lock until what it gives is disposed, or this lock is. Does not wait: throws `busy` when another process has it. */
  keep(): Disposable {
    if (!this.#take()) throw this.#options.busy(this.#path);
    return { [Symbol.dispose]: () => this.#database.exec("ROLLBACK") };
  }

  /** False when another process has the lock. */
  #take(): boolean {
    for (let isNew = false; ; isNew = true) {
      try {
        this.#database.exec("BEGIN IMMEDIATE");
        return true;
      } catch (error) {
        if (isBusy(error)) return false;
        if (isNew) throw this.#options.failed(this.#path, error);
        this.#reopen(); // somebody may have deleted the file
      }
    }
  }

  #reopen(): void {
    try {
      const database = this.#connect();
      this[Symbol.dispose]();
      this.#database = database;
    } catch (error) {
      throw this.#options.failed(this.#path, error);
    }
  }

  [Symbol.dispose](): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** The lower byte is SQLite's own code (SQLITE_BUSY is 5), the rest tells more. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number" && (error.errcode & 0xff) === 5;
