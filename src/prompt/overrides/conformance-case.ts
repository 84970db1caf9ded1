import assert from "node:assert/strict";
import { type ErrorCode, WinkError } from "../../base/index.ts";
import type { OverrideFile } from "./override-file.ts";
import type { OverrideId } from "./override-id.ts";
import type { OverrideStore } from "./override-store.ts";

/** A store over storage that no one else uses. */
export interface OverrideHarness {
  readonly store: OverrideStore;
  /** Another store over the same storage, as another process would have it; the same one when there is no other way. */
  again(): OverrideStore;
}

/** One promise of the port and its proof. */
export interface OverrideConformanceCase {
  /** Its number in the header of the port. */
  readonly id: string;
  readonly claim: string;
  /** Throws when a store does not keep the promise; `make` gives a new one each time. */
  check(make: () => Promise<OverrideHarness>): Promise<void>;
}

export const latest: OverrideId = { ns: "webapp/agents", key: "welcome", tag: "latest" };

/** Adds an entry for a section. */
export const withBody =
  (path: string, body: string, id: OverrideId = latest) =>
  (file?: OverrideFile): OverrideFile => ({
    ...id,
    sections: { ...file?.sections, [path]: { expected_hash: "0".repeat(64), body } },
    tools: file?.tools ?? {},
    at: "test",
  });

/** The bodies of a file by path; undefined when there is none. */
export function bodiesOf(file: OverrideFile | undefined): Readonly<Record<string, unknown>> | undefined {
  if (file === undefined) return undefined;
  const bodies = Object.entries(file.sections).map(([path, entry]) => [path, (entry as { body?: unknown }).body]); // as: `withBody` made it
  return Object.fromEntries(bodies);
}

/** Fails unless the work throws a `WinkError` of this code. */
export async function refuses(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert(WinkError.is(error), `expected ${code}, got ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return true;
  });
}
