import { type Journal, jsonlJournal } from "../../src/journal/index.ts";

/** Opens a journal of a driver at a place: a folder, a file, the port of a server. Closed by whoever opened it. */
export async function openJournal(
  driver: string,
  place: string,
): Promise<AsyncDisposable & { readonly journal: Journal }> {
  const nothing = { [Symbol.asyncDispose]: () => Promise.resolve() };
  if (driver === "jsonl") return { journal: jsonlJournal({ directory: place }), ...nothing };
  throw new Error(`no driver ${driver}`);
}
