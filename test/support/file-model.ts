/** What files do, as plain maps, and random steps for both. */
import fc from "fast-check";
import { expect } from "vitest";
import { WinkError } from "../../src/base/index.ts";
import type { FileSnapshot, Filesystem } from "../../src/files/index.ts";

/** What files are: texts by path, and the directories that were made. */
export interface Content {
  readonly files: ReadonlyMap<string, string>;
  readonly directories: ReadonlySet<string>;
}

/** The model of one filesystem. */
export interface FileModel {
  now: Content;
  readonly snapshots: { readonly taken: FileSnapshot; readonly content: Content }[];
}

const parentsOf = (path: string): string[] => {
  const names = path.split("/");
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join("/"));
};
const isBelow = (path: string, base: string): boolean => path === base || path.startsWith(`${base}/`);
const exists = ({ files, directories }: Content, path: string): boolean => files.has(path) || directories.has(path);
const blocked = ({ files }: Content, path: string): boolean => parentsOf(path).some((parent) => files.has(parent));
const withParents = (directories: Iterable<string>, path: string): Set<string> =>
  new Set([...directories, ...parentsOf(path)]);

/** What a command does to the model, or undefined when the filesystem must refuse it. */
type Effect = (content: Content) => Content | undefined;

/** Something done to both. */
interface Command {
  readonly text: string;
  readonly effect: Effect;
  run(fs: Filesystem): Promise<void>;
}

const name = fc.constantFrom("a", "b", "c");
/** A random path. */
export const filePath = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
/** A random text. */
export const fileText = fc.constantFrom("", "1", "2\n", "3\r\n4");

const write =
  (mode: "create" | "overwrite" | "append") =>
  ([at, text]: readonly [string, string]): Command => ({
    text: `${mode} ${at} ${JSON.stringify(text)}`,
    effect(now) {
      if (now.directories.has(at) || blocked(now, at) || (mode === "create" && now.files.has(at))) return undefined;
      const written = mode === "append" ? (now.files.get(at) ?? "") + text : text;
      return { files: new Map([...now.files, [at, written]]), directories: withParents(now.directories, at) };
    },
    run: (fs) => fs.writeText(at, text, { mode }),
  });

const makeDirectory = (at: string): Command => ({
  text: `directory ${at}`,
  effect(now) {
    if (now.files.has(at) || blocked(now, at)) return undefined;
    return { ...now, directories: withParents([...now.directories, at], at) };
  },
  run: (fs) => fs.makeDirectory(at),
});

const remove = ([at, recursive]: readonly [string, boolean]): Command => ({
  text: `remove ${at} ${recursive}`,
  effect(now) {
    const full = [...now.files.keys(), ...now.directories].some((other) => other !== at && isBelow(other, at));
    return !exists(now, at) || (full && !recursive) ? undefined : without(now, at);
  },
  run: (fs) => fs.remove(at, { recursive }),
});

const move = ([from, to]: readonly [string, string]): Command => ({
  text: `move ${from} ${to}`,
  effect(now) {
    if (!exists(now, from) || exists(now, to) || isBelow(to, from) || blocked(now, to)) return undefined;
    const moved = (old: string): string => to + old.slice(from.length);
    const rest = without(now, from);
    return {
      files: new Map([
        ...rest.files,
        ...[...now.files].filter(([old]) => isBelow(old, from)).map(([old, text]) => [moved(old), text] as const),
      ]),
      directories: withParents(
        [...rest.directories, ...[...now.directories].filter((old) => isBelow(old, from)).map(moved)],
        to,
      ),
    };
  },
  run: (fs) => fs.move(from, to),
});

function without({ files, directories }: Content, at: string): Content {
  return {
    files: new Map([...files].filter(([other]) => !isBelow(other, at))),
    directories: new Set([...directories].filter((other) => !isBelow(other, at))),
  };
}

/** One step. */
export type FileStep = Command | { readonly snapshot: true } | { readonly restore: number };
/** A random step. */
export const fileStep: fc.Arbitrary<FileStep> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(filePath, fileText).map(write("overwrite")) },
  fc.tuple(filePath, fileText).map(write("create")),
  fc.tuple(filePath, fileText).map(write("append")),
  filePath.map(makeDirectory),
  fc.tuple(filePath, fc.boolean()).map(remove),
  fc.tuple(filePath, filePath).map(move),
  fc.constant({ snapshot: true as const }),
  fc.nat(9).map((restore) => ({ restore })),
);

/** A filesystem of nothing. */
export const newModel = (): FileModel => ({ now: { files: new Map(), directories: new Set() }, snapshots: [] });

/** Does a step to both, and checks that what the model refuses is refused. */
export async function applyStep(fs: Filesystem, model: FileModel, next: FileStep): Promise<void> {
  if ("snapshot" in next) {
    model.snapshots.push({ taken: await fs.snapshot(), content: model.now });
  } else if ("restore" in next) {
    const chosen = model.snapshots[next.restore % Math.max(1, model.snapshots.length)];
    if (chosen === undefined) return;
    await fs.restore(chosen.taken);
    model.now = chosen.content;
  } else {
    const after = next.effect(model.now);
    if (after === undefined) await expect(next.run(fs), next.text).rejects.toSatisfy((error) => WinkError.is(error));
    else await next.run(fs);
    model.now = after ?? model.now;
  }
}

/** Checks that a filesystem holds and tells what the model does. */
export async function compareWith(fs: Filesystem, model: FileModel): Promise<void> {
  const { files, directories } = model.now;
  const sorted = [...files.keys()].sort();
  expect(await fs.glob("**")).toEqual(sorted);
  for (const at of sorted) expect(await fs.readText(at)).toBe(files.get(at));
  for (const at of ["", ...directories]) {
    const below = [...files.keys(), ...directories].filter(
      (other) => (other.includes("/") ? other.slice(0, other.lastIndexOf("/")) : "") === at,
    );
    expect((await fs.list(at)).map((entry) => entry.path)).toEqual(below.sort());
  }
  const { matches } = await fs.grep("\\d");
  expect(matches.map((match) => `${match.path}:${match.text}`)).toEqual(
    sorted.flatMap((at) =>
      (files.get(at) ?? "")
        .split(/\r?\n/)
        .filter((line) => /\d/.test(line))
        .map((line) => `${at}:${line}`),
    ),
  );
  for (const { taken, content: then } of model.snapshots) {
    expect(await fs.changes(taken)).toEqual(differences(then, model.now));
    for (const other of model.snapshots)
      expect(await fs.changes(taken, other.taken)).toEqual(differences(then, other.content));
  }
}

function differences(before: Content, after: Content): readonly unknown[] {
  const paths = [...new Set([...before.files.keys(), ...after.files.keys()])].sort();
  return paths.flatMap((at) => {
    if (before.files.get(at) === after.files.get(at)) return [];
    return [{ path: at, kind: !before.files.has(at) ? "added" : after.files.has(at) ? "modified" : "removed" }];
  });
}
