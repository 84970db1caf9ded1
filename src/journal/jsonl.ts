/**
 * A journal as one JSON-lines file a run, for the processes of one machine. With `flush` an acknowledged entry is in the
 * operating system's hands and survives `kill -9` of the process; with `sync` it is on the disk and survives a power cut as
 * well. Several processes may open the same run at the same moment: one of them goes on (decision 0007).
 */
import { readdirSync, readFileSync, unlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type Clock,
  type IdSource,
  makeFolder,
  messageFrom,
  syncFolder,
  systemClock,
  systemCode,
  systemIds,
  WinkError,
} from "../base/index.ts";
import type { Journal } from "./journal.ts";
import { statOf } from "./journal-stat.ts";
import { failing, openJsonlWriter } from "./jsonl-writer.ts";
import { invalidLine, type ParsedLines, parseLines } from "./parse-lines.ts";
import { checkRunId, isRunId, missing } from "./run-id.ts";

/** What {@link jsonlJournal} takes. */
export interface JsonlJournalOptions {
  /** The folder of the files `RUN.jsonl`; made with mode 0700 when it is not there. */
  readonly directory: string;
  /** `flush` unless told. */
  readonly durability?: "flush" | "sync";
  readonly clock?: Clock;
  /** Gives each opening an id that no other has; random ones unless told. */
  readonly ids?: IdSource;
}

/** Makes a journal in a folder. Each run's writer is closed by whoever opened it. */
export function jsonlJournal(options: JsonlJournalOptions): Journal {
  const { directory, durability = "flush", clock = systemClock, ids = systemIds } = options;
  const sync = durability === "sync";
  const pathOf = (runId: string): string => join(directory, `${runId}.jsonl`);
  const contentOf = (runId: string): { readonly parsed: ParsedLines; readonly bytes: number } => {
    checkRunId(runId);
    const path = pathOf(runId);
    for (let isLast = false; ; isLast = true) {
      const bytes = bytesOf(path);
      if (bytes === undefined) throw missing(runId, listRuns(directory), resolve(directory));
      const parsed = parseLines(bytes, path);
      if (parsed.unclosed === undefined) return { parsed, bytes: bytes.length };
      // half of an opening may have been read, which ends a torn line and closes it: once more
      if (isLast) throw invalidLine(path, parsed.unclosed);
    }
  };
  return {
    driver: "jsonl",
    async open(runId) {
      checkRunId(runId);
      const path = pathOf(runId);
      return failing(path, () => {
        makeFolder(directory);
        return openJsonlWriter({ path, runId, sync, clock, ids });
      });
    },
    read: async (runId) => contentOf(runId).parsed.entries,
    async stat(runId) {
      const { parsed, bytes } = contentOf(runId);
      return statOf(parsed.entries, bytes);
    },
    async remove(runId) {
      checkRunId(runId);
      failing(pathOf(runId), () => {
        if (!unlinked(pathOf(runId))) throw missing(runId, listRuns(directory), resolve(directory));
        if (sync) syncFolder(directory);
      });
    },
    runs: async () => listRuns(directory),
    address: (runId) => ({ driver: "jsonl", runId, location: pathOf(runId) }),
  };
}

/** False when there is no such file. */
function unlinked(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new WinkError("JOURNAL_INVALID", {
      at: path,
      problem: "The journal cannot be read",
      expected: "a file that can be read",
      received: messageFrom(error),
      cause: error,
    });
  }
}

function listRuns(directory: string): readonly string[] {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith(".jsonl"));
    return names
      .map((name) => name.slice(0, -".jsonl".length))
      .filter(isRunId)
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw new WinkError("JOURNAL_INVALID", {
      at: directory,
      problem: "The folder of the journals cannot be read",
      expected: "a folder that can be read",
      received: messageFrom(error),
      cause: error,
    });
  }
}

const isMissing = (error: unknown): boolean => systemCode(error) === "ENOENT";
