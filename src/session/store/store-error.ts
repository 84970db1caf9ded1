import { type ErrorParts, messageFrom, WinkError } from "../../base/index.ts";
import type { ItemPlace } from "../saved-slice.ts";
import type { Slice } from "../slice.ts";

/** Where something stands in a file; lines are counted from 1. */
export interface FilePlace {
  readonly path: string;
  readonly line: number;
}

type StoreProblem = Omit<ErrorParts, "at" | "details"> & { readonly expected: string; readonly received: string };

/** The error for a line that cannot be read. */
export function storeInvalid({ path, line }: FilePlace, parts: StoreProblem): WinkError {
  return new WinkError("STORE_INVALID", { ...parts, at: `${path}, line ${line}`, details: { path, line } });
}

/** The place of an item, for its own error. */
export function itemPlace({ path, line }: FilePlace): ItemPlace {
  return { code: "STORE_INVALID", at: `${path}, line ${line}`, details: { path, line } };
}

/** Turns what the system says of a file into `STORE_FAILED`. */
export function failing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw storeFailed(path, cause);
  }
}

/** The error for what the system says of a file; one of the library's own stays as it is. */
export function storeFailed(path: string, cause: unknown): WinkError {
  if (WinkError.is(cause)) return cause;
  return new WinkError("STORE_FAILED", {
    at: path,
    problem: "The file of the slice cannot be used",
    expected: "a file that can be read and written",
    received: messageFrom(cause),
    details: { path },
    cause,
  });
}

/** The error for a store that is used after its end. */
export function storeClosed({ name }: Slice, why = "The store is closed"): WinkError {
  return new WinkError("STORE_CLOSED", { at: `store of slice "${name}"`, problem: why, details: { slice: name } });
}
