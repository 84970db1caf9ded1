/** The runs of a folder as one journal: files `RUN.jsonl` in it, and those that have a folder of their own, `RUN/RUN.jsonl`. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Journal, jsonlJournal } from "../journal/index.ts";

/** Makes the journal. The folder need not be there yet. */
export function folderJournal(folder: string): Journal {
  const top = jsonlJournal({ directory: folder });
  const isOwn = (runId: string): boolean => existsSync(join(folder, runId, `${runId}.jsonl`));
  const journalOf = (runId: string): Journal => (isOwn(runId) ? jsonlJournal({ directory: join(folder, runId) }) : top);
  return {
    driver: top.driver,
    open: (runId) => journalOf(runId).open(runId),
    read: (runId) => journalOf(runId).read(runId),
    stat: (runId) => journalOf(runId).stat(runId),
    remove: (runId) => journalOf(runId).remove(runId),
    async runs() {
      const names = existsSync(folder) ? readdirSync(folder) : [];
      return [...new Set([...(await top.runs()), ...names.filter(isOwn)])].sort();
    },
    address: (runId) => journalOf(runId).address(runId),
  };
}
