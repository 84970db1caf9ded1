/**
 * How files outlive the process: those in memory travel in the journal, with all that a call changes; those of a host folder
 * stay where they are, and must be found there again.
 */
import { isJsonObject, type JsonObject, type JsonValue, shownValue, WinkError } from "../base/index.ts";
import type { Durable, Keep, Kept } from "../resources/index.ts";
import type { Filesystem } from "./filesystem.ts";
import { isNormalPath } from "./paths.ts";

/** For the token of files. */
export const durableFiles: Durable<Filesystem> = {
  staysInPlace,

  async save(fs, keep) {
    if (fs.identity !== undefined) return { kind: "place", identity: fs.identity };
    const files: [string, string][] = [];
    for (const path of await fs.glob("**")) files.push([path, await keptContent(fs, path, keep)]);
    return { kind: "contents", files: Object.fromEntries(files) }; // own keys, whatever a file is called
  },

  async saveChanges(fs, changes, keep) {
    if (staysInPlace(fs)) return changes;
    const saved: JsonObject[] = [];
    for (const change of changes) {
      const { path, kind } = change;
      saved.push(kind === "removed" ? change : { ...change, content: await keptContent(fs, String(path), keep) });
    }
    return saved;
  },

  async load(fs, saved, kept) {
    checkPlace(fs, saved);
    if (saved.kind === "place") return;
    if (saved.kind !== "contents") throw edited("kind", '"contents" or "place"', saved.kind);
    if (!isJsonObject(saved.files)) throw edited("files", "an object", saved.files);
    for (const path of Object.keys(saved.files)) checkKept(path);
    for (const path of await fs.glob("**")) if (!Object.hasOwn(saved.files, path)) await fs.remove(path);
    for (const [path, content] of Object.entries(saved.files)) await writeKept(fs, path, String(content), kept);
  },

  async loadChanges(fs, changes, kept) {
    if (staysInPlace(fs)) return;
    for (const { path } of changes) checkKept(path);
    for (const { path, kind } of changes) if (kind === "removed") await fs.remove(String(path));
    for (const { path, kind, content } of changes) {
      if (kind === "removed") continue;
      if (typeof content !== "string") throw notKept(String(path));
      await writeKept(fs, String(path), content, kept);
    }
  },

  async recover(fs, snapshot) {
    if (!staysInPlace(fs)) return;
    const before = fs.findSnapshot?.(snapshot);
    if (before !== undefined) return fs.restore(before);
    throw new WinkError("WORKSPACE_MISSING", {
      at: `snapshot ${JSON.stringify(snapshot)}`,
      problem: "What was there before the call that was cut off is not known any more",
      expected: "the files with the `state` that they had then",
      received: "files without this snapshot",
      fix: "Open host files with `state` when a run shall be gone on with: hostFiles({ root, state }).",
      details: { snapshot },
    });
  },
};

function staysInPlace(fs: Filesystem): boolean {
  return fs.identity !== undefined;
}

async function keptContent(fs: Filesystem, path: string, keep: Keep): Promise<string> {
  return keep((await fs.readBytes(path)) ?? new Uint8Array());
}

/** Writes a content unless it is there. Something of another kind may stand in its way. */
async function writeKept(fs: Filesystem, path: string, content: string, kept: Kept): Promise<void> {
  const bytes = kept(content);
  const there = await fs.stat(path);
  if (there?.kind === "directory") await fs.remove(path, { recursive: true });
  if (there?.kind === "file" && there.size === bytes.byteLength) {
    const old = await fs.readBytes(path);
    if (old !== undefined && Buffer.compare(old, bytes) === 0) return;
  }
  await fs.writeBytes(path, bytes);
}

/** Throws `JOURNAL_INVALID` for what cannot be the path of a file: whoever wrote it there was no run. */
function checkKept(path: JsonValue | undefined): void {
  if (typeof path === "string" && path !== "" && isNormalPath(path)) return;
  throw edited("path", "the path of a file", path);
}

const edited = (field: string, expected: string, received: JsonValue | undefined): WinkError =>
  new WinkError("JOURNAL_INVALID", {
    at: "files",
    problem: `What the journal says of them has no \`${field}\` as it should be`,
    expected,
    received: shownValue(received),
    details: { field },
  });

const notKept = (path: string): WinkError =>
  new WinkError("WORKSPACE_MISSING", {
    at: JSON.stringify(path),
    problem: "A call changed the file, and its content is not known",
    expected: "a journal of version 2 or later, given to the run",
    received: "a journal without the content",
    fix: "Begin the run anew.",
    details: { path },
  });

/** Throws `WORKSPACE_MISSING` unless files are where a run has left them. */
function checkPlace(fs: Filesystem, saved: JsonObject): void {
  const identity = isJsonObject(saved.identity) ? saved.identity : {};
  const was = JSON.stringify(Object.entries(identity).sort());
  const is = JSON.stringify(Object.entries(fs.identity ?? {}).sort());
  if (was === is) return;
  const told = (place: JsonObject | undefined): string =>
    place === undefined || Object.keys(place).length === 0 ? "files in memory" : `the folder ${JSON.stringify(place)}`;
  throw new WinkError("WORKSPACE_MISSING", {
    at: "files",
    problem: "The run worked on others",
    expected: told(identity),
    received: told(fs.identity),
    details: { expected: identity, received: fs.identity ?? null },
  });
}
