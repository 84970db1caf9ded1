/** Files of a host folder whose checks are weaker than they must be: what tests of escapes have to find. */
import { closeSync, fstatSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { HostChanges } from "../../src/files/host/host-changes.ts";
import type { HostFilesystem } from "../../src/files/host/host-files.ts";
import { openHostFolder } from "../../src/files/host/host-folder.ts";
import type { HostHandle } from "../../src/files/host/host-open.ts";
import { HostReader } from "../../src/files/host/host-reader.ts";
import { type OpenDirectory, type Place, type PlaceRules, Places } from "../../src/files/host/places.ts";
import { HostWriter } from "../../src/files/host/writer.ts";

/** The part of the port that needs no history. */
export type PlainFiles = Pick<
  HostFilesystem,
  | "readText"
  | "readBytes"
  | "stat"
  | "list"
  | "glob"
  | "grep"
  | "writeText"
  | "writeBytes"
  | "readStream"
  | "writeStream"
  | "editText"
  | "makeDirectory"
  | "move"
  | "remove"
>;

const isFollowed = (place: Place): boolean => place.kind === "forbidden" && place.target !== undefined;

/** Follows every link. */
class FollowingPlaces extends Places {
  override lookIn(directory: OpenDirectory, name: string): Place {
    const place = super.lookIn(directory, name);
    const stats = isFollowed(place) ? statSync(directory.at(name), { throwIfNoEntry: false }) : undefined;
    if (stats?.isFile()) return { kind: "file", stats };
    return stats?.isDirectory() ? { kind: "directory", stats } : place;
  }
  override open(path: string): OpenDirectory | undefined {
    return openFollowing(this.folder.path, path);
  }
  override openFile(path: string): HostHandle | undefined {
    return this.kindAt(path) === "file" ? handleAt(join(this.folder.path, path)) : undefined;
  }
}

/** Looks well, and then opens by name what may have become something else. */
class TrustingPlaces extends Places {
  override open(path: string): OpenDirectory | undefined {
    using looked = super.open(path);
    return looked === undefined ? undefined : openFollowing(this.folder.path, path);
  }
  override openFile(path: string): HostHandle | undefined {
    using looked = super.openFile(path);
    return looked === undefined ? undefined : handleAt(join(this.folder.path, path));
  }
}

/** Takes nothing for git's. */
class OpenPlaces extends Places {
  override excluded(path: string): string | undefined {
    return this.rules.isExcluded(path) ? "it is left out" : undefined;
  }
}

function openFollowing(root: string, path: string): OpenDirectory | undefined {
  const at = join(root, path);
  if (statSync(at, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  return {
    at: (name) => (name === "" ? at : join(at, name)),
    [Symbol.dispose]: () => undefined,
  };
}

function handleAt(at: string): HostHandle {
  const descriptor = openSync(at, "r");
  return { descriptor, stats: fstatSync(descriptor), [Symbol.dispose]: () => closeSync(descriptor) };
}

const kinds = { following: FollowingPlaces, trusting: TrustingPlaces, "open to git": OpenPlaces, "hard links": Places };

/** What is wrong with the files. */
export type Looseness = keyof typeof kinds;

/** Opens a folder as files that can be led out of it. */
export function looseFiles(root: string, looseness: Looseness): PlainFiles {
  const rules: PlaceRules = { isExcluded: () => false, hardLinks: looseness === "hard links" };
  const places = new kinds[looseness](openHostFolder(root), rules);
  const [reader, writer] = [new HostReader(places), new HostWriter(places)];
  const nothingKept = { beforeChange: () => undefined, afterChange: () => undefined };
  const changes = new HostChanges({ places, writer }, nothingKept);
  return {
    readText: async (path) => reader.text(path),
    readBytes: async (path) => reader.bytes(path),
    stat: async (path) => reader.stat(path),
    list: async (path = "") => reader.list(path),
    glob: async (pattern, given = {}) => await reader.glob(pattern, given),
    grep: async (pattern, given = {}) => await reader.grep(pattern, given),
    readStream: (path, given = {}) => reader.stream(path, given),
    writeText: async (path, text, given) => changes.write(path, [Buffer.from(text)], given),
    writeBytes: async (path, bytes, given) => changes.write(path, [bytes], given),
    async writeStream(path, pieces, given) {
      const all: Uint8Array[] = [];
      for await (const piece of pieces) all.push(piece);
      changes.write(path, all, given);
    },
    async editText(path, change) {
      changes.write(path, [Buffer.from(change(reader.text(path) ?? ""))]);
    },
    makeDirectory: async (path) => changes.makeDirectory(path),
    move: async (from, to) => changes.move(from, to),
    remove: async (path, given) => changes.remove(path, given?.recursive ?? false),
  };
}
