import assert from "node:assert/strict";
import { type ErrorCode, WinkError } from "../base/index.ts";
import type { JournalStep } from "./entry.ts";
import type { Journal } from "./journal.ts";

/** A journal over storage that no one else uses. */
export interface JournalHarness {
  readonly journal: Journal;
  /** Another journal over the same storage, as another process would have it; the same one when there is no other way. */
  again(): Journal;
}

/** One promise of the port and its proof. */
export interface JournalConformanceCase {
  /** Its number in the header of the port. */
  readonly id: string;
  readonly claim: string;
  /** Throws when a journal does not keep the promise; `make` gives a new one each time. */
  check(make: () => Promise<JournalHarness>): Promise<void>;
}

/** A step that says no more than its number. */
export function step(number: number): JournalStep {
  return { type: "run/finished", status: "partial", turns: number, usage: {} };
}

/** A step that holds any JSON. */
export function started(params: unknown): JournalStep {
  const about = {
    prompt: "a:b",
    definition: "hash",
    session: { id: "s", events: 0 },
    model: { provider: "p", name: "m" },
  };
  return { type: "run/started", ...about, params: params as never }; // as: each is JSON, or there to be refused
}

/** The numbers of the steps that are read. */
export async function numbers(journal: Journal, runId: string): Promise<readonly unknown[]> {
  return (await journal.read(runId)).map((entry) => "turns" in entry && entry.turns);
}

/** Fails unless the work throws a `WinkError` of this code. */
export async function refuses(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert(WinkError.is(error), `expected ${code}, got ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return true;
  });
}
