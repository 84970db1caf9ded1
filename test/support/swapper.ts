/**
 * A thread that swaps things in a folder for what leads out of it, and back, as fast as it can: the directory `d` for a link to the
 * vault, the file `f` for a link and for a hard link to a secret. `flags` is shared: the first number ends it, the second
 * counts its swaps.
 */
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workerData } from "node:worker_threads";

/** What the thread is given. */
export interface SwapperData {
  readonly root: string;
  readonly vault: string;
  /** A folder beside the root, on the same disk. */
  readonly aside: string;
  readonly flags: SharedArrayBuffer;
}

const { root, vault, aside, flags }: SwapperData = workerData;
const shared = new Int32Array(flags);
const [directory, file, next] = [join(root, "d"), join(root, "f"), join(aside, "next")];
mkdirSync(aside, { recursive: true });

/** Makes something beside the folder and puts it in the place of the file at once. */
function putAsFile(make: () => void): void {
  make();
  renameSync(next, file);
}

/** Puts something in the place of the directory, also when the other thread has just made one there. */
function putAsDirectory(put: () => void): void {
  for (let tries = 0; ; tries++) {
    try {
      if (tries > 0) rmSync(directory, { recursive: true, force: true });
      put();
      return;
    } catch (error) {
      if (tries === 10_000) throw error;
    }
  }
}

/** Lets the other thread get as far as it does in a random short time. */
function linger(): void {
  for (let left = Math.random() * 20_000; left > 0; left--);
}

while (Atomics.load(shared, 0) === 0) {
  renameSync(directory, join(aside, "d"));
  putAsDirectory(() => symlinkSync(vault, directory));
  linger();
  unlinkSync(directory);
  putAsDirectory(() => renameSync(join(aside, "d"), directory));
  putAsFile(() => symlinkSync(join(vault, "key"), next));
  linger();
  putAsFile(() => writeFileSync(next, "inside"));
  linger();
  // a hard link to a file that has one already would stay where it is, so another file stands between
  putAsFile(() => linkSync(join(vault, "key"), next));
  linger();
  putAsFile(() => writeFileSync(next, "inside"));
  Atomics.add(shared, 1, 4);
  linger();
}
