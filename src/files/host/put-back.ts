/** Puts back what stood at some paths of a host folder. */
import { closeSync, fstatSync, openSync } from "node:fs";
import { messageFrom, WinkError } from "../../base/index.ts";
import { fileError, shownPath } from "../file-error.ts";
import { systemError } from "./host-error.ts";
import type { HostParts } from "./host-parts.ts";
import type { Keeper } from "./keeper.ts";
import { type Places, parentOf } from "./places.ts";
import { hashPieces } from "./read-pieces.ts";
import { type Standing, sameStanding } from "./standing.ts";
import { entriesIn } from "./walk.ts";
import type { HostWriter } from "./writer.ts";

/** Who watches over the changes. */
interface Watch {
  beforeChange(path: string): void;
  afterChange(path: string): void;
  isOurs(path: string): boolean;
  isUnkept(path: string): boolean;
  standingAt(path: string, content: "hash"): Standing;
}

type Goals = ReadonlyMap<string, Standing>;

/**
 * Makes every path stand as its goal says. What others have changed meanwhile stays as it is. All paths are tried; then those
 * that could not be put back are told: by `FILE_CHANGED`, or `FILE_FAILED` when the system refused one.
 */
export async function putBack(parts: HostParts, goals: Goals, watch: Watch): Promise<void> {
  await fetchContents(parts, goals);
  const left = new Map<string, WinkError | undefined>();
  const each = (paths: readonly string[], work: (path: string, goal: Standing) => boolean): void => {
    for (const path of paths) {
      const goal = goals.get(path);
      if (goal === undefined || left.has(path)) continue;
      try {
        if (!work(path, goal)) left.set(path, undefined);
      } catch (error) {
        left.set(path, systemError(path, "put this back", error));
      }
    }
  };
  const sorted = [...goals.keys()].sort();
  each(sorted, (path) => unlock(parts, watch, path));
  each(sorted.toReversed(), (path, goal) => clear(parts, watch, path, goal));
  each(sorted, (path, goal) => put(parts, watch, path, goal));
  each(sorted.toReversed(), (path, goal) => permit(parts, watch, path, goal));
  if (left.size > 0) throw notPutBack(left);
}

/** Contents that only git has come over before anything is changed, because what is changed is changed at once. */
async function fetchContents({ keeper, captures }: HostParts, goals: Goals): Promise<void> {
  if (keeper.history.lastCapture === undefined) return;
  const missing = new Set<string>();
  for (const goal of goals.values()) {
    if (goal.kind === "file" && keeper.find(goal.blob) === undefined) missing.add(goal.blob);
  }
  const blobs = [...missing];
  for (let at = 0; at < blobs.length; at += fetchedAtOnce) {
    for (const [blob, content] of await captures.kept.read(blobs.slice(at, at + fetchedAtOnce)))
      keeper.put(blob, content);
  }
}

/** How many contents are in memory at once. */
const fetchedAtOnce = 50;

/** Lets us change what is in a directory that others have made read-only. */
function unlock({ places, writer }: HostParts, watch: Watch, path: string): boolean {
  const place = places.lookWithoutWay(path);
  if (place.kind !== "directory" || (place.stats.mode & ownerMayAll) === ownerMayAll) return true;
  watch.beforeChange(path);
  try {
    writer.changeMode(path, (place.stats.mode & 0o7777) | ownerMayAll);
  } catch {
    // perhaps nothing in it has to be changed; if it has, that is told
  }
  return true;
}

const ownerMayAll = 0o700;

/** Gives a directory its permissions, when all is in it. */
function permit({ places, writer }: HostParts, watch: Watch, path: string, goal: Standing): boolean {
  const place = places.lookWithoutWay(path);
  if (goal.kind !== "directory" || place.kind !== "directory" || (place.stats.mode & 0o7777) === goal.mode) return true;
  watch.beforeChange(path);
  writer.changeMode(path, goal.mode);
  return true;
}

/** Takes away what is of another kind than it must be, or what nobody could keep; false when it must stay. */
function clear({ places, writer }: HostParts, watch: Watch, path: string, goal: Standing): boolean {
  if (goal.kind === "unkept") return true; // what stands there is better than nothing
  const place = places.lookWithoutWay(path); // a link on the way has a goal of its own
  const now = place.kind === "forbidden" && place.target !== undefined ? "link" : place.kind;
  if (now === "nothing") return true;
  if (!watch.isUnkept(path)) {
    if (now === goal.kind) return true;
    if (now === "forbidden" || !watch.isOurs(path)) return false;
    if (now === "directory" && entriesIn(places, path).length > 0)
      return goal.kind === "nothing" && holdsOnlyExcluded(places, path);
  }
  watch.beforeChange(path);
  if (now !== "directory") writer.removeFile(path);
  else if (!writer.removeDirectory(path)) return false;
  watch.afterChange(path);
  return true;
}

const holdsOnlyExcluded = (places: Places, path: string): boolean =>
  entriesIn(places, path).every((entry) => {
    const at = `${path}/${entry.name}`;
    return places.excluded(at) !== undefined || (entry.isDirectory() && holdsOnlyExcluded(places, at));
  });

/** Makes what must be there; false when something of others is in its place. */
function put(parts: HostParts, watch: Watch, path: string, goal: Standing): boolean {
  const { places, writer, keeper } = parts;
  if (goal.kind === "nothing") return true;
  if (goal.kind === "unkept") return watch.standingAt(path, "hash").kind === "unkept";
  if (goal.kind === "directory") {
    makeDirectories(parts, watch, path);
    return true;
  }
  const now = watch.standingAt(path, "hash");
  if (sameStanding(now, goal)) return true;
  if (!watch.isOurs(path)) return false;
  makeDirectories(parts, watch, parentOf(path));
  watch.beforeChange(path);
  if (goal.kind === "link") {
    if (places.look(path).kind !== "nothing") writer.removeFile(path);
    writer.makeLink(path, goal.target);
  } else writeKept(writer, keeper, path, goal);
  watch.afterChange(path);
  return true;
}

/** Makes a directory and those above it that are not there. */
export function makeDirectories(
  parts: Pick<HostParts, "places" | "writer">,
  watch: Pick<Watch, "beforeChange" | "afterChange">,
  path: string,
): void {
  if (path === "" || parts.places.kindAt(path) === "directory") return;
  makeDirectories(parts, watch, parentOf(path));
  watch.beforeChange(path);
  parts.writer.makeDirectory(path);
  watch.afterChange(path);
}

function writeKept(writer: HostWriter, keeper: Keeper, path: string, goal: Extract<Standing, { kind: "file" }>): void {
  const kept = keeper.find(goal.blob);
  if (kept === undefined) throw notKept(path, "nothing");
  const descriptor = openSync(kept, "r");
  const draft = writer.begin(path, goal.mode);
  try {
    const content = { descriptor, stats: fstatSync(descriptor) };
    if (hashPieces(path, content, draft.write) !== goal.blob)
      throw notKept(path, "what somebody else has written there");
    draft.place();
  } finally {
    draft.discard();
    closeSync(descriptor);
  }
}

const notKept = (path: string, received: string): WinkError =>
  fileError("FILE_FAILED", path, "What was kept of this is gone", { expected: "its content as it was kept", received });

/** How many paths an error names. */
const mostNamed = 10;

function notPutBack(left: ReadonlyMap<string, WinkError | undefined>): WinkError {
  const paths = [...left.keys()].sort();
  const named = paths.slice(0, mostNamed).map(shownPath).join(", ");
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : "";
  const failure = [...left.values()].find((error) => error !== undefined);
  return new WinkError(failure === undefined || failure.code === "FILE_CHANGED" ? "FILE_CHANGED" : "FILE_FAILED", {
    at: `${named}${more}`,
    problem: "These were not put back",
    expected: "what stood there at the snapshot",
    received: failure === undefined ? "changes by others without a word (`changedOutside`)" : messageFrom(failure),
    fix: "Look at them; what stood there at the snapshot is kept, so going back can be tried again.",
    details: { paths: paths.slice(0, 100) },
    cause: failure,
  });
}
