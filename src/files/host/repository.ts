import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../base/index.ts";
import { systemError } from "./host-error.ts";

/** Makes a repository for captures, or makes one that is there ready again. Nothing else writes in it. Throws `FILE_FAILED`. */
export function prepareRepository(repository: string): void {
  try {
    for (const folder of ["objects", "refs", "info"]) makeFolder(join(repository, folder));
    writeFileSync(join(repository, "HEAD"), "ref: refs/heads/none\n");
    writeFileSync(join(repository, "info", "attributes"), attributes);
    writeFileSync(join(repository, "config"), settings);
    rmSync(join(repository, "index.lock"), { force: true }); // left by a process that was killed
  } catch (error) {
    throw systemError(repository, "make the repository of captures", error);
  }
}

/** Bytes are kept as they are. These go before the `.gitattributes` of the folder. */
const attributes = "* -text -eol -ident -filter -working-tree-encoding\n";

const settings = `[core]
	repositoryformatversion = 0
	bare = false
	filemode = true
	symlinks = true
	ignorecase = false
	precomposeunicode = false
	autocrlf = false
	safecrlf = false
	protectHFS = false
	protectNTFS = false
	fsmonitor = false
	preloadIndex = true
	hooksPath = /dev/null
	attributesFile = /dev/null
	excludesFile = /dev/null
[index]
	version = 4
[gc]
	auto = 0
`;
