/**
 * A journal in Redis or Valkey, for many machines: a stream for each run. How long an acknowledged entry lasts is for the server
 * to say: with `appendonly yes` and `appendfsync always` it survives a crash of the server. Each append is one script that
 * looks whether its writer is still the newest. Entries are as private as the server.
 */
import { type Clock, type IdSource, systemClock, systemIds, WinkError } from "../../base/index.ts";
import type { JournalEntry } from "../entry.ts";
import type { Journal } from "../journal.ts";
import { parseEntry } from "../parse-entry.ts";
import { queuedWriter } from "../queued-writer.ts";
import { checkRunId, deleted, fenced, isRunId, missing } from "../run-id.ts";
import type { RedisClient } from "./client.ts";
import { changedRun, foreignForm, redisError } from "./redis-error.ts";
import { appendScript, openScript, readScript, removeScript, statScript } from "./scripts.ts";

/** What {@link redisJournal} takes. */
export interface RedisJournalOptions {
  /** Closed by whoever made it. */
  readonly client: RedisClient;
  /** How all keys begin; `wink:journal:` unless told. The keys of one run are in one slot of a cluster. */
  readonly prefix?: string;
  readonly clock?: Clock;
  /** Gives each opening an id that no other has; random ones unless told. */
  readonly ids?: IdSource;
}

/** How many bytes of entries are asked for at a time, so that nobody waits long for another's run to be read. */
const pageBytes = 1_000_000;

/** Makes a journal over a client. Redis 6.2 or newer is needed. */
export function redisJournal(options: RedisJournalOptions): Journal {
  const { client, prefix = "wink:journal:", clock = systemClock, ids = systemIds } = options;
  const place = (runId: string): string => `Redis, run "${runId}"`;
  const runsKey = `${prefix}runs`;

  /** Runs a script on the keys of a run; gives the words of its answer. */
  const ask = async (runId: string, script: string, ...more: readonly string[]): Promise<readonly string[]> => {
    const key = `${prefix}{${runId}}`;
    const [word = "", ...rest] = await asking(place(runId), async () =>
      wordsOf(await client.eval(script, 2, `${key}:head`, `${key}:entries`, ...more)),
    );
    if (word === "form") throw foreignForm(place(runId), rest[0] ?? "");
    if (word === "missing") throw missing(runId, await runs(), "Redis");
    return [word, ...rest];
  };

  /** The runs that are there: one whose opening or removing was cut off may stand in the set without being there. */
  const runs = (): Promise<readonly string[]> =>
    asking("Redis", async () => {
      const known = (await client.smembers(runsKey)).filter(isRunId).sort();
      const there = await Promise.all(known.map((runId) => client.exists(`${prefix}{${runId}}:head`)));
      return known.filter((_, index) => there[index] === 1);
    });

  const read = async (runId: string): Promise<readonly JournalEntry[]> => {
    const entries: JournalEntry[] = [];
    let promised: number | undefined;
    for (let from = "-"; ; ) {
      const [, length, ...found] = await ask(runId, readScript, String(pageBytes), from);
      promised ??= Number(length);
      if (found.length === 0) break;
      for (let index = 1; index < found.length; index += 2) {
        entries.push(parseEntry(found[index] ?? "", entries.length, place(runId)));
      }
      from = `(${found.at(-2)}`;
    }
    if (entries.length < promised) throw changedRun(place(runId), promised, entries.length);
    return entries;
  };

  return {
    driver: "redis",
    async open(runId) {
      checkRunId(runId);
      const at = place(runId);
      const opening = ids.next("opening");
      const [word, first, second] = await ask(runId, openScript, opening);
      if (word === "changed") throw changedRun(at, first, second);
      await asking(at, async () => client.sadd(runsKey, runId));
      const [epoch, length] = [Number(first), Number(second)];
      let isUncertain = false;
      const write = async (seq: number, text: string): Promise<void> => {
        if (isUncertain)
          throw new WinkError("JOURNAL_FAILED", {
            at,
            problem: "It is not known whether an earlier append was written",
            expected: "its answer",
            received: "none",
            fix: "Open the journal anew, and look.",
          });
        isUncertain = true;
        const [word, newest] = await ask(runId, appendScript, opening, String(seq), `${seq + 1}-0`, text);
        isUncertain = false;
        if (word === "written") return;
        // a run of this id that was begun anew counts from 1
        if (word === "fenced" && Number(newest) > epoch) throw fenced(runId, epoch, Number(newest));
        if (word === "fenced" || word === "deleted") throw deleted(at);
        throw changedRun(at, seq, "another number");
      };
      return queuedWriter({ epoch, length, at, clock, write });
    },
    async read(runId) {
      checkRunId(runId);
      return read(runId);
    },
    async stat(runId) {
      checkRunId(runId);
      const [, length, bytes, first, last] = await ask(runId, statScript);
      const entries = Number(length);
      const timeOf = (text: string | undefined, seq: number): number | undefined =>
        text === undefined ? undefined : parseEntry(text, seq, place(runId)).at;
      return { entries, bytes: Number(bytes), first: timeOf(first, 0), last: timeOf(last, entries - 1) };
    },
    async remove(runId) {
      checkRunId(runId);
      await ask(runId, removeScript);
      // what is left in the set by somebody who opens the run right now is there again
      await asking(place(runId), async () => {
        await client.srem(runsKey, runId);
        if ((await client.exists(`${prefix}{${runId}}:head`)) === 1) await client.sadd(runsKey, runId);
      });
    },
    runs,
    address: (runId) => ({ driver: "redis", runId }),
  };
}

/** Turns what a client throws into an error of the library. */
async function asking<T>(at: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw redisError(at, error);
  }
}

/** An answer of a script as words. */
function wordsOf(answer: unknown): readonly string[] {
  if (Array.isArray(answer)) return answer.map(String);
  throw new WinkError("JOURNAL_INVALID", {
    at: "Redis",
    problem: "The client gave no list for a script that answers with one",
    expected: "a client such as that of ioredis",
    received: typeof answer,
  });
}
