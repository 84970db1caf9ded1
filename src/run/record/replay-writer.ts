/** Compares the steps of a replayed run with those of its journal, in the place of writing them. */
import type { JsonValue, WinkError } from "../../base/index.ts";
import type { JournalStep } from "../../journal/index.ts";
import { diverged } from "./diverged.ts";
import { RecordEnds } from "./record-ends.ts";
import type { Recorded } from "./recorded.ts";
import type { RunRecord } from "./run-record.ts";

/** Takes the steps of a replay. `append` throws `REPLAY_DIVERGED` at the first that is not as recorded, and {@link RecordEnds}. */
export class ReplayWriter {
  readonly #record: RunRecord;
  readonly #runId: string;

  constructor(record: RunRecord, runId: string) {
    this.#record = record;
    this.#runId = runId;
  }

  async append(step: JournalStep): Promise<number> {
    const known = this.#knownFor(step);
    if (known === undefined) return 0;
    for (const name of compared[step.type] ?? []) this.#compare(known, step, name);
    return known.seq;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(); // nothing is open
  }

  /** The recorded step that this one repeats; undefined for one that need not be compared. */
  #knownFor(step: JournalStep): Recorded<JournalStep> | undefined {
    const record = this.#record;
    switch (step.type) {
      case "run/started":
        return record.started ?? this.#ends();
      case "prompt/rendered":
        return record.rendered ?? this.#ends();
      case "tools/joined":
        return record.joined.get(step.turn) ?? this.#unexpected(step);
      case "model/requested":
        return this.#hasCompleted() ? this.#unexpected(step) : this.#ends();
      case "repair/requested":
        return record.repair ?? this.#unexpected(step);
      case "tool/intended":
        return record.call(step.turn, step.index).intended ?? this.#unexpected(step);
      case "tool/finished":
        return record.call(step.turn, step.index).finished ?? this.#ends();
      case "run/finished":
        return record.finished;
      default:
        return undefined;
    }
  }

  #hasCompleted(): boolean {
    const status = this.#record.finished?.status;
    return status === "completed" || status === "refused" || status === "suspended";
  }

  #ends(): never {
    throw new RecordEnds(this.#record.finished);
  }

  #unexpected(step: JournalStep): never {
    if (!this.#hasCompleted()) this.#ends();
    throw this.#diverged(undefined, step.type, null, step as unknown as JsonValue); // as: steps are plain data
  }

  #compare(known: Recorded<JournalStep>, step: JournalStep, name: string): void {
    const [recorded, now] = [known, step].map((one) => (one as unknown as Record<string, JsonValue>)[name] ?? null); // as: steps are plain data
    if (JSON.stringify(recorded) !== JSON.stringify(now))
      throw this.#diverged(known, name, recorded ?? null, now ?? null);
  }

  #diverged(known: Recorded<JournalStep> | undefined, what: string, recorded: JsonValue, now: JsonValue): WinkError {
    return diverged(this.#runId, {
      entry: known?.seq,
      what: known === undefined ? what : `${known.type}, ${what}`,
      recorded,
      now,
    });
  }
}

/** What must be the same. */
const compared: Readonly<Partial<Record<JournalStep["type"], readonly string[]>>> = {
  "run/started": ["prompt"],
  "prompt/rendered": ["system", "first", "tools", "output"],
  "tools/joined": ["tools"],
  "repair/requested": ["message"],
  "tool/intended": ["name", "effects", "arguments"],
  "tool/finished": ["status", "result", "events"],
  "run/finished": ["status", "output", "text", "reason"],
};
