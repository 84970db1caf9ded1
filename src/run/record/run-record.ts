/** What a journal tells of a run, by place: what a run that goes on, or is replayed, does not do again. */
import { WinkError } from "../../base/index.ts";
import type {
  AnswerRefused,
  ContentKept,
  ContextDropped,
  ContextSummarised,
  JournalEntry,
  ModelRequested,
  ModelResponded,
  PromptRendered,
  QuestionAnswered,
  QuestionAsked,
  RepairRequested,
  ResourcesSaved,
  RunFinished,
  RunStarted,
  ToolFinished,
  ToolIntended,
  ToolsJoined,
  WrapUpBegun,
  WrapUpLifted,
} from "../../journal/index.ts";
import { checkEntry } from "./check-entry.ts";
import type { Recorded } from "./recorded.ts";
import { RecordedAttempts } from "./recorded-attempts.ts";
import { isOfSummary, RecordedSummaries } from "./recorded-summaries.ts";

/** A question of a call, and its answer if there is one. */
export interface RecordedQuestion {
  readonly asked: Recorded<QuestionAsked>;
  /** The answer that counts; undefined while the question is open. */
  readonly answered: Recorded<QuestionAnswered> | undefined;
  /** How many answers were refused. */
  readonly refused: number;
  /** What was wrong with the last of them. */
  readonly problem: string | undefined;
}

/** What is known of one call. */
export interface RecordedCall {
  readonly intended: Recorded<ToolIntended> | undefined;
  readonly finished: Recorded<ToolFinished> | undefined;
  /** In the order in which they were asked. */
  readonly questions: readonly RecordedQuestion[];
  /** Whether its last attempt was cut off: it was begun, and neither ended nor waits for an answer. */
  readonly cutOff: boolean;
}

/** Whether nobody need answer a question any more. */
export const isExpired = ({ expires }: Pick<QuestionAsked, "expires">, now: number): boolean =>
  expires !== null && now >= expires;

/** The question that a call waits with; undefined when it can go on: it was answered, has expired, or the call was cut off. */
export const awaitedQuestion = ({ questions, cutOff }: RecordedCall, now: number): RecordedQuestion | undefined =>
  cutOff ? undefined : questions.find(({ asked, answered }) => answered === undefined && !isExpired(asked, now));

interface MutableCall {
  intended: Recorded<ToolIntended> | undefined;
  finished: Recorded<ToolFinished> | undefined;
  questions: RecordedQuestion[];
  cutOff: boolean;
}

/** The error for a step that this release does not know, which would otherwise be done again. */
function unknownStep({ type, seq }: Pick<JournalEntry, "type" | "seq">): WinkError {
  return new WinkError("JOURNAL_INVALID", {
    at: `entry ${seq}`,
    problem: "There is no such type of entries",
    expected: "an entry as this release writes it",
    received: JSON.stringify(type),
    fix: "The journal was edited, or written by a newer release; nothing was overwritten.",
    details: { entry: seq, type },
  });
}

const noCall: RecordedCall = { intended: undefined, finished: undefined, questions: [], cutOff: false };

/** The steps of one run. Empty for a run that begins. */
export class RunRecord {
  /** How many entries it was made of. */
  readonly length: number;
  started: Recorded<RunStarted> | undefined;
  saved: Recorded<ResourcesSaved> | undefined;
  rendered: Recorded<PromptRendered> | undefined;
  repair: Recorded<RepairRequested> | undefined;
  /** The end, when nothing came after it. */
  finished: Recorded<RunFinished> | undefined;
  /** Whether the run has ended to wait for answers, and nothing but answers came since. */
  isSuspended = false;
  /** The last request of each turn. */
  readonly requests: Map<number, Recorded<ModelRequested>> = new Map();
  readonly attempts: RecordedAttempts = new RecordedAttempts();
  readonly summaries: RecordedSummaries = new RecordedSummaries();
  readonly responses: Map<number, Recorded<ModelResponded>> = new Map();
  readonly joined: Map<number, Recorded<ToolsJoined>> = new Map();
  readonly wrapUps: Map<number, Recorded<WrapUpBegun>> = new Map();
  readonly lifts: Map<number, Recorded<WrapUpLifted>> = new Map();
  /** What was done after each turn to make room in the model's window, in order. */
  readonly contexts: Map<number, Recorded<ContextDropped | ContextSummarised>[]> = new Map();
  /** The names of the contents that are in the journal. */
  readonly contents: Map<string, ContentKept> = new Map();
  readonly #calls = new Map<string, MutableCall>();

  constructor(entries: readonly JournalEntry[] = []) {
    this.length = entries.length;
    // a run that was begun anew leaves what it was before, but for the contents
    const begun = entries.findLastIndex(({ type }) => type === "run/started");
    for (const [index, entry] of entries.entries())
      if (index >= begun || entry.type === "content/kept") this.#add(entry);
  }

  /** What is known of the call at a place of a turn. */
  call(turn: number, index: number): RecordedCall {
    return (this.#calls.size > 0 && this.#calls.get(`${turn}.${index}`)) || noCall;
  }

  /** The calls, in the order in which they were first met. */
  calls(): Iterable<RecordedCall> {
    return this.#calls.values();
  }

  /** The questions that nobody has answered. */
  openQuestions(): readonly RecordedQuestion[] {
    return [...this.#calls.values()]
      .filter(({ finished, cutOff }) => finished === undefined && !cutOff)
      .flatMap(({ questions }) => questions.filter(({ answered }) => answered === undefined));
  }

  /** The bytes of a content. Throws `JOURNAL_INVALID` when the journal does not hold it. */
  readonly kept = (name: string): Uint8Array => {
    const content = this.contents.get(name);
    if (content !== undefined)
      return Buffer.from(content.text ?? content.base64 ?? "", content.text === undefined ? "base64" : "utf8");
    throw new WinkError("JOURNAL_INVALID", {
      at: `content ${JSON.stringify(name)}`,
      problem: "An entry names it, and it is not in the journal",
      expected: "an earlier entry `content/kept` of this name",
      received: "none",
      details: { content: name },
    });
  };

  #add(entry: JournalEntry): void {
    checkEntry(entry);
    this.finished = undefined;
    if (entry.type !== "question/answered") this.isSuspended = false;
    switch (entry.type) {
      case "run/started":
        this.started = entry;
        break;
      case "resources/saved":
        this.saved = entry;
        break;
      case "content/kept":
        this.contents.set(entry.name, entry);
        break;
      case "prompt/rendered":
        this.rendered = entry;
        break;
      case "tools/joined":
        this.joined.set(entry.turn, entry);
        break;
      case "model/requested":
        this.requests.set(entry.turn, entry);
        this.attempts.begin(entry);
        break;
      case "model/responded":
        this.responses.set(entry.turn, entry);
        break;
      case "model/failed":
        if (isOfSummary(entry)) this.summaries.add(entry);
        else this.attempts.fail(entry, entry.turn <= (this.started?.branched?.turns ?? 0));
        break;
      case "repair/requested":
        this.repair = entry;
        break;
      case "wrap-up/begun":
        this.wrapUps.set(entry.turn, entry);
        break;
      case "wrap-up/lifted":
        this.lifts.set(entry.turn, entry);
        break;
      case "context/dropped":
      case "context/summarised":
        this.contexts.set(entry.turn, [...(this.contexts.get(entry.turn) ?? []), entry]);
        break;
      case "run/finished":
        this.finished = entry;
        this.attempts.end(entry.seq);
        this.isSuspended = entry.status === "suspended";
        break;
      case "question/answered":
      case "answer/refused":
        this.#answer(entry);
        break;
      case "tool/intended":
      case "tool/finished":
      case "question/asked":
        this.#addToCall(entry);
        break;
      case "tool/undone":
        break; // its call is undone again unless it has ended
      default:
        throw unknownStep(entry);
    }
  }

  #addToCall(entry: Recorded<ToolIntended | ToolFinished | QuestionAsked>): void {
    const place = `${entry.turn}.${entry.index}`;
    const call = this.#calls.get(place) ?? { intended: undefined, finished: undefined, questions: [], cutOff: false };
    this.#calls.set(place, call);
    call.cutOff = entry.type === "tool/intended";
    if (entry.type === "tool/intended") call.intended = entry;
    else if (entry.type === "tool/finished") call.finished = this.#withText(entry);
    else if (!call.questions.some(({ asked }) => asked.question === entry.question)) {
      call.questions.push({ asked: entry, answered: undefined, refused: 0, problem: undefined });
    }
  }

  /** A long text of a result stands among the contents. */
  #withText(entry: Recorded<ToolFinished>): Recorded<ToolFinished> {
    if (entry.content === undefined) return entry;
    return { ...entry, result: { ...entry.result, text: Buffer.from(this.kept(entry.content)).toString("utf8") } };
  }

  #answer(entry: Recorded<QuestionAnswered | AnswerRefused>): void {
    for (const call of this.#calls.values()) {
      const { questions } = call;
      const index = questions.findIndex(({ asked }) => asked.question === entry.question);
      const question = questions[index];
      if (question === undefined) continue;
      if (entry.type === "answer/refused") call.cutOff = false;
      if (entry.type === "answer/refused")
        questions[index] = { ...question, answered: undefined, refused: question.refused + 1, problem: entry.problem };
      else questions[index] = { ...question, answered: question.answered ?? entry }; // the first one counts
    }
  }
}
