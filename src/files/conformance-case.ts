import assert from "node:assert/strict";
import { type ErrorCode, WinkError } from "../base/index.ts";
import type { Filesystem } from "./filesystem.ts";

/** One promise of the port and its proof. */
export interface FileConformanceCase {
  /** Its number in the header of the port. */
  readonly id: string;
  readonly claim: string;
  /** Throws when an empty filesystem does not keep the promise. */
  check(fs: Filesystem): Promise<void>;
}

/** Fails unless the work throws a `WinkError` of this code. */
export async function refuses(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert(WinkError.is(error), `expected ${code}, got ${String(error)}`);
    assert.equal(error.code, code, error.message);
    return true;
  });
}

/** The text of every file, by path. */
export async function contents(fs: Filesystem): Promise<Record<string, string | undefined>> {
  const paths = await fs.glob("**");
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await fs.readText(path)] as const)));
}

/** Bytes of these values. */
export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
