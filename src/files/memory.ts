/** Files in memory, and views of what their snapshots hold. */
import { byteContent, textContent } from "./content.ts";
import { fileError } from "./file-error.ts";
import { checkPath } from "./paths.ts";
import { checkSize } from "./size.ts";
import { emptyDirectory, findNode, newOwner, withNode } from "./tree.ts";
import { checkTarget } from "./tree-checks.ts";
import { type MemoryFilesystem, treeFiles } from "./tree-files.ts";

/** Makes files in memory. The names of `initial` may be any that a mounted folder may have. */
export function memoryFiles(initial: Readonly<Record<string, string | Uint8Array>> = {}): MemoryFilesystem {
  const owner = newOwner();
  let root = emptyDirectory(owner);
  for (const [name, value] of Object.entries(initial)) {
    const path = checkPath(name);
    checkTarget((at) => findNode(root, at)?.kind, path, "any");
    if (findNode(root, path) !== undefined)
      throw fileError("FILE_EXISTS", path, "The path is taken", {
        expected: "one initial file of it",
        received: "two",
      });
    const content = typeof value === "string" ? textContent(value, path) : byteContent(value.slice());
    checkSize(content.size, path);
    root = withNode(root, owner, path, { kind: "file", content });
  }
  return treeFiles(root).files;
}
