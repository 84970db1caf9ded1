import { FrozenView } from "../frozen-view.ts";
import type { JournalPlace } from "../journal-place.ts";
import type { Slice } from "../slice.ts";
import type { SliceView } from "../view.ts";
import { type Change, changeOf } from "./operation-line.ts";
import type { SliceStore } from "./slice-store.ts";
import type { Source } from "./source.ts";
import { storeClosed } from "./store-error.ts";
import { StoredList } from "./stored-list.ts";

/** Makes a store that lasts as long as the process: for tests, and where nothing has to stay. */
export function memoryStore<Item>(slice: Slice<Item>): SliceStore<Item> {
  const source: Source<Item> = { slice, version: slice.version, path: `store of slice "${slice.name}"` };
  const place = { source, line: 0 };
  let list = StoredList.indexed(StoredList.of(source));
  let applied: JournalPlace | undefined;
  let isClosed = false;
  const open = (): void => {
    if (isClosed) throw storeClosed(slice);
  };
  const after = (changes: readonly Change[], before: StoredList<Item>): StoredList<Item> =>
    changes.reduce((next, change) => StoredList.change(next, change, place), before);
  const prepare: SliceStore<Item>["prepare"] = (operations, of) => {
    open();
    const changes = operations.map((operation) => changeOf(slice, operation, of));
    const from = list;
    const next = after(changes, from);
    return () => {
      open();
      list = list === from ? next : after(changes, list);
      applied = of ?? applied;
    };
  };
  return {
    slice,
    get applied() {
      return applied;
    },
    view: (): SliceView<Item> => new FrozenView(list),
    apply: (operation, of) => prepare([operation], of)(),
    prepare,
    flush: async () => open(),
    refresh: async () => open(),
    compact: async () => open(),
    async [Symbol.asyncDispose]() {
      isClosed = true;
    },
  };
}
