import type { ModelName } from "../journal/index.ts";
import type { Model } from "../model/index.ts";

/** The models of a run, in the order in which one stands in for those before it. */
export class ModelLine {
  /** The run's own model. */
  readonly first: Model;
  readonly all: readonly Model[];
  #place = 0;
  #current: Model;

  constructor(first: Model, fallbacks: readonly Model[] = []) {
    this.first = first;
    this.all = [first, ...fallbacks];
    this.#current = first;
  }

  /** The one that is asked. */
  get current(): Model {
    return this.#current;
  }

  /** The one that is asked when this one cannot answer; undefined when there is no other. */
  get next(): Model | undefined {
    return this.all[this.#place + 1];
  }

  /** Lets a model stand in for those before it. */
  moveTo(place: number): void {
    this.#place = place;
    this.#current = this.all[place] ?? this.first;
  }

  /** Lets the next one stand in. */
  moveOn(): void {
    this.moveTo(this.#place + 1);
  }

  /** Takes up the place to which a record has come by these models; the first one, when the last of them is not here. */
  goOnFrom(fallbacks: readonly ModelName[]): void {
    const last = fallbacks.at(-1);
    if (last === undefined) return;
    const isThere = isSame(last, this.all[fallbacks.length]);
    this.moveTo(
      isThere
        ? fallbacks.length
        : Math.max(
            0,
            this.all.findIndex((one) => isSame(last, one)),
          ),
    );
  }
}

/** Whether two names are of one model. */
export const isSame = (a: ModelName | undefined, b: ModelName | undefined): boolean =>
  a?.provider === b?.provider && a?.name === b?.name;

/** The name of a model, as journals keep it. */
export const nameOf = ({ provider, name }: ModelName): ModelName => ({ provider, name });

/** The name of a model, for people. */
export const shownName = ({ provider, name }: ModelName): string => `${provider}/${name}`;
