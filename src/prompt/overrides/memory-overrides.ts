/** Overrides in memory, for tests and for optimizers that keep nothing. Kept as text, as on disk. */
import { type Clock, sha256, systemClock } from "../../base/index.ts";
import { changedFile } from "./changed-file.ts";
import { parseOverrideFile } from "./override-file.ts";
import { checkId, compareIds, idText, type OverrideId } from "./override-id.ts";
import type { OverrideStore } from "./override-store.ts";
import { summarizeFile } from "./summarize-file.ts";

/** Makes an empty store in memory. */
export function memoryOverrides(options: { readonly clock?: Clock } = {}): OverrideStore {
  const { clock = systemClock } = options;
  const kept = new Map<string, { readonly id: OverrideId; readonly text: string; readonly modified: number }>();
  return {
    async load(id, { signal } = {}) {
      signal?.throwIfAborted();
      checkId(id);
      const text = kept.get(idText(id))?.text;
      return text === undefined ? undefined : parseOverrideFile(text, id, idText(id));
    },
    async update({ ns, key, tag }, change, { signal } = {}) {
      signal?.throwIfAborted();
      const id = { ns, key, tag };
      checkId(id);
      const name = idText(id);
      const { file, text } = changedFile(kept.get(name)?.text, id, name, change);
      if (text !== undefined) kept.set(name, { id, text, modified: clock.now() });
      return file;
    },
    async delete(id, { signal } = {}) {
      signal?.throwIfAborted();
      checkId(id);
      kept.delete(idText(id));
    },
    async list({ signal } = {}) {
      signal?.throwIfAborted();
      return [...kept]
        .map(([name, { id, text, modified }]) => ({
          ...id,
          modified,
          sha256: sha256(text),
          ...summarizeFile(id, name, () => text),
        }))
        .sort(compareIds);
    },
  };
}
