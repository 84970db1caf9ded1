import { accessSync, constants, existsSync, mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { FileLock, makeFolder, systemClock, WinkError } from "../../base/index.ts";
import { shownPath } from "../file-error.ts";
import { isUnder } from "../paths.ts";
import { keptVersion } from "./history-line.ts";
import { systemError } from "./host-error.ts";
import type { HostFolder } from "./host-open.ts";
import { Keeper } from "./keeper.ts";

/** What is kept of a host folder while it is used. Closed by whoever opened it. */
export interface HostState extends Disposable {
  readonly keeper: Keeper;
}

/**
 * Opens the folder in which the state of a host folder is kept, or makes one for as long as it is open. Throws
 * `INPUT_INVALID`, `FILES_BUSY`, and what {@link Keeper.open} does.
 */
export async function openState(folder: HostFolder, state: string | undefined, id: string): Promise<HostState> {
  using opened = new DisposableStack();
  const path = state === undefined ? temporaryFolder(folder) : stateFolder(folder, state);
  if (state === undefined) opened.defer(() => rmSync(path, { recursive: true, force: true }));
  else opened.use(await lockState(path));
  const header = { type: "host-files", version: keptVersion, id, root: folder.path, inode: inodeOf(folder) } as const;
  const keeper = opened.use(Keeper.open(path, header));
  const all = opened.move();
  return { keeper, [Symbol.dispose]: () => all.dispose() };
}

/** Lies apart from the folder: what is kept must not be among the files that an agent changes. */
function stateFolder(folder: HostFolder, state: string): string {
  let path: string;
  try {
    // looked at before it is made, so that nothing is made among the files
    path = realPathOf(resolve(state));
    if (!isUnder(path, folder.path) && !isUnder(folder.path, path)) {
      makeFolder(path);
      accessSync(path, constants.W_OK | constants.X_OK);
      return realpathSync.native(path);
    }
  } catch (error) {
    throw systemError(state, "make the folder `state`", error);
  }
  throw nested(state, "one that lies in theirs, or holds it");
}

function temporaryFolder(folder: HostFolder): string {
  try {
    const above = realpathSync.native(tmpdir());
    if (isUnder(above, folder.path)) throw nested(above, "the folder for temporary files, which lies in theirs");
    return mkdtempSync(join(above, "wink-state-"));
  } catch (error) {
    throw systemError(tmpdir(), "make a folder for the state", error);
  }
}

const nested = (path: string, received: string): WinkError =>
  new WinkError("INPUT_INVALID", {
    at: shownPath(path),
    problem: "What is kept of the files cannot lie here",
    expected: "a `state` in a folder apart from theirs, such as the one of the journal",
    received,
  });

/** The path with links resolved, as far as it is there. */
function realPathOf(path: string): string {
  if (existsSync(path)) return realpathSync.native(path);
  const above = dirname(path);
  return above === path ? path : join(realPathOf(above), path.slice(above.length));
}

async function lockState(path: string): Promise<Disposable> {
  const at = join(path, "lock");
  const lock = await FileLock.open(at, {
    clock: systemClock,
    failed: (_path, cause) => systemError(at, "lock the folder `state`", cause),
    foreign: () => systemError(at, "lock the folder `state`", new Error("something else stands there")),
    busy: () =>
      new WinkError("FILES_BUSY", {
        at: shownPath(path),
        problem: "This state of host files is locked",
        expected: "one process at a time",
        received: "another that has it open",
      }),
  });
  try {
    lock.keep();
    return lock;
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

export function inodeOf({ path }: HostFolder): number {
  try {
    return statSync(path).ino;
  } catch (error) {
    throw systemError(path, "look at this folder", error);
  }
}
