import { globSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../base/index.ts";
import { attempt } from "./host-error.ts";

/** Makes a repository for captures, or makes one that is there ready again. Nothing else writes in it. Throws `FILE_FAILED`. */
export function prepareRepository(repository: string): void {
  attempt(repository, "make the repository of captures", () => {
    for (const folder of ["objects", "refs"]) makeFolder(join(repository, folder));
    writeFileSync(join(repository, "HEAD"), "ref: refs/heads/none\n");
    writeFileSync(join(repository, "config"), settings);
    for (const left of leftovers)
      for (const path of globSync(left, { cwd: repository })) rmSync(join(repository, path));
  });
}

/** What killed processes leave: nobody else writes here. */
const leftovers = ["refs/**/*.lock", "objects/pack/tmp_*", "fast_import_crash_*"];

/** Contents come to git as bytes, so that no setting about files matters. */
const settings = `[core]
	repositoryformatversion = 0
	bare = true
	hooksPath = /dev/null
	fsync = none
[gc]
	auto = 0
`;
