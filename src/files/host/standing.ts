import { createHash } from "node:crypto";
import type { FileChange } from "../filesystem.ts";

/**
 * What stood at a path, so that it can stand there again. The content of a file is named by a hash as git makes it, so that
 * what was kept by us and what was kept by git go by one name.
 */
export type Standing =
  | { readonly kind: "nothing" }
  | { readonly kind: "file"; readonly blob: string; readonly mode: number }
  | { readonly kind: "directory"; readonly mode: number }
  | { readonly kind: "link"; readonly target: string }
  /** Something that others have made, of which nothing can be kept. */
  | { readonly kind: "unkept" };

/** Nothing stands there. */
export const nothingThere: Standing = { kind: "nothing" };

/** Begins the hash of a content of this many bytes; the content is to follow. As git names a blob, by SHA-1. */
export const blobHash = (size: number): ReturnType<typeof createHash> => createHash("sha1").update(`blob ${size}\0`);

/** Whether two are the same, permissions included. */
export function sameStanding(a: Standing, b: Standing): boolean {
  if (a.kind === "file" && b.kind === "file") return a.blob === b.blob && a.mode === b.mode;
  if (a.kind === "link" && b.kind === "link") return a.target === b.target;
  if (a.kind === "directory" && b.kind === "directory") return a.mode === b.mode;
  return a.kind === b.kind;
}

/** How a file, or a link, has changed; undefined when it has not, and for directories. */
export function changeOf(before: Standing, after: Standing): FileChange["kind"] | undefined {
  const [was, is] = [isContent(before), isContent(after)];
  if (was && is) return sameStanding(before, after) ? undefined : "modified";
  if (was) return "removed";
  return is ? "added" : undefined;
}

const isContent = ({ kind }: Standing): boolean => kind !== "nothing" && kind !== "directory";
