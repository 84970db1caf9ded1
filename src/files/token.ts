import { type Token, token } from "../resources/index.ts";
import type { FileSnapshot, Filesystem } from "./filesystem.ts";
import { guardFiles } from "./guard.ts";

/** What a tool borrows to work on files: `resources: { fs: files }`, given by `files.bind(memoryFiles())`. */
export const files: Token<Filesystem> = token<Filesystem>("files", {
  guard: guardFiles,
  transaction: {
    snapshot: (fs) => fs.snapshot(),
    restore: (fs, snapshot: FileSnapshot) => fs.restore(snapshot),
    async changes(fs, since: FileSnapshot) {
      return (await fs.changes(since)).map(({ path, kind }) => ({ path, kind }));
    },
  },
});
