/** What the agent changed in its overlay, as a patch for `git apply`. */
import { structuredPatch } from "diff";
import type { OverlayFilesystem } from "weakincentives/files";

/** A proposed patch. */
export interface Patch {
  /** A unified diff; empty when nothing was changed. */
  readonly text: string;
  readonly files: readonly string[];
}

/**
 * Makes the patch. There is no `diff --git` line on purpose: without it `git apply` takes the paths as they are from
 * where it stands, also below the root of a git repository.
 */
export async function patchOf(fs: OverlayFilesystem): Promise<Patch> {
  const base = fs.view(fs.base);
  let text = "";
  const changed: string[] = [];
  for (const { path, kind } of await fs.changes(fs.base)) {
    const before = kind === "added" ? "" : ((await base.readText(path)) ?? "");
    const after = kind === "removed" ? "" : ((await fs.readText(path)) ?? "");
    const { hunks } = structuredPatch(path, path, before, after, undefined, undefined, { context: 3 });
    if (hunks.length === 0) continue; // an empty file came or went: a patch without hunks is none
    const from = kind === "added" ? "/dev/null" : named("a", path);
    const to = kind === "removed" ? "/dev/null" : named("b", path);
    text += `--- ${from}\n+++ ${to}\n`;
    for (const { oldStart, oldLines, newStart, newLines, lines } of hunks) {
      text += `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n${lines.join("\n")}\n`;
    }
    changed.push(path);
  }
  return { text, files: changed };
}

/** A path as git writes it: in quotes when it has odd signs, with a tab after it when it has spaces. */
function named(side: string, path: string): string {
  const name = `${side}/${path}`;
  if (/["\\\p{Cc}]/u.test(name)) return JSON.stringify(name);
  return name.includes(" ") ? `${name}\t` : name;
}
