/** The database of a journal, opened when it is first needed. No work holds the event loop while another process writes. */
import { closeSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { type Clock, longestWait, makeFolder, sleep, systemRandom } from "../../base/index.ts";
import { closed, deleted } from "../run-id.ts";
import { databaseError, isBusy, lockedTooLong } from "./database-error.ts";
import { createSchema, hasSchema } from "./schema.ts";

/** What a database takes. */
export interface DatabaseOptions {
  readonly path: string;
  /** Whether each transaction is on the disk before it ends. */
  readonly sync: boolean;
  readonly clock: Clock;
}

/** An open database. */
export interface Connection {
  readonly database: DatabaseSync;
  /** A statement, made once. */
  prepare(sql: string): StatementSync;
}

/** How work on the database begins and ends. Closed by whoever made it. */
export interface JournalDatabase extends Disposable {
  /** Runs synchronous work; gives undefined when there is no file, or one without tables. */
  read<T>(work: (connection: Connection) => T): Promise<T | undefined>;
  /** The same for work that writes; throws `JOURNAL_FAILED` when the file was deleted meanwhile. */
  change<T>(work: (connection: Connection) => T): Promise<T | undefined>;
  /** The same; the file is made when it is not there. */
  make<T>(work: (connection: Connection) => T): Promise<T>;
}

/** How long SQLite itself waits for a lock, in milliseconds: the whole process waits with it. */
const lockTimeout = 2;

/** The longest pause between two tries, in milliseconds. */
const longestPause = 200;

interface Open extends Connection {
  /** Which file it is, whatever stands at its path by now. */
  readonly file: string;
}

/** Makes a database that is not open yet. */
export function journalDatabase({ path, sync, clock }: DatabaseOptions): JournalDatabase {
  let current: Open | undefined;
  let isClosed = false;

  const connection = (create: boolean): Open | undefined => {
    const file = fileAt(path);
    if (current !== undefined && current.file === file) return current;
    current?.database.close(); // the file was deleted, or another one put in its place
    current = undefined;
    if (file === undefined && !create) return undefined;
    if (file === undefined) createFile(path);
    current = connect({ path, sync, create });
    return current;
  };

  const attempt = <T>(work: (connection: Connection) => T, create: boolean, writes: boolean): T | undefined => {
    if (isClosed) throw closed(path);
    const open = connection(create);
    if (open === undefined) return undefined;
    const result = work(open);
    // an entry in a file that nobody can open any more would be acknowledged and lost
    if (writes && fileAt(path) !== open.file) throw deleted(path);
    return result;
  };

  const use = async <T>(
    work: (connection: Connection) => T,
    create: boolean,
    writes: boolean,
  ): Promise<T | undefined> => {
    const end = clock.elapsed() + longestWait;
    for (let pause = 1; ; pause = Math.min(2 * pause, longestPause)) {
      try {
        return attempt(work, create, writes);
      } catch (error) {
        if (!isBusy(error)) throw databaseError(path, error);
        if (clock.elapsed() >= end) throw lockedTooLong(path, error);
      }
      await sleep(clock, pause * (0.5 + systemRandom() / 2)); // not all at once, so that each gets its turn
    }
  };

  return {
    read: (work) => use(work, false, false),
    change: (work) => use(work, false, true),
    async make(work) {
      let result: { readonly value: ReturnType<typeof work> } | undefined;
      while (result === undefined) result = await use((open) => ({ value: work(open) }), true, true);
      return result.value;
    },
    [Symbol.dispose]() {
      isClosed = true;
      current?.database.close();
      current = undefined;
    },
  };
}

/** Which file stands at a path; undefined for none. */
function fileAt(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}

/** Makes an empty file for the owner only; SQLite gives its helper files the same mode. */
function createFile(path: string): void {
  makeFolder(dirname(path));
  closeSync(openSync(path, "a", 0o600));
}

interface ConnectOptions {
  readonly path: string;
  readonly sync: boolean;
  readonly create: boolean;
}

/** Undefined for a database without tables, unless they are to be made. */
function connect({ path, sync, create }: ConnectOptions): Open | undefined {
  const file = fileAt(path) ?? "";
  const address = pathToFileURL(path);
  address.searchParams.set("mode", "rw"); // SQLite makes no file itself: it would be everybody's to read
  const database = new DatabaseSync(address, { timeout: lockTimeout });
  try {
    if (!hasSchema(database, path)) {
      if (!create) {
        database.close();
        return undefined;
      }
      createSchema(database, path);
    }
    database.exec(`PRAGMA synchronous = ${sync ? "FULL" : "NORMAL"}`);
  } catch (error) {
    database.close();
    throw error;
  }
  const statements = new Map<string, StatementSync>();
  return {
    database,
    file,
    prepare(sql) {
      const known = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, known);
      return known;
    },
  };
}
