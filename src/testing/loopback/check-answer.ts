/** Refuses answers of a script that a server could only guess the meaning of. */
import {
  aList,
  anObject,
  anything,
  aText,
  checkKind,
  checkOptions,
  didYouMean,
  kind,
  namesOnly,
  type OptionKinds,
  oneOf,
  shownValue,
  WinkError,
} from "../../base/index.ts";
import type { LoopbackAnswer } from "./answer.ts";

const pace = namesOnly("held", "everyMs");
const more = { ...pace, ...namesOnly("thinking", "redactedThinking", "cut", "model", "usage", "headers") };
const aStatus = kind("a status of HTTP", Number.isInteger);
const aFault = oneOf("silence", "drop", "half", "unfinished", "garbled", "error", "endless");

/** The forms of an answer, by the field that tells them apart. */
const forms = {
  status: { status: aStatus, ...pace, ...namesOnly("error", "text", "headers") },
  body: { body: anything, ...pace, ...namesOnly("contentType", "headers") },
  fault: { fault: aFault, ...pace, ...namesOnly("of", "error") },
  say: { say: aText, ...more },
  json: { json: anything, ...more },
  calls: { calls: aList, text: anything, ...more },
  refuse: { refuse: aText, ...more },
} satisfies Readonly<Record<string, OptionKinds>>;
const names = Object.keys(forms) as (keyof typeof forms)[]; // as: its keys are just these

/** Checks one answer of a script. Throws `INPUT_INVALID`. */
export function checkAnswer(answer: LoopbackAnswer, at: string): void {
  const given = anObject.fits(answer) ? Object.keys(answer) : [];
  const form = names.find((name) => given.includes(name) && Reflect.get(answer, name) !== undefined);
  if (form === undefined) {
    throw new WinkError("INPUT_INVALID", {
      at,
      problem: "This is no answer",
      expected: `an object with ${names.join(", ")}`,
      received: shownValue(answer),
      fix:
        given.map((name) => didYouMean(name, names)).find((hint) => hint !== "") ||
        "Mend the script of the loopback server.",
      example: 'answers: [{ say: "Hello" }]',
    });
  }
  checkOptions(at, answer, forms[form]);
  if ("of" in answer && answer.of !== undefined) checkAnswer(answer.of, `${at}, of`);
  if ("calls" in answer)
    for (const [index, call] of answer.calls.entries()) checkKind(`${at}, calls[${index}].name`, call.name, aText);
}
