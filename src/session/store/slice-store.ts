/**
 * The port of what keeps the items of a slice beyond a session. A store keeps these promises, which `conformance.ts` proves:
 *
 * S1 `view()` shows at once what was applied, and later operations do not change it.
 * S2 An operation is applied whole or not at all; one that cannot be written back is refused with `ITEM_INVALID`.
 * S3 What was applied before a `flush` is there, in order, for whoever opens the store after it has returned.
 * S4 Appenders at the same time lose nothing of each other; what one of them adds is in its own order.
 * S5 `refresh()` shows what others have added; what is not flushed yet comes behind it.
 * S6 `applied` is the journal entry of the newest operation that has one, and comes back with the items.
 * S7 `compact()` changes no item.
 * S8 A closed store refuses with `STORE_CLOSED`, except that it can be closed again.
 */
import type { JournalPlace } from "../journal-place.ts";
import type { SliceOp } from "../operation.ts";
import type { Slice } from "../slice.ts";
import type { SliceView } from "../view.ts";

/** Keeps the items of one slice beyond a session. Closed by whoever opened it, which flushes it. */
// any: a list of stores holds those of slices of every item
export interface SliceStore<Item = any> extends AsyncDisposable {
  readonly slice: Slice<Item>;
  /** The newest journal entry of which it holds the events, for a run to go on from. */
  readonly applied: JournalPlace | undefined;
  /** The items at this moment, also those that are not flushed yet; frozen. */
  view(): SliceView<Item>;
  /**
   * Applies an operation, without input or output. `place` is the journal entry to which it belongs. Throws `ITEM_INVALID` for an item that could not be read back, `KEY_TAKEN` and `REDUCER_FAILED` as indexes do.
   */
  apply(operation: SliceOp<Item>, place?: JournalPlace): void;
  /** The same in two steps for several operations: all are checked now, and applied, at once, by the function given back. */
  prepare(operations: readonly SliceOp<Item>[], place?: JournalPlace): () => void;
  /** What was applied before is safe when this returns, as safe as the store promises. */
  flush(): Promise<void>;
  /** Takes in what others have added. */
  refresh(): Promise<void>;
  /** Flushes, and writes the items anew in the shortest form, which is the fastest to read. */
  compact(): Promise<void>;
}
