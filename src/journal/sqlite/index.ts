/** `weakincentives/journal/sqlite`: a journal as one SQLite file, for several processes of one machine. */
export { type SqliteJournal, type SqliteJournalOptions, sqliteJournal } from "./sqlite-journal.ts";
