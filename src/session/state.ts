import type { Event } from "./event.ts";
import { PersistentList } from "./persistent-list.ts";
import type { SliceList } from "./slice-list.ts";

/** Slices and history of a session at one moment, never changed. Lists stand at the index of their slice. */
export interface State {
  /** Shorter than the slices are many until the first event after an installation. */
  readonly lists: readonly SliceList<unknown>[];
  /** For each of the lists: how many events there were when it began. */
  readonly since: readonly number[];
  readonly history: PersistentList<Event>;
}

/** The state before any event. */
export const emptyState: State = { lists: [], since: [], history: PersistentList.empty };
