import { dispatchedPlain, type Event } from "./event.ts";
import { FrozenView } from "./frozen-view.ts";
import { PersistentList } from "./persistent-list.ts";
import type { Registry } from "./registry.ts";
import type { SessionFork } from "./session.ts";
import type { Slice } from "./slice.ts";
import { branchList } from "./slice-list.ts";
import type { State } from "./state.ts";
import type { SliceView } from "./view.ts";

/** A private continuation of a state. */
export class Fork implements SessionFork {
  readonly #registry: Registry;
  readonly #from: number;
  #state: State;
  #branched = false;

  constructor(registry: Registry, state: State) {
    this.#registry = registry;
    this.#state = state;
    this.#from = state.history.length;
  }

  dispatch(event: Event): void {
    const kept = dispatchedPlain(event);
    if (!this.#branched) {
      // the session's own appends stay one push each, whatever its forks do
      const { lists, since, history } = this.#state;
      this.#state = { lists: lists.map(branchList), since, history: PersistentList.branch(history) };
      this.#branched = true;
    }
    this.#state = this.#registry.next(this.#state, kept);
  }

  query<Item>(slice: Slice<Item>): SliceView<Item> {
    return new FrozenView(this.#registry.list(this.#state, slice));
  }

  events(): readonly Event[] {
    const events: Event[] = [];
    for (let index = this.#from; index < this.#state.history.length; index++) {
      events.push(this.#state.history.at(index) as Event); // as: the index is below the length
    }
    return events;
  }
}
