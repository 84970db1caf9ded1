import type { ModelName } from "../journal/index.ts";
import type { Model } from "../model/index.ts";

/** The models of a run, in the order in which one stands in for those before it. */
export class ModelLine {
  /** The run's own model. */
  readonly first: Model;
  readonly all: readonly Model[];
  #place = 0;

  constructor(first: Model, fallbacks: readonly Model[] = []) {
    this.first = first;
    this.all = [first, ...fallbacks];
  }

  /** The one that is asked. */
  get current(): Model {
    return this.all[this.#place] ?? this.first;
  }

  /** The one that is asked when this one cannot answer; undefined when there is no other. */
  get next(): Model | undefined {
    return this.all[this.#place + 1];
  }

  /** Lets the next one stand in. */
  moveOn(): void {
    this.#place++;
  }

  /** Takes up the place to which a record has come by these models; the first one, when the last of them is not here. */
  goOnFrom(fallbacks: readonly ModelName[]): void {
    const last = fallbacks.at(-1);
    const isThere = isSame(last, this.all[fallbacks.length]);
    const place = isThere ? fallbacks.length : this.all.findIndex((one) => isSame(last, one));
    this.#place = Math.max(0, place);
  }
}

/** Whether two names are of one model. */
export const isSame = (a: ModelName | undefined, b: ModelName | undefined): boolean =>
  a?.provider === b?.provider && a?.name === b?.name;

/** The name of a model, as journals keep it. */
export const nameOf = ({ provider, name }: ModelName): ModelName => ({ provider, name });

/** The name of a model, for people. */
export const shownName = ({ provider, name }: ModelName): string => `${provider}/${name}`;
