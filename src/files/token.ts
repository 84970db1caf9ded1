import type { JsonObject } from "../base/index.ts";
import { type Token, token } from "../resources/index.ts";
import { durableFiles } from "./durable.ts";
import type { FileChange, FileSnapshot, Filesystem } from "./filesystem.ts";
import { guardFiles } from "./guard.ts";
import { instantOf } from "./instant.ts";

/** What a tool borrows to work on files: `resources: { fs: files }`, given by `files.bind(memoryFiles())`. */
export const files: Token<Filesystem> = token<Filesystem>("files", {
  guard: guardFiles,
  transaction: {
    snapshot: (fs) => (instantOf(fs) ?? fs).snapshot(),
    restore: (fs, snapshot: FileSnapshot) => fs.restore(snapshot),
    changes(fs, since: FileSnapshot) {
      const changes = (instantOf(fs) ?? fs).changes(since);
      return changes instanceof Promise ? changes.then(plain) : plain(changes);
    },
    durable: durableFiles,
  },
});

const plain = (changes: readonly FileChange[]): readonly JsonObject[] =>
  changes.length === 0 ? none : changes.map(({ path, kind }) => ({ path, kind }));
const none: readonly JsonObject[] = [];
