/**
 * Where git puts what it reads of a folder until that has been checked: git opens files by name, so that a link put in the
 * place of a file at the right moment leads it out of the folder. What it has read there must not be kept, not even in an
 * index that a later capture, or a later process, would believe.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";

/** Contents and an index of their own, beside those of a repository. Ended by whoever began it. */
export interface Quarantine extends Disposable {
  /** What makes git use them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes them over into the repository. */
  adopt(): void;
}

/** Begins one; what a killed process has left of the last one is gone then. Throws what the system throws. */
export function openQuarantine(repository: string): Quarantine {
  const folder = join(repository, "unchecked");
  const [from, to] = [join(folder, "objects"), join(repository, "objects")];
  const [index, known] = [join(folder, "index"), join(repository, "index")];
  const end = (): void => rmSync(folder, { recursive: true, force: true });
  end();
  mkdirSync(from, { recursive: true });
  if (existsSync(known)) {
    copyFileSync(known, index);
    const time = Math.floor(statSync(known).mtimeMs) / 1000; // git trusts no file that is as new as its index
    utimesSync(index, time, time);
  }
  return {
    environment: { GIT_INDEX_FILE: index, GIT_OBJECT_DIRECTORY: from, GIT_ALTERNATE_OBJECT_DIRECTORIES: to },
    adopt() {
      for (const name of readdirSync(from)) moveInto(join(from, name), join(to, name));
      if (existsSync(index)) renameSync(index, known);
    },
    [Symbol.dispose]: end,
  };
}

/** Moves a folder of contents, whose names tell what is in them. */
function moveInto(from: string, to: string): void {
  if (existsSync(to)) for (const name of readdirSync(from)) renameSync(join(from, name), join(to, name));
  else renameSync(from, to);
}
