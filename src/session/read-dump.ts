/** Reads the dump of a session, which may be cut off, damaged, edited or made by anyone. */
import {
  type ErrorParts,
  type FieldPath,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  NotPlain,
  type OptionKind,
  parseJson,
  pathText,
  plainCopy,
  problemsText,
  shownValue,
  WinkError,
} from "../base/index.ts";
import type { Event } from "./event.ts";
import type { HeardEvents, SavedSlice } from "./saved-slice.ts";
import { digestsOf, dumpFormat, dumpVersion, type SavedSession } from "./session-dump.ts";
import type { SlicePolicy } from "./slice.ts";

/** How a dump is read. */
export interface ReadOptions {
  /** The name of the prompt that the session is to go on with: a dump of another one is refused. */
  readonly agent?: string;
  /** Where the dump comes from, such as a file's path, for errors. */
  readonly from?: string;
  /** The longest text, in UTF-16 units; 64 Mi unless told. */
  readonly maxLength?: number;
}

/** What a field must hold; its check tells the compiler too. */
interface Kind<T> extends OptionKind {
  readonly fits: (value: unknown) => value is T;
}

/** Gives the value of a field if it is of its kind, and else throws. */
type Read = <T>(path: FieldPath, value: unknown, kind: Kind<T>) => T;

/** As deep as plain data may be, and the objects and lists around it. */
const deepest = 1_000 + 4;

/**
 * Reads a dump, or its JSON text. Throws `SNAPSHOT_INVALID`, naming the place, unless it is whole and as it was written;
 * `SNAPSHOT_NEWER` for one of a newer release, `SNAPSHOT_FOREIGN` for one of another agent.
 */
export function readDump(given: unknown, options: ReadOptions): SavedSession {
  const { from = "dump", agent } = options;
  const read: Read = (path, value, { expected, fits }) => {
    if (fits(value)) return value;
    throw invalid(from, path, { problem: "This is not what a dump holds here", expected, received: shownValue(value) });
  };
  const root = read([], typeof given === "string" ? parsedText(given, options) : given, anObject);
  read(["format"], root.format, theFormat);
  checkVersion(from, read(["version"], root.version, aVersion));
  const history = read(["history"], root.history, aList);
  const session: SavedSession = {
    id: read(["id"], root.id, aText),
    agent: read(["agent"], root.agent, textOrNull),
    tags: Object.fromEntries(
      Object.entries(read(["tags"], root.tags, anObject)).map(([name, text]) => [
        name,
        read(["tags", name], text, aText),
      ]),
    ),
    parent: read(["parent"], root.parent, textOrNull),
    children: read(["children"], root.children, aList).map((child, index) => read(["children", index], child, aText)),
    slices: read(["slices"], root.slices, aList).map((slice, index) =>
      sliceOf(read, from, index, slice, history.length),
    ),
    history: history.map((event, index) => eventOf(read, from, index, event)),
  };
  checkNames(from, session);
  checkDigests(read, from, session, root.digests);
  if (agent !== undefined && session.agent !== null && agent !== session.agent) {
    throw new WinkError("SNAPSHOT_FOREIGN", {
      at: from,
      problem: "The dump is of a session of another agent",
      expected: JSON.stringify(agent),
      received: JSON.stringify(session.agent),
      fix: "Read it for the agent that it was made for.",
      details: { expected: agent, received: session.agent },
    });
  }
  return session;
}

function parsedText(text: string, { from = "dump", maxLength = 64 * 1024 * 1024 }: ReadOptions): unknown {
  const parsed = parseJson(text, { maxLength, maxDepth: deepest });
  if (parsed.ok) return parsed.value;
  const isCut = text.length <= maxLength && !text.trimEnd().endsWith("}");
  throw invalid(from, [], {
    problem: `${isCut ? "The text is cut off, or no dump" : "The text cannot be read"}: ${parsed.problem}`,
    expected: "the JSON of one dump",
    received: text.trim() === "" ? "an empty text" : `a text of ${text.length} characters`,
  });
}

function checkVersion(from: string, version: number): void {
  if (version <= dumpVersion) return;
  throw new WinkError("SNAPSHOT_NEWER", {
    at: `${from}, version`,
    problem: "The dump was written by a newer release",
    expected: `version ${dumpVersion} or earlier`,
    received: `version ${version}`,
    details: { from: version, to: dumpVersion },
  });
}

function sliceOf(read: Read, from: string, place: number, value: unknown, events: number): SavedSlice {
  const at = ["slices", place];
  const slice = read(at, value, anObject);
  return {
    name: read([...at, "name"], slice.name, aText),
    version: read([...at, "version"], slice.version, aVersion),
    policy: read([...at, "policy"], slice.policy, aPolicy),
    heard: plain(from, [...at, "heard"], read([...at, "heard"], slice.heard, placesUpTo(events))),
    items: read([...at, "items"], slice.items, aList).map((item, index) => plain(from, [...at, "items", index], item)),
  };
}

function eventOf(read: Read, from: string, place: number, value: unknown): Event {
  const at = ["history", place];
  const { type, payload, rolledBack } = read(at, value, anObject);
  const mark = read([...at, "rolledBack"], rolledBack, aMark);
  return Object.freeze({
    type: read([...at, "type"], type, aText),
    payload: plain(from, [...at, "payload"], payload),
    ...(mark && { rolledBack: mark }),
  });
}

/** Data that nobody else holds. Only what was not read from text can fail here. */
function plain<T>(from: string, path: FieldPath, value: T): T {
  try {
    return plainCopy(value);
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    throw invalid(from, path, {
      problem: `The value cannot be kept: ${problemsText([error])}`,
      expected: "plain data",
      received: shownValue(value),
    });
  }
}

function checkNames(from: string, { slices }: SavedSession): void {
  const seen = new Set<string>();
  for (const [index, { name }] of slices.entries()) {
    if (seen.has(name)) {
      throw invalid(from, ["slices", index, "name"], {
        problem: "Two slices have one name",
        expected: "a name of its own",
        received: shownValue(name),
      });
    }
    seen.add(name);
  }
}

/** Compares each part with the digest that was written for it, so that the error can say which one was changed. */
function checkDigests(read: Read, from: string, session: SavedSession, value: unknown): void {
  const written = read(["digests"], value, anObject);
  const right = digestsOf(session);
  const compare = (part: FieldPath, what: string, found: unknown, digest: string | undefined): void => {
    if (found === digest) return;
    throw invalid(from, part, {
      problem: `${what} not as written: the dump was damaged, or edited by hand`,
      expected: "content of which the digest was made",
      received: "other content",
    });
  };
  compare([], "The id, agent, tags, parent or children are", written.header, right.header);
  const slices = read(["digests", "slices"], written.slices, aList);
  for (let index = 0; index < Math.max(slices.length, right.slices.length); index++)
    compare(["slices", index], "The slice is", slices[index], right.slices[index]);
  compare(["history"], "The history is", written.history, right.history);
}

/** The error for a dump, or a place in it, that cannot be read. */
function invalid(from: string, path: FieldPath, parts: Omit<ErrorParts, "at">): WinkError {
  const place = pathText(path);
  return new WinkError("SNAPSHOT_INVALID", {
    example: "restoreSession(JSON.stringify(session.dump()))",
    ...parts,
    at: place === "" ? from : `${from}, ${place}`,
    details: { from, place },
  });
}

const isList = (value: unknown): value is JsonArray => Array.isArray(value);
const anObject: Kind<JsonObject> = { expected: "an object", fits: isJsonObject };
const aList: Kind<JsonArray> = { expected: "a list", fits: isList };
const aText: Kind<string> = { expected: "text", fits: (value) => typeof value === "string" };
const textOrNull: Kind<string | null> = {
  expected: "text or null",
  fits: (value) => typeof value === "string" || value === null,
};
const theFormat: Kind<string> = { expected: JSON.stringify(dumpFormat), fits: (value) => value === dumpFormat };
const aVersion: Kind<number> = {
  expected: "a whole number from 1 on",
  fits: (value): value is number => Number.isInteger(value) && Number(value) > 0,
};
const aPolicy: Kind<SlicePolicy> = {
  expected: '"state" or "log"',
  fits: (value) => value === "state" || value === "log",
};
const aMark: Kind<true | undefined> = {
  expected: "true, or nothing",
  fits: (value) => value === true || value === undefined,
};

/** Pairs of places in a history of so many events, in order. */
const placesUpTo = (events: number): Kind<readonly HeardEvents[]> => ({
  expected: `pairs of places from 0 to ${events}, in order`,
  fits: (value): value is readonly HeardEvents[] =>
    isList(value) &&
    value.every((pair) => isList(pair) && pair.length === 2) &&
    [0, ...value.flat(), events].every(
      (place, index, all) => Number.isSafeInteger(place) && (index === 0 || Number(place) >= Number(all[index - 1])),
    ),
});
