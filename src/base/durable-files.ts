/** What files need to be there after a crash. Throws what the system says. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/** Writes a whole text, or all bytes; gives how many bytes. */
export function writeAll(handle: number, content: string | Uint8Array): number {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  let written = 0;
  while (written < bytes.length) written += writeSync(handle, bytes, written);
  return bytes.length;
}

/** Writes a folder's list of files to the disk, so that a new name is found after a power cut. Windows cannot, and need not. */
export function syncFolder(directory: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The system's name for an error, such as `EACCES`; undefined for one that is not the system's. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
