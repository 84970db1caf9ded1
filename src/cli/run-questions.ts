/** The open questions of a run, each with the command line that answers it. */
import { type JsonObject, redactDeep } from "../base/index.ts";
import type { OpenQuestion } from "../run/index.ts";
import { defaultJournal, type JournalOptions } from "./open-journal.ts";
import { sample } from "./params-example.ts";
import { shellQuoted } from "./shell-quoted.ts";
import { momentText } from "./times.ts";

/** An open question as it is shown; secrets are redacted. */
export interface ShownQuestion extends OpenQuestion {
  /** The command line that answers it. */
  readonly command: string;
}

/** Makes questions ready to be shown. */
export function shownQuestions(
  runId: string,
  questions: readonly OpenQuestion[],
  options: JournalOptions,
): readonly ShownQuestion[] {
  return questions.map((question) => ({
    ...(redactDeep(question) as OpenQuestion), // as: redaction changes texts only
    command: answerCommand(runId, question, options),
  }));
}

/** Writes questions for people; nothing when there are none. */
export function questionsText(questions: readonly ShownQuestion[]): string {
  return questions.map(questionText).join("\n");
}

function questionText({ question, tool, ask, schema, expires, problem, command }: ShownQuestion): string {
  const lines = [
    `${question}, asked by ${tool}${expires === undefined ? "" : `, until ${momentText(expires)} UTC`}`,
    `  ${askText(ask)}`,
    `  the answer has the form ${formText(schema)}`,
    ...(problem === undefined ? [] : [`  the last answer was refused: ${problem}`]),
    `  to answer: ${command}`,
  ];
  return `${lines.join("\n")}\n`;
}

const askText = (ask: OpenQuestion["ask"]): string => (typeof ask === "string" ? ask : JSON.stringify(ask));

function formText({ $schema: _dialect, ...schema }: JsonObject): string {
  return Object.keys(schema).length === 0 ? "of any JSON" : JSON.stringify(schema);
}

/** The command line that answers a question, with a value of the form that is asked for. */
function answerCommand(runId: string, { question, schema }: OpenQuestion, options: JournalOptions): string {
  const value = JSON.stringify(sample(schema));
  return `wink runs answer ${runId} ${shellQuoted(value)} --question ${shellQuoted(question)}${inJournal(options)}`;
}

/** The command line that goes on with a run; who runs it puts prompt and model in. */
export const resumeCommand = (runId: string, options: JournalOptions): string =>
  `wink runs resume ${runId} --prompt FILE#EXPORT --model NAME${inJournal(options)}`;

const inJournal = ({ journal }: JournalOptions): string =>
  journal === defaultJournal ? "" : ` --journal ${shellQuoted(journal)}`;
