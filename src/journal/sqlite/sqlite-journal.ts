/**
 * A journal as one SQLite file, for the processes of one machine. With `flush` an acknowledged entry survives `kill -9` of the
 * process; with `sync` it is on the disk and survives a power cut as well. Each append is one statement that looks whether
 * its writer is still the newest, so that SQLite's own lock is the fence.
 */
import { type Clock, type IdSource, systemClock, systemIds } from "../../base/index.ts";
import type { JournalEntry } from "../entry.ts";
import type { Journal, JournalStat } from "../journal.ts";
import { invalidEntry, parseEntry } from "../parse-entry.ts";
import { queuedWriter } from "../queued-writer.ts";
import { checkRunId, deleted, fenced, missing } from "../run-id.ts";
import { type Connection, journalDatabase } from "./database.ts";
import { immediately } from "./schema.ts";

/** What {@link sqliteJournal} takes. */
export interface SqliteJournalOptions {
  /** The file; made with mode 0600 by the first run that is opened, and its folder with 0700. */
  readonly path: string;
  /** `flush` unless told. */
  readonly durability?: "flush" | "sync";
  readonly clock?: Clock;
  /** Gives each opening an id that no other has; random ones unless told. */
  readonly ids?: IdSource;
}

/** A journal that holds a file open from its first use on. Closed by whoever made it, after the writers. */
export interface SqliteJournal extends Journal, AsyncDisposable {}

/** Makes a journal in a SQLite file. Nothing is opened before it is needed, and no file is made by reading. */
export function sqliteJournal(options: SqliteJournalOptions): SqliteJournal {
  const { path, durability = "flush", clock = systemClock, ids = systemIds } = options;
  const database = journalDatabase({ path, sync: durability === "sync", clock });
  const place = (runId: string): string => `${path}, run "${runId}"`;
  const runs = async (): Promise<readonly string[]> => (await database.read(selectRuns)) ?? [];
  /** Throws `JOURNAL_MISSING` for work that finds no run. */
  const known = async <T>(runId: string, work: Promise<T | undefined>): Promise<T> => {
    const found = await work;
    if (found === undefined) throw missing(runId, await runs(), path);
    return found;
  };
  return {
    driver: "sqlite",
    async open(runId) {
      checkRunId(runId);
      const opening = ids.next("opening");
      const { epoch, length } = await database.make((connection) =>
        beginEpoch(connection, runId, opening, place(runId)),
      );
      return queuedWriter({
        epoch,
        length,
        at: place(runId),
        clock,
        async write(seq, text) {
          const newest = await database.change((connection) =>
            insertEntry(connection, { runId, opening, seq, text, epoch }),
          );
          if (newest === undefined) throw deleted(place(runId));
          if (newest > epoch) throw fenced(runId, epoch, newest);
        },
      });
    },
    async read(runId) {
      checkRunId(runId);
      return known(
        runId,
        database.read((connection) => selectEntries(connection, runId, place(runId))),
      );
    },
    async stat(runId) {
      checkRunId(runId);
      return known(
        runId,
        database.read((connection) => selectStat(connection, runId, place(runId))),
      );
    },
    async remove(runId) {
      checkRunId(runId);
      await known(
        runId,
        database.change((connection) => deleteRun(connection, runId)),
      );
    },
    runs,
    address: (runId) => ({ driver: "sqlite", runId, location: path }),
    async [Symbol.asyncDispose]() {
      database[Symbol.dispose]();
    },
  };
}

function beginEpoch({ database, prepare }: Connection, runId: string, opening: string, at: string): Begun {
  return immediately(database, () => {
    const { length, next } =
      prepare("SELECT count(*) AS length, coalesce(max(seq), -1) + 1 AS next FROM entries WHERE run_id = ?").get(
        runId,
      ) ?? {};
    if (length !== next)
      throw invalidEntry(at, Number(next) - 1, {
        problem: "Entries before it are missing",
        expected: `${next} up to this one`,
        received: String(length),
      });
    const { epoch } =
      prepare(
        `INSERT INTO runs VALUES (?, 1, ?)
         ON CONFLICT DO UPDATE SET epoch = epoch + 1, opening = excluded.opening RETURNING epoch`,
      ).get(runId, opening) ?? {};
    return { epoch: Number(epoch), length: Number(length) };
  });
}

interface Begun {
  readonly epoch: number;
  readonly length: number;
}

interface NewEntry {
  readonly runId: string;
  readonly opening: string;
  readonly epoch: number;
  readonly seq: number;
  readonly text: string;
}

/** Inserts an entry if its opening is the newest. Gives the newest epoch; undefined when the run was removed. */
function insertEntry({ prepare }: Connection, { runId, opening, epoch, seq, text }: NewEntry): number | undefined {
  const { changes } = prepare("INSERT INTO entries SELECT run_id, ?, ? FROM runs WHERE run_id = ? AND opening = ?").run(
    seq,
    text,
    runId,
    opening,
  );
  if (Number(changes) === 1) return epoch;
  const newest = Number(prepare("SELECT epoch FROM runs WHERE run_id = ?").get(runId)?.epoch ?? 0);
  return newest > epoch ? newest : undefined; // a run of this id that was begun anew counts from 1
}

/** Undefined for a run that is not there. */
function selectEntries({ prepare }: Connection, runId: string, at: string): readonly JournalEntry[] | undefined {
  const rows = prepare("SELECT entry FROM runs LEFT JOIN entries USING (run_id) WHERE run_id = ? ORDER BY seq").all(
    runId,
  );
  if (rows.length === 0) return undefined;
  const texts = rows.map(({ entry }) => entry).filter((entry) => typeof entry === "string");
  return texts.map((text, seq) => parseEntry(text, seq, at));
}

/** Undefined for a run that is not there. */
function selectStat({ prepare }: Connection, runId: string, at: string): JournalStat | undefined {
  const row = prepare(
    `SELECT
       (SELECT count(*) FROM entries WHERE run_id = runs.run_id) AS entries,
       (SELECT coalesce(sum(octet_length(entry)), 0) FROM entries WHERE run_id = runs.run_id) AS bytes,
       (SELECT entry FROM entries WHERE run_id = runs.run_id ORDER BY seq LIMIT 1) AS first,
       (SELECT entry FROM entries WHERE run_id = runs.run_id ORDER BY seq DESC LIMIT 1) AS last
     FROM runs WHERE run_id = ?`,
  ).get(runId);
  if (row === undefined) return undefined;
  const { first, last } = row;
  const [entries, bytes] = [Number(row.entries), Number(row.bytes)];
  if (entries === 0) return { entries, bytes, first: undefined, last: undefined };
  return {
    entries,
    bytes,
    first: parseEntry(String(first), 0, at).at,
    last: parseEntry(String(last), entries - 1, at).at,
  };
}

function selectRuns({ prepare }: Connection): readonly string[] {
  return prepare("SELECT run_id FROM runs ORDER BY run_id")
    .all()
    .map(({ run_id }) => String(run_id));
}

/** Undefined for a run that is not there. */
function deleteRun({ database, prepare }: Connection, runId: string): true | undefined {
  return immediately(database, () => {
    prepare("DELETE FROM entries WHERE run_id = ?").run(runId);
    return Number(prepare("DELETE FROM runs WHERE run_id = ?").run(runId).changes) === 1 ? true : undefined;
  });
}
