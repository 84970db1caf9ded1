/** Answers from outside to questions of runs that wait. */
import { type Clock, type JsonValue, requirePlain, systemClock, WinkError } from "../base/index.ts";
import type { Journal } from "../journal/index.ts";
import type { OpenQuestion } from "./outcome.ts";
import { isExpired, type RecordedQuestion, RunRecord } from "./record/run-record.ts";
import { shownQuestion } from "./suspend-call.ts";

/** What {@link answer} takes beside the answer. */
export interface AnswerOptions {
  /** The id of the question; needed when several are open. */
  readonly question?: string | undefined;
  readonly clock?: Clock | undefined;
}

/** How often an answer is written anew, because others write to the run. */
const mostAttempts = 10;

/** The questions of a run that wait for an answer and have not expired. Throws `JOURNAL_MISSING`, `JOURNAL_INVALID`. */
export async function openQuestions(
  journal: Journal,
  runId: string,
  { clock = systemClock }: Pick<AnswerOptions, "clock"> = {},
): Promise<readonly OpenQuestion[]> {
  const record = new RunRecord(await journal.read(runId));
  return openIn(record, clock.now()).map((question) => shownQuestion(question.asked, question));
}

/**
 * Answers a question of a run that waits. The first answer counts; the run goes on when it is resumed, where the form of the
 * answer is checked. Throws `QUESTION_CLOSED` for a question that was answered, has expired or was never asked, and for one of a
 * subagent, which its parent asks; `INPUT_INVALID` for what is no JSON; `JOURNAL_MISSING`, `JOURNAL_INVALID`, `JOURNAL_FAILED`.
 */
export async function answer(
  journal: Journal,
  runId: string,
  value: JsonValue,
  options: AnswerOptions = {},
): Promise<void> {
  requirePlain(value, "answer");
  await addAnswer(journal, runId, value, options, refuseSubagent);
}

/** The same for the run of a subagent, for the call that passes an answer on. */
export function passAnswer(journal: Journal, runId: string, value: JsonValue, options: AnswerOptions): Promise<void> {
  return addAnswer(journal, runId, value, options, () => undefined);
}

function refuseSubagent({ started }: RunRecord, runId: string): void {
  const parent = started?.parent?.run;
  if (parent === undefined) return;
  throw new WinkError("QUESTION_CLOSED", {
    at: `run "${runId}"`,
    problem: "Its questions are asked by its parent",
    expected: `an answer to the run "${parent}"`,
    received: "one to its subagent",
    fix: "Answer the question of the parent, which passes the answer on.",
    details: { run: runId, parent },
  });
}

async function addAnswer(
  journal: Journal,
  runId: string,
  value: JsonValue,
  { question, clock = systemClock }: AnswerOptions,
  check: (record: RunRecord, runId: string) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const entries = await journal.read(runId);
    const before = new RunRecord(entries);
    check(before, runId);
    const asked = theOpen(before, runId, question, clock.now());
    try {
      await using writer = await journal.open(runId);
      // from the opening on nobody else adds to it, so it is looked at once more only when somebody has meanwhile
      if (writer.length !== entries.length)
        theOpen(new RunRecord(await journal.read(runId)), runId, asked, clock.now());
      await writer.append({ type: "question/answered", question: asked, answer: value });
      return;
    } catch (error) {
      if (!WinkError.is(error, "JOURNAL_FENCED") || attempt === mostAttempts) throw error;
    }
  }
}

/** The id of the question that an answer is for. Throws `QUESTION_CLOSED`. */
function theOpen(record: RunRecord, runId: string, wanted: string | undefined, now: number): string {
  const open = openIn(record, now).map(({ asked }) => asked.question);
  const known = [...record.calls()]
    .flatMap(({ questions }) => questions)
    .find(({ asked }) => asked.question === wanted);
  const [only] = open;
  if (wanted === undefined && only !== undefined && open.length === 1) return only;
  if (wanted !== undefined && open.includes(wanted)) return wanted;
  throw new WinkError("QUESTION_CLOSED", {
    at: `run "${runId}"`,
    problem: problemWith(record, known, wanted, open.length, now),
    expected: open.length === 0 ? "a question that is open" : `one of ${open.join(", ")}`,
    received: wanted === undefined ? "no `question`" : JSON.stringify(wanted),
    example: 'answer(journal, runId, { approved: true }, { question: "call-3-1/1" })',
    details: { run: runId, open },
  });
}

function problemWith(
  record: RunRecord,
  known: RecordedQuestion | undefined,
  wanted: string | undefined,
  open: number,
  now: number,
): string {
  if (known?.answered !== undefined) return "The question was answered already";
  if (known !== undefined && isExpired(known.asked, now)) return "The question has expired";
  if (wanted !== undefined) return "The run has asked no such question";
  if (open === 0 && record.isSuspended) return "The question was answered already, or has expired";
  return open === 0 ? "The run waits for no answer" : "The run waits for several answers";
}

/** A run that does not wait has no open questions: what its calls asked is theirs again when they are run again. */
function openIn(record: RunRecord, now: number): readonly RecordedQuestion[] {
  if (!record.isSuspended) return [];
  return record.openQuestions().filter(({ asked }) => !isExpired(asked, now));
}
