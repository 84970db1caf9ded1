/**
 * A folder for files beside a vault that nothing may reach, and random contents of the folder that lead there: links, hard
 * links, pipes, sockets, devices, histories of git. Whatever holds {@link secretMark} must not be read, and whatever is guarded
 * must stay as it is.
 */
import { spawnSync } from "node:child_process";
import {
  type BigIntStats,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";

/** Stands in every content, and in one name, that must not be read. */
export const secretMark = "SECRET";

/** Something that is put into the folder. */
export interface Thing {
  readonly path: string;
  readonly what: "file" | "directory" | "link" | "hard link" | "pipe" | "socket" | "device" | "history";
  /** Where a link leads; `VAULT` and `ROOT` stand for the paths of the folders. */
  readonly target: string;
}

/** The two folders, new for each case. */
export interface EscapeWorld extends Disposable {
  readonly root: string;
  readonly vault: string;
  /** Fills the folder with the things for which there is room, and takes the digest of what is guarded. */
  fill(things: readonly Thing[]): void;
  /** What has changed since in what is guarded; undefined when nothing has. */
  damage(): string | undefined;
}

const names = ["a", "b", "d", "e"] as const;
const place = fc.oneof(
  fc.constantFrom(...names),
  fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).map((both) => both.join("/")),
);

/** Names that some systems take for git's folder. */
export const historyNames = [".git", ".GIT", ".git.", ".git ", ".Git. .", ".g\u200Cit", "git~1", "GIT~1"] as const;

/**
 * Where links lead: out, in, around, to nothing, and over the system's own links. All ends lie in the world of the case, so that
 * a hole costs nothing that is dear to anybody.
 */
const linkTargets: readonly string[] = [
  ...["VAULT", "VAULT/key", "VAULT/deep", "VAULT/new", "../vault", "../vault/key", "../../vault", "../../vault/key"],
  ...["../vault/new", "..", ".", "a", "b", "d", "e", "d/a", "../d", "d/../../vault", "missing", "ROOT", "ROOT/a"],
  ...["ROOT/../vault/key", "/proc/self/rootVAULT", "/proc/self/root/proc/self/rootVAULT/key", "/proc/self/fd"],
  `${"./".repeat(60)}../vault/key`,
];

/** Where links lead when files are only read. */
const systemTargets: readonly string[] = [
  "/",
  "/proc/self/root",
  "/proc/self/cwd",
  "/etc/passwd",
  "/proc/self/environ",
];

const thing = (targets: readonly string[]): fc.Arbitrary<Thing> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ path: place, what: fc.constantFrom("file", "directory"), target: fc.constant("") }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ path: place, what: fc.constant("link"), target: fc.constantFrom(...targets) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        path: place,
        what: fc.constantFrom("hard link", "pipe", "socket", "device"),
        target: fc.constant(""),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        path: fc
          .tuple(fc.constantFrom("", "d/", "a/"), fc.constantFrom(...historyNames))
          .map(([above, name]) => above + name),
        what: fc.constant("history"),
        target: fc.constant(""),
      }),
    },
  );

/** Random contents of the folder, whose links may lead anywhere when nothing is written. */
export const layout = (use: "write" | "read"): fc.Arbitrary<Thing[]> =>
  fc.array(thing(use === "read" ? [...systemTargets, ...linkTargets] : linkTargets), { maxLength: 7 });

/** A place for worlds with what takes long to make: a pipe, a socket and a device, which get further names in them. */
export async function escapeStock(): Promise<AsyncDisposable & { world(): EscapeWorld }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "wink-escape-")));
  spawnSync("mkfifo", [join(folder, "pipe")]);
  spawnSync("mknod", [join(folder, "device"), "c", "1", "5"]); // takes root; without it there are no devices
  const server = createServer().listen(join(folder, "socket"));
  await new Promise((resolve) => server.once("listening", resolve));
  let count = 0;
  return {
    world: () => escapeWorld(folder, join(folder, `${count++}`)),
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

function escapeWorld(stock: string, folder: string): EscapeWorld {
  const [root, vault] = [join(folder, "root"), join(folder, "vault")];
  mkdirSync(join(vault, "deep"), { recursive: true });
  mkdirSync(root);
  for (const at of ["key", "a", "deep/a", `unseen-${secretMark}`])
    writeFileSync(join(vault, at), `${secretMark} of ${at}`);
  const guarded = [vault];
  const digest = (): string => [readdirSync(folder).join(" "), ...guarded.flatMap(digestOf)].join("\n");
  let before = "";
  return {
    root,
    vault,
    fill(things) {
      for (const each of things) {
        const at = join(root, each.path);
        if (!isDirectory(join(at, "..")) || lstatSync(at, { throwIfNoEntry: false }) !== undefined) continue;
        put(stock, { root, vault }, at, each);
        if (each.what === "history") guarded.push(at);
      }
      before = digest();
    },
    damage() {
      const after = digest();
      return after === before ? undefined : `${before}\nbecame\n${after}`;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

const isDirectory = (at: string): boolean => lstatSync(at, { throwIfNoEntry: false })?.isDirectory() === true;

function put(
  stock: string,
  { root, vault }: { root: string; vault: string },
  at: string,
  { what, target }: Thing,
): void {
  if (what === "file") writeFileSync(at, "inside");
  else if (what === "directory") mkdirSync(at);
  else if (what === "link") symlinkSync(target.replace("VAULT", vault).replace("ROOT", root), at);
  else if (what === "hard link") linkSync(join(vault, "key"), at);
  else if (what === "history") {
    mkdirSync(at);
    writeFileSync(join(at, "config"), secretMark);
  } else if (lstatSync(join(stock, what), { throwIfNoEntry: false }) !== undefined) linkSync(join(stock, what), at);
}

/** All that is at a path, as lines: contents, permissions, times, identities. */
export function digestOf(at: string): readonly string[] {
  const stats = lstatSync(at, { bigint: true });
  if (stats.isDirectory()) {
    return [lineOf(at, stats, ""), ...readdirSync(at).flatMap((name) => digestOf(join(at, name)))];
  }
  return [lineOf(at, stats, stats.isSymbolicLink() ? readlinkSync(at) : readFileSync(at, "latin1"))];
}

const lineOf = (at: string, { mode, uid, ino, mtimeNs }: BigIntStats, content: string): string =>
  `${at} ${mode} ${uid} ${ino} ${mtimeNs} ${JSON.stringify(content)}`;
