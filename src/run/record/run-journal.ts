/** The writing side of a run's journal: long and repeated contents are written once, before the first step that names them. */
import { isUtf8 } from "node:buffer";
import { sha256 } from "../../base/index.ts";
import type { ContentKept, JournalStep, JournalWriter } from "../../journal/index.ts";
import type { Mishap, RunLog } from "../run-log.ts";
import type { RunRecord } from "./run-record.ts";

/** From this length on the text of a result is written as a content, in UTF-16 units. */
const longText = 2_048;

/** What is written beside the steps. */
export interface RunJournalOptions {
  /** Whether the run may go on elsewhere, so that what resources hold is to be kept. */
  readonly isDurable: boolean;
  /** Whether long texts are written as contents; those of a replay are compared as they are. */
  readonly keepsContents: boolean;
  readonly log: Pick<RunLog, "step">;
}

/** Writes the steps of one run. Closed by whoever opened the writer. */
export class RunJournal {
  readonly #writer: Pick<JournalWriter, "append">;
  readonly #known: Set<string>;
  readonly #keepsContents: boolean;
  readonly #log: Pick<RunLog, "step">;
  #waiting: ContentKept[] = [];
  /** The last append that waits for its contents. */
  #last: Promise<number> | undefined;
  /** Why a content that later steps may name is not there. */
  #failed: unknown;
  readonly isDurable: boolean;

  constructor(
    writer: Pick<JournalWriter, "append">,
    { contents }: Pick<RunRecord, "contents">,
    { isDurable, keepsContents, log }: RunJournalOptions,
  ) {
    this.#keepsContents = keepsContents;
    this.#log = log;
    this.#writer = writer;
    this.#known = new Set(contents.keys());
    this.isDurable = isDurable;
  }

  /** Keeps a content and gives its name; it is written before the next step. */
  readonly keep = (bytes: Uint8Array): string => {
    const name = sha256(bytes);
    if (this.#known.has(name)) return name;
    this.#known.add(name);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const content = isUtf8(bytes) ? { text: buffer.toString("utf8") } : { base64: buffer.toString("base64") };
    this.#waiting.push({ type: "content/kept", name, ...content });
    return name;
  };

  /**
   * Adds a step, and before it the contents that it may name; gives its number, and logs the step. When it throws, the run must not
   * go on.
   */
  append(step: JournalStep, mishap?: Mishap): Promise<number> {
    const adding = this.#add(step);
    const { step: tell } = this.#log;
    if (tell === undefined) return adding;
    return adding.then((sequence) => {
      tell(step, mishap);
      return sequence;
    });
  }

  #add(step: JournalStep): Promise<number> {
    const written = this.#keepsContents ? withContent(step, this.keep) : step;
    if (this.#failed !== undefined) return Promise.reject(this.#failed);
    if (this.#waiting.length === 0 && this.#last === undefined) return this.#writer.append(written);
    const contents = this.#waiting;
    this.#waiting = [];
    const work = this.#written(contents, written, this.#last);
    this.#last = work;
    const end = (): void => {
      if (this.#last === work) this.#last = undefined;
    };
    work.then(end, end);
    return work;
  }

  /** One behind the other: what names a content must not be there without it. */
  async #written(
    contents: readonly ContentKept[],
    step: JournalStep,
    before: Promise<number> | undefined,
  ): Promise<number> {
    try {
      await before;
      for (const content of contents) await this.#writer.append(content);
    } catch (error) {
      this.#failed = error;
      throw error;
    }
    return this.#writer.append(step);
  }
}

/** The long text of a result goes to the contents: tools often tell the same again. */
function withContent(step: JournalStep, keep: RunJournal["keep"]): JournalStep {
  if (step.type !== "tool/finished" || step.result.text.length < longText || !step.result.text.isWellFormed())
    return step;
  return { ...step, result: { ...step.result, text: "" }, content: keep(Buffer.from(step.result.text)) };
}
