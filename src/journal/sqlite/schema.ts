import type { DatabaseSync } from "node:sqlite";
import { invalidDatabase } from "./database-error.ts";

/** The version of the tables, which stands in `user_version`. */
const schemaVersion = 1;

/** "WINK": tells our databases from those of other programs. */
const applicationId = 0x57494e4b;

const tables = `
CREATE TABLE runs (
  run_id TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL,
  opening TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT;
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${schemaVersion};
`;

/** Whether a database has our tables; false for one without any. Throws `JOURNAL_INVALID` for one that is not ours to use. */
export function hasSchema(database: DatabaseSync, path: string): boolean {
  const version = pragma(database, "user_version");
  const application = pragma(database, "application_id");
  if (version === 0 && application === 0) {
    const { count } = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get() ?? {};
    if (count === 0) return false;
  }
  if (application !== applicationId)
    throw invalidDatabase(path, {
      problem: "The database is another program's",
      expected: `application_id ${applicationId}`,
      received: String(application),
      fix: "Give the journal a path of its own.",
    });
  if (version > schemaVersion)
    throw invalidDatabase(path, {
      problem: "The database is newer than this release",
      expected: `version ${schemaVersion} or earlier`,
      received: `version ${version}`,
      fix: "Use the release that wrote it, or a newer one; nothing was changed.",
    });
  return true;
}

/** Makes the tables, in one transaction. Does nothing when another process was faster. */
export function createSchema(database: DatabaseSync, path: string): void {
  database.exec("PRAGMA journal_mode = WAL");
  immediately(database, () => {
    if (!hasSchema(database, path)) database.exec(tables);
  });
}

/** Runs work as one transaction that has the lock for writing from its beginning. */
export function immediately<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function pragma(database: DatabaseSync, name: "user_version" | "application_id"): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
