interface Entry {
  readonly at: number;
  amount: number;
  /** Whether it still counts: the window has not left it behind. */
  counts: boolean;
  next: Entry | undefined;
}

/**
 * Counts what is taken in any stretch of time of one length. So that nobody who counts by such stretches finds more than is
 * allowed, wherever theirs begin: what was taken counts until a whole length has passed.
 */
export class SlidingWindow {
  readonly most: number;
  readonly #length: number;
  /** The oldest entry that still counts; each knows the next one. */
  #first: Entry | undefined;
  #last: Entry | undefined;
  #sum = 0;

  /** Lets `most` be taken in any `length` milliseconds. */
  constructor(most: number, length: number) {
    this.most = most;
    this.#length = length;
  }

  /** How long it is until an amount may be taken, if nothing else is before; 0 when it may be now. The amount is `most` at most. */
  waitFor(amount: number, now: number): number {
    this.#leaveBehind(now);
    let lacking = amount - (this.most - this.#sum);
    if (lacking <= 0) return 0;
    for (let entry = this.#first; entry !== undefined; entry = entry.next) {
      lacking -= entry.amount;
      if (lacking <= 0) return entry.at + this.#length - now;
    }
    return 0; // nothing is taken any more
  }

  /** Takes an amount; gives what puts another in its place, while it counts. */
  take(amount: number, now: number): (amount: number) => void {
    const entry: Entry = { at: now, amount, counts: true, next: undefined };
    if (this.#first === undefined || this.#last === undefined) this.#first = entry;
    else this.#last.next = entry;
    this.#last = entry;
    this.#sum += amount;
    return (other) => {
      if (!entry.counts) return;
      this.#sum += other - entry.amount;
      entry.amount = other;
    };
  }

  #leaveBehind(now: number): void {
    for (let entry = this.#first; entry !== undefined && entry.at + this.#length <= now; entry = this.#first) {
      entry.counts = false;
      this.#sum -= entry.amount;
      this.#first = entry.next;
      entry.next = undefined; // whoever keeps this one keeps no others
    }
  }
}
