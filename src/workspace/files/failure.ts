import { problemFrom, suggest, WinkError } from "../../base/index.ts";
import type { Filesystem } from "../../files/index.ts";
import { fail, type ToolFail, type ToolResult } from "../../tool/index.ts";

/** What the files refuse because of what the model asked for; anything else is not the model's to mend. */
const told: ReadonlySet<string> = new Set([
  "PATH_INVALID",
  "PATTERN_INVALID",
  "FILE_MISSING",
  "FILE_EXISTS",
  "FILE_IS_DIRECTORY",
  "FILE_NOT_DIRECTORY",
  "FILE_NOT_TEXT",
  "FILE_TOO_LARGE",
  "FILES_READ_ONLY",
]);

/** Does the work of a tool; what the files refuse becomes a failed result. */
export async function attempt<Value>(work: () => Promise<ToolResult<Value>>): Promise<ToolResult<Value>> {
  try {
    return await work();
  } catch (error) {
    if (WinkError.is(error) && told.has(error.code)) return fail(problemOf(error));
    throw error;
  }
}

/** What is wrong, for a model; the advice about patterns is meant for it, too. */
export function problemOf(error: WinkError): string {
  const fix = error.code === "PATTERN_INVALID" ? (error.parts.fix ?? "") : "";
  return `${problemFrom(error)} ${fix}`.trimEnd();
}

/** Says that nothing stands at a path, and what may have been meant. */
export async function missing(fs: Filesystem, path: string, signal: AbortSignal): Promise<ToolFail> {
  const near = await nearest(fs, path, signal);
  const hint =
    near.length === 0
      ? "Use `ls` or `glob` to see what is there."
      : `Did you mean ${near.map((name) => JSON.stringify(name)).join(" or ")}?`;
  return fail(`There is no ${JSON.stringify(path)}. ${hint}`);
}

/** Files and directories of the same name elsewhere, else of a name or path that is near; at most three. */
async function nearest(fs: Filesystem, path: string, signal: AbortSignal): Promise<readonly string[]> {
  const files = await fs.glob("**", { signal });
  const paths = new Set(files);
  for (const file of files)
    for (let at = file.indexOf("/"); at > 0; at = file.indexOf("/", at + 1)) paths.add(file.slice(0, at));
  const name = lastName(path);
  const same = [...paths].filter((other) => lastName(other) === name);
  if (same.length > 0) return same.slice(0, 3);
  const parent = path.slice(0, -name.length);
  const siblings = [...paths].filter((other) => other.startsWith(parent) && !other.slice(parent.length).includes("/"));
  const near = suggest(name, siblings.map(lastName)).map((sibling) => parent + sibling);
  return near.length > 0 ? near : suggest(path, paths);
}

const lastName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
