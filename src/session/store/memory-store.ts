import { FrozenView } from "../frozen-view.ts";
import type { JournalPlace } from "../journal-place.ts";
import { applyOperation } from "../operation.ts";
import type { Slice } from "../slice.ts";
import { emptyList } from "../slice-list.ts";
import type { SliceView } from "../view.ts";
import { changeOf } from "./operation-line.ts";
import type { SliceStore } from "./slice-store.ts";
import { storeClosed } from "./store-error.ts";

/** Makes a store that lasts as long as the process: for tests, and where nothing has to stay. */
export function memoryStore<Item>(slice: Slice<Item>): SliceStore<Item> {
  let list = emptyList(slice);
  let applied: JournalPlace | undefined;
  let isClosed = false;
  const open = (): void => {
    if (isClosed) throw storeClosed(slice);
  };
  const prepare: SliceStore<Item>["prepare"] = (operations, place) => {
    open();
    for (const operation of operations) changeOf(slice, operation, place); // what could not be written is refused here too
    const next = operations.reduce((before, operation) => applyOperation(before, operation), list);
    return () => {
      list = next;
      applied = place ?? applied;
    };
  };
  return {
    slice,
    get applied() {
      return applied;
    },
    view: (): SliceView<Item> => new FrozenView(list),
    apply: (operation, place) => prepare([operation], place)(),
    prepare,
    flush: async () => open(),
    refresh: async () => open(),
    compact: async () => open(),
    async [Symbol.asyncDispose]() {
      isClosed = true;
    },
  };
}
