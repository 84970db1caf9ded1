import { basename, dirname } from "node:path";
import { WinkError } from "../base/index.ts";
import { jsonlJournal } from "../journal/index.ts";
import type { Prompt } from "../prompt/index.ts";
import { type ReplayOptions, replayRun } from "../run/index.ts";

/**
 * Makes a regression test of a journal: the function replays it with a prompt and throws `REPLAY_DIVERGED`, which shows both sides,
 * at the first step that is not as recorded. For every test runner: `test("reviews as before", journalTest("review.jsonl", prompt))`.
 * `path` is that of a file that `jsonlJournal` has written, `RUN.jsonl`. Throws `JOURNAL_MISSING`, `JOURNAL_INVALID`.
 */
export function journalTest(
  path: string,
  prompt: Prompt | (() => Prompt),
  options: Omit<ReplayOptions<unknown>, "prompt"> = {},
): () => Promise<void> {
  return async () => {
    if (!path.endsWith(".jsonl")) {
      throw new WinkError("INPUT_INVALID", {
        at: "path",
        problem: "This is not the path of a journal",
        expected: "a file RUN.jsonl",
        received: JSON.stringify(path),
        example: 'journalTest("test/journals/review.jsonl", prompt)',
      });
    }
    const journal = jsonlJournal({ directory: dirname(path) });
    const bound = typeof prompt === "function" ? prompt() : prompt;
    await replayRun(journal, basename(path, ".jsonl"), { ...options, prompt: bound });
  };
}
