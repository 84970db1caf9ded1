/** The files that an agent works on: the port, memory, overlays over host folders, globs, and the token that tools borrow. */
export type {
  FileChange,
  FileSnapshot,
  FileStat,
  Filesystem,
  GlobOptions,
  GrepMatch,
  GrepOptions,
  GrepResult,
  ReadStreamOptions,
  ReadTextOptions,
  Waiting,
  WriteMode,
  WriteOptions,
} from "./filesystem.ts";
export { compileGlob, type GlobMatcher } from "./glob.ts";
export { guardFiles } from "./guard.ts";
export { type HostFilesystem, type HostOptions, hostFiles } from "./host/host-files.ts";
export { memoryFiles } from "./memory.ts";
export { defaultExclude, type Mount, type MountOptions, mountHost } from "./mount.ts";
export type { MountedFile, SkippedFile, SkipReason } from "./mount-walk.ts";
export { type OverlayFilesystem, overlayFiles } from "./overlay.ts";
export { checkPath, isUnder, joinPath, normalizePath, validatePath } from "./paths.ts";
export { largestFile } from "./size.ts";
export { files } from "./token.ts";
export type { MemoryFilesystem } from "./tree-files.ts";
