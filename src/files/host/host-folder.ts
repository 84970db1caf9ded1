import { realpathSync, statSync } from "node:fs";
import { WinkError } from "../../base/index.ts";
import { codeOf } from "./host-error.ts";
import { type HostFolder, openBelow } from "./host-open.ts";

/** Finds a folder of the host, with all links resolved. Throws `MOUNT_INVALID` unless there is one that can be read. */
export function openHostFolder(root: string): HostFolder {
  const refuse = (received: string, cause?: unknown): WinkError =>
    new WinkError("MOUNT_INVALID", {
      at: JSON.stringify(root),
      problem: "It cannot be opened",
      expected: "the path of a folder that can be read",
      received,
      details: { root },
      cause,
    });
  if (root === "" || root.includes("\0")) throw refuse("no path");
  try {
    const folder: HostFolder = { path: realpathSync.native(root) };
    if (!statSync(folder.path).isDirectory()) throw refuse("something that is no folder");
    using handle = openBelow(folder, "", "directory");
    if (handle === undefined) throw refuse("one that was changed while it was opened");
    return folder;
  } catch (error) {
    if (WinkError.is(error)) throw error;
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") throw refuse("nothing there", error);
    throw refuse(`${code} from the system`, error);
  }
}
