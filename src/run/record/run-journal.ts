/** The writing side of a run's journal: long and repeated contents are written once, before the first step that names them. */
import { isUtf8 } from "node:buffer";
import { sha256 } from "../../base/index.ts";
import type { ContentKept, JournalStep, JournalWriter } from "../../journal/index.ts";

/** From this length on the text of a result is written as a content, in UTF-16 units. */
const longText = 2_048;

/** Writes the steps of one run. Closed by whoever opened the writer. */
export class RunJournal {
  readonly #writer: Pick<JournalWriter, "append">;
  readonly #known: Set<string>;
  #waiting: ContentKept[] = [];
  /** Whether the run may go on elsewhere, so that contents are to be kept. */
  readonly isDurable: boolean;

  /** `known` are the names of the contents that are in the journal. */
  constructor(writer: Pick<JournalWriter, "append">, known: Iterable<string>, isDurable: boolean) {
    this.#writer = writer;
    this.#known = new Set(known);
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

  /** Adds a step, and before it the contents that it may name; gives its number. When it throws, the run must not go on. */
  append(step: JournalStep): Promise<number> {
    const written = withContent(step, this.keep);
    if (this.#waiting.length === 0) return this.#writer.append(written);
    const contents = this.#waiting;
    this.#waiting = [];
    // given to the writer at once, so that nothing of a call beside this one comes between
    return Promise.all([...contents, written].map((each) => this.#writer.append(each))).then(
      (numbers) => numbers.at(-1) as number, // as: there is one for each
    );
  }
}

/** The long text of a result goes to the contents: tools often tell the same again. */
function withContent(step: JournalStep, keep: RunJournal["keep"]): JournalStep {
  if (step.type !== "tool/finished" || step.result.text.length < longText || !step.result.text.isWellFormed())
    return step;
  return { ...step, result: { ...step.result, text: "" }, content: keep(Buffer.from(step.result.text)) };
}
