/** Refuses answers of a script that a server could only guess the meaning of. */
import { didYouMean, shownValue, WinkError } from "../../base/index.ts";
import type { LoopbackAnswer } from "./answer.ts";

const pace = ["held", "everyMs"];
const more = [...pace, "thinking", "redactedThinking", "cut", "model", "usage", "headers"];
const isText = (value: unknown): boolean => typeof value === "string";
const isList = (value: unknown): boolean => Array.isArray(value);
const faults: readonly unknown[] = ["silence", "drop", "half", "unfinished", "garbled", "error", "endless"];

/** The forms of an answer by the field that tells them apart: what that must be, and the fields beside it. */
const forms: Readonly<Record<string, readonly [string, (value: unknown) => boolean, readonly string[]]>> = {
  status: ["a status of HTTP", (value) => Number.isInteger(value), [...pace, "error", "text", "headers"]],
  body: ["any value", () => true, [...pace, "contentType", "headers"]],
  fault: [`one of ${faults.join(", ")}`, (value) => faults.includes(value), [...pace, "of", "error"]],
  say: ["a text", isText, more],
  json: ["any value", () => true, more],
  calls: ["a list of calls", isList, [...more, "text"]],
  refuse: ["a text", isText, more],
};

/** Checks one answer of a script. Throws `INPUT_INVALID`. */
export function checkAnswer(answer: LoopbackAnswer, at: string): void {
  const isObject = typeof answer === "object" && answer !== null;
  const given = isObject ? Object.keys(answer) : [];
  const form = Object.keys(forms).find((name) => given.includes(name)) ?? "";
  const [expected, isRight, beside] = forms[form] ?? [];
  if (expected === undefined || isRight === undefined || beside === undefined) {
    const near = given.map((name) => didYouMean(name, Object.keys(forms))).find((hint) => hint !== "");
    throw wrong(at, "This is no answer", `an object with ${Object.keys(forms).join(", ")}`, answer, near);
  }
  const fields: Readonly<Record<string, unknown>> = { ...answer };
  if (!isRight(fields[form])) {
    throw wrong(
      `${at}, ${form}`,
      "The value does not fit",
      expected,
      fields[form],
      didYouMean(String(fields[form]), faults.map(String)),
    );
  }
  const unknown = given.find((name) => name !== form && !beside.includes(name));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, beside);
    throw wrong(
      `${at}, ${unknown}`,
      `An answer with ${form} has no such field`,
      beside.join(", "),
      fields[unknown],
      hint,
    );
  }
  if ("of" in answer && answer.of !== undefined) checkAnswer(answer.of, `${at}, of`);
  if ("calls" in answer) {
    for (const [index, call] of answer.calls.entries()) {
      if (!isText(call?.name))
        throw wrong(`${at}, calls[${index}]`, "The call has no name", "a name and arguments", call, "");
    }
  }
}

const wrong = (at: string, problem: string, expected: string, received: unknown, hint: string | undefined): WinkError =>
  new WinkError("INPUT_INVALID", {
    at,
    problem,
    expected,
    received: shownValue(received),
    fix: hint || "Mend the script of the loopback server.",
    example: 'answers: [{ say: "Hello" }]',
  });
