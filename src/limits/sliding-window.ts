interface Entry {
  readonly at: number;
  amount: number;
  /** Whether it still counts: the window has not left it behind. */
  counts: boolean;
}

/** How many entries that count no more are kept at most before they are cleared away. */
const mostKept = 1_024;

/**
 * Counts what is taken in any stretch of time of one length. So that nobody who counts by such stretches finds more than is
 * allowed, wherever theirs begin: what was taken counts until a whole length has passed.
 */
export class SlidingWindow {
  readonly most: number;
  readonly #length: number;
  readonly #entries: Entry[] = [];
  /** Where the entries begin that still count. */
  #first = 0;
  #sum = 0;

  /** Lets `most` be taken in any `length` milliseconds. */
  constructor(most: number, length: number) {
    this.most = most;
    this.#length = length;
  }

  /** How long it is until an amount may be taken, if nothing else is before; 0 when it may be now. The amount is `most` at most. */
  waitFor(amount: number, now: number): number {
    this.#leaveBehind(now);
    let free = this.most - this.#sum;
    if (amount <= free) return 0;
    for (let place = this.#first; place < this.#entries.length; place++) {
      const entry = this.#entries[place];
      if (entry === undefined) break;
      free += entry.amount;
      if (amount <= free) return entry.at + this.#length - now;
    }
    return 0; // nothing is taken any more
  }

  /** Takes an amount; gives what puts another in its place, while it counts. */
  take(amount: number, now: number): (amount: number) => void {
    const entry: Entry = { at: now, amount, counts: true };
    this.#entries.push(entry);
    this.#sum += amount;
    return (other) => {
      if (!entry.counts) return;
      this.#sum += other - entry.amount;
      entry.amount = other;
    };
  }

  #leaveBehind(now: number): void {
    for (let entry = this.#entries[this.#first]; entry !== undefined; entry = this.#entries[this.#first]) {
      if (entry.at + this.#length > now) break;
      entry.counts = false;
      this.#sum -= entry.amount;
      this.#first++;
    }
    if (this.#first === this.#entries.length || this.#first > mostKept) {
      this.#entries.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
