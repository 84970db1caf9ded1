/**
 * Changes in a host folder, one at a time and each at once. A file is written beside its place and then put there, so that
 * nobody ever sees half of it and another name of the old file keeps the old content. Throws `FILE_FAILED` for what the
 * system refuses, `FILE_CHANGED` when somebody else was quicker, `PATH_FORBIDDEN`.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { systemCode, writeAll } from "../../base/index.ts";
import { fileError } from "../file-error.ts";
import { attempt, systemError } from "./host-error.ts";
import { draftName } from "./leftovers.ts";
import { nameOf, type OpenDirectory, type Places, parentOf } from "./places.ts";

const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW = 0 } = constants;

/** A file that is being written and does not stand at its place yet. */
export interface Draft {
  /** Adds bytes. */
  write(bytes: Uint8Array): void;
  /** Puts the file at its place; the draft is at its end. */
  place(): void;
  /** Gives it up; without effect after its end. */
  discard(): void;
}

/** What changes a host folder. */
export class HostWriter {
  readonly #places: Places;
  #drafts = 0;

  constructor(places: Places) {
    this.#places = places;
  }

  /**
   * Begins to write a file, new or in the place of an old one, whose permissions and owner stay unless `mode` is given; its
   * parent must be there.
   */
  begin(path: string, mode?: number): Draft {
    const parent = this.#parent(path);
    let temporary = "";
    let descriptor: number | undefined;
    let isOpen = true;
    const end = (): void => {
      if (!isOpen) return;
      isOpen = false;
      if (descriptor !== undefined) {
        closeSync(descriptor);
        removeDraft(temporary);
      }
      parent[Symbol.dispose]();
    };
    const orEnd = <Result>(work: () => Result): Result => {
      try {
        return attempt(path, "write this", work);
      } catch (error) {
        end();
        throw error;
      }
    };
    const old = orEnd(() => lstatSync(parent.at(nameOf(path)), { throwIfNoEntry: false }));
    while (descriptor === undefined) {
      this.#drafts += 1;
      temporary = parent.at(draftName(this.#drafts, process.pid));
      descriptor = orEnd(() => openNew(temporary));
    }
    return {
      write: (bytes) => void orEnd(() => writeAll(descriptor as number, bytes)), // as: open until the end
      place: () =>
        orEnd(() => {
          const now = lstatSync(parent.at(nameOf(path)), { throwIfNoEntry: false });
          if (!isSame(old, now)) throw changedMeanwhile(path);
          keepAttributes(descriptor as number, old, mode); // as: likewise
          if (old === undefined) placeNew(path, temporary, parent.at(nameOf(path)));
          else renameSync(temporary, parent.at(nameOf(path)));
          end();
        }),
      discard: end,
    };
  }

  /** Makes a directory in one that is there. */
  makeDirectory(path: string): void {
    this.#in(path, "make this directory", (at) => mkdirSync(at));
  }

  /** Changes the permissions of a directory. */
  changeMode(path: string, mode: number): void {
    attempt(path, "change the permissions of this", () => this.#places.changeMode(path, mode));
  }

  /** Makes a symbolic link. */
  makeLink(path: string, target: string): void {
    this.#in(path, "make this link", (at) => symlinkSync(target, at));
  }

  /** Removes a file or a link. */
  removeFile(path: string): void {
    this.#in(path, "remove this", (at) => unlinkSync(at));
  }

  /** Removes a directory; false when it is not empty. */
  removeDirectory(path: string): boolean {
    return this.#in(path, "remove this directory", (at) => {
      try {
        rmdirSync(at);
        return true;
      } catch (error) {
        const code = systemCode(error);
        if (code === "ENOTEMPTY" || code === "EEXIST") return false;
        throw error;
      }
    });
  }

  /** Gives something another name; nothing may stand there. */
  rename(from: string, to: string): void {
    this.#in(to, "move something here", (target) => {
      if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) throw madeMeanwhile(to);
      this.#in(from, "move this", (source) => renameSync(source, target));
    });
  }

  #in<Result>(path: string, doing: string, work: (at: string) => Result): Result {
    using parent = this.#parent(path);
    try {
      return work(parent.at(nameOf(path)));
    } catch (error) {
      if (systemCode(error) === "EEXIST") throw madeMeanwhile(path);
      if (systemCode(error) === "ENOENT") throw goneMeanwhile(path);
      throw systemError(path, doing, error);
    }
  }

  #parent(path: string): OpenDirectory {
    const parent = this.#places.open(parentOf(path));
    if (parent === undefined) throw goneMeanwhile(path);
    return parent;
  }
}

/** Opens a new file; undefined when the name is taken, as by what a killed process of the same number has left. */
function openNew(at: string): number | undefined {
  try {
    return openSync(at, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o666);
  } catch (error) {
    if (systemCode(error) === "EEXIST") return undefined;
    throw error;
  }
}

function removeDraft(at: string): void {
  try {
    rmSync(at, { force: true });
  } catch {
    // what cannot be removed goes when the state is opened the next time
  }
}

function placeNew(path: string, temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST") throw madeMeanwhile(path);
    renameSync(temporary, target); // a disk without hard links
  }
}

/**
 * A file in the place of another has its permissions, and its owner where the system lets it; it does not run as somebody
 * else because the other did.
 */
function keepAttributes(descriptor: number, old: Stats | undefined, mode: number | undefined): void {
  if (old?.isFile() && (old.uid !== process.getuid?.() || old.gid !== process.getgid?.())) {
    try {
      fchownSync(descriptor, old.uid, old.gid);
    } catch {
      // only the superuser may give files away
    }
  }
  const wanted = mode ?? (old?.isFile() ? old.mode & 0o777 : undefined);
  if (wanted !== undefined) fchmodSync(descriptor, wanted);
}

/** Whether nobody has changed what is there, as far as can be seen without reading it. */
const isSame = (old: Stats | undefined, now: Stats | undefined): boolean =>
  old?.ino === now?.ino && old?.size === now?.size && old?.mtimeMs === now?.mtimeMs;

const changedMeanwhile = (path: string): Error =>
  fileError("FILE_CHANGED", path, "Somebody else has changed what is here meanwhile");
const madeMeanwhile = (path: string): Error =>
  fileError("FILE_CHANGED", path, "Somebody else has made something here meanwhile");
const goneMeanwhile = (path: string): Error =>
  fileError("FILE_CHANGED", path, "Somebody else has removed or moved what was here meanwhile");
