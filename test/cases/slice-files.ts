import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { append, slice } from "../../src/session/index.ts";
import { jsonlStore } from "../../src/session/store/index.ts";
import { type Case, passed, type RunCase, type Verdict } from "./case.ts";

const items = slice({ name: "items", item: z.string(), reducers: () => [] });

/** Ends a replacement where a process may have been killed: in the middle of its line, and before the new file is in its place. */
async function replaceIsAtomic({ expected }: Case): Promise<Verdict> {
  const directory = mkdtempSync(join(tmpdir(), "wink-case-"));
  try {
    {
      await using store = await jsonlStore(items, { directory });
      store.apply(append("old"));
    }
    appendFileSync(join(directory, "items.jsonl"), '{"replace":["ne');
    writeFileSync(join(directory, "items.jsonl.new"), '{"format":"weakincen');
    await using store = await jsonlStore(items, { directory });
    expect({ old_content_survives: store.view().all().includes("old") }).toEqual(expected);
    await store.compact();
    expect(store.view().all()).toEqual(["old"]);
    return passed;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What holds of slices on disk. */
export const sliceFiles: Readonly<Record<string, RunCase>> = { "bug-557": replaceIsAtomic };
