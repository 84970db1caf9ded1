import { WinkError } from "../base/index.ts";
import { textContent } from "./content.ts";
import { shownPath } from "./file-error.ts";
import type { FileSnapshot } from "./filesystem.ts";
import { withInstant } from "./instant.ts";
import type { Mount } from "./mount.ts";
import {
  type DirectoryNode,
  emptyDirectory,
  findDeepest,
  findNode,
  newOwner,
  type Owner,
  type TreeNode,
  withNode,
} from "./tree.ts";
import { type MemoryFilesystem, treeFiles } from "./tree-files.ts";

/** Mounted files, with everything written since kept in memory. */
export interface OverlayFilesystem extends MemoryFilesystem {
  /** The content as it was mounted: `changes(base)` tells what was done since, `view(base)` shows it as it was. */
  readonly base: FileSnapshot;
}

/** Lays a writable layer in memory over mounts. The host is not written, and not read again. */
export function overlayFiles(...mounts: readonly Mount[]): OverlayFilesystem {
  const owner = newOwner();
  let root = emptyDirectory(owner);
  for (const mount of mounts) {
    for (const path of mount.directories) {
      if (findNode(root, path)?.kind !== "directory") root = placed(root, owner, path, emptyDirectory(owner));
    }
    for (const { path, text } of mount.files)
      root = placed(root, owner, path, { kind: "file", content: textContent(text, path) });
  }
  const { files, instant } = treeFiles(root);
  return withInstant({ ...files, base: instant.snapshot() }, instant);
}

function placed(root: DirectoryNode, owner: Owner, path: string, node: TreeNode): DirectoryNode {
  const there = findDeepest(root, path).node;
  if (there.kind === "file" || findNode(root, path) !== undefined) {
    throw new WinkError("MOUNT_INVALID", {
      at: shownPath(path),
      problem: "Two mounts have something at this path",
      expected: "what one of them has",
      received: `a ${there.kind} and a ${node.kind}`,
      fix: "Give the mounts different directories with `at`.",
    });
  }
  return withNode(root, owner, path, node);
}
