import { realpathSync, statSync } from "node:fs";
import { WinkError } from "../../base/index.ts";
import { codeOf } from "./host-error.ts";
import { type HostFolder, openBelow } from "./host-open.ts";

/** Finds a folder of the host, with all links resolved. Throws `MOUNT_INVALID` unless there is one that can be read. */
export function openHostFolder(root: string): HostFolder {
  const refuse = (problem: string, cause?: unknown): WinkError =>
    new WinkError("MOUNT_INVALID", { at: JSON.stringify(root), problem, details: { root }, cause });
  if (root === "" || root.includes("\0")) throw refuse("The path of a folder is needed");
  try {
    const folder: HostFolder = { path: realpathSync.native(root) };
    if (!statSync(folder.path).isDirectory()) throw refuse("This is not a folder");
    using handle = openBelow(folder, "", "directory");
    if (handle === undefined) throw refuse("The folder was changed while it was opened");
    return folder;
  } catch (error) {
    if (WinkError.is(error)) throw error;
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") throw refuse("There is no such folder", error);
    throw refuse(`The folder cannot be read (the system says ${code})`, error);
  }
}
