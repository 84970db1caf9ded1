/**
 * What may be touched of a host folder. Every look goes through the open directory in which a name stands, and that the
 * directory lies where it should is checked after it was opened: a link put on the way meanwhile leads nowhere.
 */
import { lstatSync, readlinkSync, type Stats, statSync } from "node:fs";
import { systemCode, WinkError } from "../../base/index.ts";
import { joinPath, splitPath } from "../paths.ts";
import { attempt, forbidden, systemError } from "./host-error.ts";
import {
  changeModeBelow,
  type HostFolder,
  type HostHandle,
  hasOneName,
  listingPath,
  openBelow,
  ownPrefix,
} from "./host-open.ts";

/** What stands at a path. */
export type Place =
  | { readonly kind: "nothing" }
  | { readonly kind: "file" | "directory"; readonly stats: Stats }
  /** Something that an agent must not touch. A symbolic link alone has `target`, where it leads, and `stats`. */
  | { readonly kind: "forbidden"; readonly why: string; readonly target?: string; readonly stats?: Stats };

/** An open directory, and the path under which the system finds what is in it. */
export interface OpenDirectory extends Disposable {
  /** The system's path of a name in this directory; of the directory itself for an empty name. */
  at(name: string): string;
}

/** Which parts of a folder are not touched. */
export interface PlaceRules {
  /** Whether a file or directory is left out; asked for each part of a path, from the first. */
  readonly isExcluded: (path: string) => boolean;
  /** Whether files with several names may be touched, whose other names may lie outside. */
  readonly hardLinks: boolean;
}

const nothing: Place = { kind: "nothing" };

/** The places of one host folder. Holds nothing open. Throws `FILE_FAILED` for what the system refuses. */
export class Places {
  readonly folder: HostFolder;
  readonly rules: PlaceRules;

  constructor(folder: HostFolder, rules: PlaceRules) {
    this.folder = folder;
    this.rules = rules;
  }

  /** Tells what stands at a normal path. Below a file there is nothing. Throws `PATH_FORBIDDEN` when a link is on the way. */
  look(path: string): Place {
    const why = this.excluded(path);
    if (why !== undefined) return { kind: "forbidden", why };
    return attempt(path, "look at this", () => {
      using parent = this.open(parentOf(path), path);
      if (parent === undefined) return nothing;
      return path === "" ? { kind: "directory", stats: statSync(parent.at("")) } : this.lookIn(parent, nameOf(path));
    });
  }

  /** Like {@link look}, for those who compare: where a link is on the way, nothing stands. */
  lookWithoutWay(path: string): Place {
    try {
      return this.look(path);
    } catch (error) {
      if (WinkError.is(error, "PATH_FORBIDDEN")) return nothing;
      throw error;
    }
  }

  /** Tells what stands at a name of an open directory, whatever is left out. */
  lookIn(directory: OpenDirectory, name: string): Place {
    return this.#lookAt(directory.at(name));
  }

  /**
   * Tells what stands at a path, whatever is left out and wherever links on the way lead: for those who only compare, in half
   * the time.
   */
  glance(path: string): Place {
    return this.#lookAt(`${this.folder.path}/${path}`);
  }

  #lookAt(at: string): Place {
    const stats = lstatSync(at, { throwIfNoEntry: false });
    if (stats === undefined) return nothing;
    if (stats.isDirectory()) return { kind: "directory", stats };
    if (stats.isSymbolicLink()) {
      const target = targetOf(at);
      // it has just been put away, or something else in its place: looked at again, which ends when nobody does so any more
      return target === undefined ? this.#lookAt(at) : { kind: "forbidden", why: linkWhy, target, stats };
    }
    if (!stats.isFile()) return { kind: "forbidden", why: "a device, a pipe or a socket" };
    if (stats.nlink > 1 && !this.rules.hardLinks) return { kind: "forbidden", why: hardLinkWhy };
    return { kind: "file", stats };
  }

  /** Tells whether a file or directory stands at a path. Throws `PATH_FORBIDDEN` for anything else. */
  kindAt(path: string): "file" | "directory" | undefined {
    const place = this.look(path);
    if (place.kind === "forbidden") throw forbidden(path, place.why);
    return place.kind === "nothing" ? undefined : place.kind;
  }

  /**
   * Opens a directory of the folder; undefined when there is none. Throws `PATH_FORBIDDEN` when the way to it leads over a
   * link, also over one that has just been put there; `asked` is the path that it names. Whoever opened it closes it.
   */
  open(path: string, asked: string = path): OpenDirectory | undefined {
    let handle: HostHandle | undefined;
    try {
      handle = openBelow(this.folder, path, "directory");
    } catch (error) {
      const code = systemCode(error);
      if (code === "ENOENT" || code === "ENOTDIR") return this.#noDirectory(path, asked);
      throw systemError(path, "open this directory", error);
    }
    if (handle === undefined) return this.#noDirectory(path, asked) ?? this.#moved(asked);
    const opened = handle;
    const base = listingPath(this.folder, path, opened);
    return {
      at: (name) => (name === "" ? base : `${base}/${name}`),
      [Symbol.dispose]: () => opened[Symbol.dispose](),
    };
  }

  /** Opens a file for reading; undefined when there is none. Throws `PATH_FORBIDDEN`. Whoever opened it closes it. */
  openFile(path: string): HostHandle | undefined {
    if (this.kindAt(path) !== "file") return undefined;
    let handle: HostHandle | undefined;
    try {
      handle = openBelow(this.folder, path, "file");
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      if (systemCode(error) === "ELOOP") throw forbidden(path, linkWhy);
      throw systemError(path, "open this file", error);
    }
    if (handle === undefined) return this.#moved(path);
    if (!this.rules.hardLinks && !hasOneName(this.folder, path, handle)) {
      handle[Symbol.dispose]();
      throw forbidden(path, hardLinkWhy);
    }
    return handle;
  }

  /** Changes the permissions of a directory, also of one that may not be read. Throws `PATH_FORBIDDEN`, and what the system throws. */
  changeMode(path: string, mode: number): void {
    if (this.kindAt(path) !== "directory" || !changeModeBelow(this.folder, path, mode)) this.#moved(path);
  }

  /** Why a path is left out; undefined when it is not. */
  excluded(path: string): string | undefined {
    let at = "";
    for (const name of splitPath(path)) {
      at = joinPath(at, name);
      const why = this.excludedName(at, name);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** Why a path is left out by its last name, when nothing above it is. */
  excludedName(path: string, name: string): string | undefined {
    if (isProtected(name)) return `\`${name}\`, which belongs to git, and not to these files`;
    if (name.startsWith(ownPrefix)) return "one of the library's own files";
    return this.rules.isExcluded(path)
      ? `\`${path}\`, which is left out of these files (option \`exclude\`)`
      : undefined;
  }

  /** What is not a directory: nothing, unless a link or something hidden is in the way. */
  #noDirectory(path: string, asked: string): undefined {
    let at = "";
    for (const name of splitPath(path)) {
      at = joinPath(at, name);
      const stats = lstatSync(`${this.folder.path}/${at}`, { throwIfNoEntry: false });
      if (stats === undefined) return undefined;
      if (stats.isSymbolicLink()) throw forbidden(asked, `the symbolic link \`${at}\` on the way`);
      if (!stats.isDirectory()) return undefined;
    }
    return undefined;
  }

  #moved(path: string): never {
    throw forbidden(path, "one that was replaced while it was being opened");
  }
}

const linkWhy = "a symbolic link, and links are not followed";
const hardLinkWhy = "one with another name (a hard link), which may lie outside; the option `hardLinks` allows it";

/** Where a link leads; undefined when there is none any more. */
function targetOf(at: string): string | undefined {
  try {
    return readlinkSync(at);
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "EINVAL") return undefined;
    throw error;
  }
}

/** The names of git's folder, as systems that ignore case or invisible characters take them too. */
function isProtected(name: string): boolean {
  if (!mayBeProtected.test(name)) return false;
  const plain = name
    .replace(/\p{Cf}/gu, "")
    .replace(/[. ]+$/, "")
    .toLowerCase();
  return plain === ".git" || plain === "git~1";
}

const mayBeProtected = /^\p{Cf}*\.?\p{Cf}*g\p{Cf}*i\p{Cf}*t/iu;

/** The directory in which a path stands. */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));

/** The last name of a path. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
