/**
 * Overrides as files below a folder, such as that of a repository: `.weakincentives/prompts/overrides/NS/KEY/TAG.json`.
 * Texts that people review and commit, so they have the ordinary permissions. Files are small and read and written at once;
 * only the wait for another process is one.
 */
import { hash } from "node:crypto";
import { type Clock, messageFrom, systemClock } from "../../base/index.ts";
import { changedFile } from "./changed-file.ts";
import { exclusively } from "./folder-lock.ts";
import { parseOverrideFile } from "./override-file.ts";
import {
  decoded,
  idsBelow,
  makeFolder,
  modifiedAt,
  overridesFolder,
  pathOf,
  readBytes,
  readText,
  removeFile,
  writeWhole,
} from "./override-folder.ts";
import { checkId, compareIds, type OverrideId } from "./override-id.ts";
import type { OverrideStore, OverrideSummary } from "./override-store.ts";
import { summarizeFile } from "./summarize-file.ts";

/** What {@link localOverrides} takes. */
export interface LocalOverridesOptions {
  /** The folder that holds `.weakincentives`: see {@link findOverridesRoot}. */
  readonly root: string;
  readonly clock?: Clock;
}

/** Makes a store over a folder. Nothing has to be closed. */
export function localOverrides(options: LocalOverridesOptions): OverrideStore {
  const { root, clock = systemClock } = options;
  return {
    async load(id, { signal } = {}) {
      signal?.throwIfAborted();
      checkId(id);
      const path = pathOf(overridesFolder(root), id);
      const text = readText(path);
      return text === undefined ? undefined : parseOverrideFile(text, id, path);
    },
    async update(id, change, { signal } = {}) {
      signal?.throwIfAborted();
      checkId(id);
      const folder = overridesFolder(root);
      const path = pathOf(folder, id);
      makeFolder(folder);
      const work = () => {
        const { file, text } = changedFile(readText(path), id, path, change);
        if (text !== undefined) writeWhole(folder, path, text);
        return file;
      };
      return exclusively(folder, work, { clock, signal });
    },
    async delete(id, { signal } = {}) {
      signal?.throwIfAborted();
      checkId(id);
      const folder = overridesFolder(root);
      const path = pathOf(folder, id);
      const isThere = (): boolean => modifiedAt(path) !== undefined;
      if (isThere()) await exclusively(folder, () => isThere() && removeFile(path), { clock, signal });
    },
    async list({ signal } = {}) {
      signal?.throwIfAborted();
      const folder = overridesFolder(root);
      const ids = await idsBelow(folder, signal);
      return ids.flatMap((id) => summaryOf(id, pathOf(folder, id))).sort(compareIds);
    },
  };
}

/** None for a file that was deleted after its name was read. */
function summaryOf(id: OverrideId, path: string): readonly OverrideSummary[] {
  const modified = modifiedAt(path);
  if (modified === undefined) return [];
  const about = { ...id, path, modified };
  try {
    const bytes = readBytes(path);
    if (bytes === undefined) return [];
    const sha256 = hash("sha256", bytes, "hex");
    return [{ ...about, sha256, ...summarizeFile(id, path, () => decoded(bytes, path)) }];
  } catch (error) {
    return [{ ...about, sha256: undefined, sections: 0, tools: 0, problem: messageFrom(error) }];
  }
}
