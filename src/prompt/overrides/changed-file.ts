import { formatOverrideFile, type OverrideFile, parseOverrideFile } from "./override-file.ts";
import type { OverrideId } from "./override-id.ts";

/** A file after a change, and its text if there is something to write. */
export interface ChangedFile {
  readonly file: OverrideFile | undefined;
  readonly text?: string;
}

/** What a store writes in an update: pure, so that every store does the same. Throws `OVERRIDES_INVALID`. */
export function changedFile(
  before: string | undefined,
  id: OverrideId,
  at: string,
  change: (file: OverrideFile | undefined) => OverrideFile | undefined,
): ChangedFile {
  const present = before === undefined ? undefined : parseOverrideFile(before, id, at);
  const next = change(present);
  if (next === undefined) return { file: present };
  const text = formatOverrideFile(next);
  const file = parseOverrideFile(text, id, at); // what could not be read back is not written
  return text === before ? { file } : { file, text };
}
