/**
 * A session as plain JSON, the one form in which it leaves memory. Version 1 of the form. It names no code: slices are found
 * by name among those that the reader gives. It is exact and not redacted, so it is as private as the session.
 */
import {
  canonicalJson,
  type JsonValue,
  NotPlain,
  plainCopy,
  problemsText,
  sha256,
  shownValue,
  WinkError,
} from "../base/index.ts";
import type { Event } from "./event.ts";
import type { SavedSlice } from "./saved-slice.ts";

/** What a dump begins with, to be told from other files. */
export const dumpFormat = "weakincentives/session";
/** The version that this release reads and writes. */
export const dumpVersion = 1;

/** A session in a dump. */
export interface SavedSession {
  readonly id: string;
  /** The name of the prompt that it belongs to, if it was given. */
  readonly agent: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** The parent's id. */
  readonly parent: string | null;
  /** The ids of the children. */
  readonly children: readonly string[];
  /** By name. */
  readonly slices: readonly SavedSlice[];
  /** Every event, oldest first. */
  readonly history: readonly Event[];
}

/** A session as plain JSON, with what is needed to see whether it is whole. */
export interface SessionDump extends SavedSession {
  readonly format: typeof dumpFormat;
  readonly version: typeof dumpVersion;
  readonly digests: DumpDigests;
}

/** The SHA-256 of the canonical JSON of each part of a dump. */
export interface DumpDigests {
  /** Of all else but format and version. */
  readonly header: string;
  /** Of each slice, in their order. */
  readonly slices: readonly string[];
  readonly history: string;
}

/** Writes a session. Throws `EVENT_INVALID` for an event whose payload JSON cannot hold. */
export function dumpOf(session: SavedSession): SessionDump {
  const plain = { ...session, history: session.history.map(plainEvent) };
  return { format: dumpFormat, version: dumpVersion, ...plain, digests: digestsOf(plain) };
}

/** The digests that belong to the parts of a dump. */
export function digestsOf({ slices, history, ...header }: SavedSession): DumpDigests {
  const digest = (part: unknown): string => sha256(canonicalJson(part as JsonValue)); // as: what stands in a dump is plain
  return { header: digest(header), slices: slices.map(digest), history: digest(history) };
}

/** An event as JSON. One made by hand may hold anything, unless it came from a fork. */
function plainEvent({ type, payload, rolledBack }: Event, index: number): Event {
  try {
    return { type, payload: plainCopy(payload), ...(rolledBack && { rolledBack }) };
  } catch (error) {
    if (!(error instanceof NotPlain)) throw error;
    throw new WinkError("EVENT_INVALID", {
      at: `history[${index}], event "${type}"`,
      problem: `The payload cannot be written: ${problemsText([error])}`,
      expected: "plain data",
      received: shownValue(payload),
      fix: "Make events with their definition, which refuses such payloads.",
      details: { type, event: index, path: error.path },
    });
  }
}
