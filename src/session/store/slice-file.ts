/** The file of a slice, as the system sees it: opened, read from a place on, appended to, put in the place of another. */
import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { makeFolder, syncFolder, WinkError, writeAll } from "../../base/index.ts";
import { failing, storeFailed } from "./store-error.ts";

const { O_APPEND, O_CREAT, O_RDWR, O_TRUNC, O_NOFOLLOW = 0 } = constants;
const syncData = promisify(fdatasync);

/** Every method throws `STORE_FAILED` when the system refuses. */
export class SliceFile implements Disposable {
  readonly path: string;
  #handle: number;
  #isTorn = false;
  /** Whether the folder's list of files, which names the file, was written to the disk. */
  #isNamed = false;

  private constructor(path: string, handle: number) {
    this.path = path;
    this.#handle = handle;
  }

  /** Opens a file, and makes it and its folder for the owner only when they are not there. */
  static open(path: string): SliceFile {
    return failing(path, () => {
      makeFolder(dirname(path));
      return new SliceFile(path, openFile(path));
    });
  }

  /** How many bytes there are. */
  get length(): number {
    return failing(this.path, () => fstatSync(this.#handle).size);
  }

  /** Whether a file stands at the path. */
  isThere(): boolean {
    return failing(this.path, () => lstatSync(this.path, { throwIfNoEntry: false }) !== undefined);
  }

  /** Whether another file stands at the path now: another process has written the slice anew. */
  isReplaced(): boolean {
    return failing(this.path, () => {
      const there = lstatSync(this.path, { throwIfNoEntry: false, bigint: true });
      if (there === undefined) throw gone(this.path);
      const own = fstatSync(this.#handle, { bigint: true });
      return there.ino !== own.ino || there.dev !== own.dev;
    });
  }

  /** Whether a write broke off that could not be taken back. */
  get isTorn(): boolean {
    return this.#isTorn;
  }

  /** The bytes from a place to another. */
  read(from: number, to: number): Buffer {
    return failing(this.path, () => {
      const bytes = Buffer.allocUnsafe(to - from);
      let done = 0;
      while (done < bytes.length) {
        const count = readSync(this.#handle, bytes, done, bytes.length - done, from + done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    });
  }

  /** The whole lines between two places, in pieces of about a megabyte; what no line feed ends is left out. */
  *lines(from: number, to: number): Iterable<Buffer> {
    let most = 1024 * 1024;
    for (let start = from; start < to; ) {
      const bytes = this.read(start, Math.min(start + most, to));
      if (bytes.length === 0) return; // it was cut meanwhile
      const whole = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
      if (whole.length > 0) yield whole;
      else if (start + bytes.length >= to) return;
      else most *= 2; // a line that is longer
      start += whole.length;
    }
  }

  /** What stands behind the last line feed between two places. */
  tail(from: number, to: number): Buffer {
    for (let most = 1024; ; most *= 8) {
      const start = Math.max(from, to - most);
      const bytes = this.read(start, to);
      const end = bytes.lastIndexOf("\n") + 1;
      if (end > 0 || start === from) return bytes.subarray(end);
    }
  }

  /** Writes a text at the end, which is at `size`, whole or not at all; gives its bytes. */
  append(text: string, size: number): number {
    return failing(this.path, () => {
      try {
        return writeAll(this.#handle, text);
      } catch (error) {
        try {
          ftruncateSync(this.#handle, size); // half of a line would hide the next one
        } catch {
          this.#isTorn = true;
        }
        throw error;
      }
    });
  }

  /** Cuts off what stands behind a place. */
  truncate(size: number): void {
    failing(this.path, () => ftruncateSync(this.#handle, size));
  }

  /** Puts a file with this text in the place of the present one: who opens it finds the one or the other. */
  replace(text: string): void {
    failing(this.path, () => {
      const path = `${this.path}.new`;
      const handle = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
      try {
        writeAll(handle, text);
        fdatasyncSync(handle); // else a power cut might leave the new name with nothing in it
        renameSync(path, this.path);
      } catch (error) {
        closeSync(handle);
        rmSync(path, { force: true }); // it would hold room that is missing perhaps
        throw error;
      }
      this.#use(handle);
    });
  }

  /** Waits until all that was written is on the disk, and the file's name too when it is new. */
  async sync(): Promise<void> {
    try {
      await syncData(this.#handle);
      if (this.#isNamed) return;
      syncFolder(dirname(this.path));
      this.#isNamed = true;
    } catch (cause) {
      throw storeFailed(this.path, cause);
    }
  }

  [Symbol.dispose](): void {
    this.#use(-1);
  }

  #use(handle: number): void {
    const old = this.#handle;
    this.#handle = handle;
    this.#isNamed = false;
    if (old >= 0) closeSync(old);
  }
}

function openFile(path: string): number {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) {
    throw new WinkError("STORE_FAILED", {
      at: path,
      problem: "This is no file",
      expected: "a file, or nothing",
      received: there.isDirectory() ? "a folder" : there.isSymbolicLink() ? "a symbolic link" : "a device or pipe",
      details: { path },
    });
  }
  return openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
}

const gone = (path: string): WinkError =>
  new WinkError("STORE_FAILED", {
    at: path,
    problem: "The file of the slice is gone",
    expected: "the file that was opened",
    received: "nothing: it was deleted",
    fix: "`compact` writes it anew, with all that this store holds.",
    details: { path },
  });
