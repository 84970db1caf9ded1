import { present } from "../../base/index.ts";
import { gone, type Keys, type PlaceTable, type Slot } from "./place-table.ts";

/**
 * Versions of a list that have the same at every place that they know of; newer ones know of more. One line of a list owns
 * the table in which all stands. Another knows which line it lost the table to, and the one place at which they differ; when
 * it is asked, it takes the table back. So who stays on one line pays nothing for the others, and going to another costs
 * what differs between the two.
 */
export class Line<Item> {
  #table: PlaceTable<Item> | undefined;
  /** Of a line without the table: the one that it lost it to, where they differ, and what the line itself has there. */
  #newer: Line<Item> | undefined;
  #place = 0;
  #slot: Slot<Item> = gone;

  constructor(table: PlaceTable<Item>) {
    this.#table = table;
  }

  /** The table as this line has it, good until another line is asked for its own. */
  get table(): PlaceTable<Item> {
    return this.#table ?? this.#takeBack();
  }

  /** The line that has something else at a place: this one when nothing stands there yet. */
  put(place: number, slot: Slot<Item>, keys: Keys): Line<Item> {
    const { table } = this;
    const isNew = place === table.size;
    const lost = table.put(place, slot, keys);
    if (isNew) return this;
    const line = new Line(table);
    this.#lose(line, place, lost);
    return line;
  }

  #lose(newer: Line<Item>, place: number, slot: Slot<Item>): void {
    this.#table = undefined;
    this.#newer = newer;
    this.#place = place;
    this.#slot = slot;
  }

  #takeBack(): PlaceTable<Item> {
    const way: Line<Item>[] = [];
    let owner: Line<Item> = this;
    for (; owner.#newer !== undefined; owner = owner.#newer) way.push(owner);
    const table = present(owner.#table, "No line of a list has its table");
    for (const line of way.reverse()) {
      const slot = table.put(line.#place, line.#slot, table.keysOf(line.#slot));
      owner.#lose(line, line.#place, slot);
      line.#table = table;
      line.#newer = undefined;
      line.#slot = gone;
      owner = line;
    }
    return table;
  }
}
