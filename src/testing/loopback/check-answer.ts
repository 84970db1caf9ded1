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
  type OptionKind,
  oneOf,
  shownValue,
  WinkError,
} from "../../base/index.ts";
import type { LoopbackAnswer, LoopbackCall, LoopbackMore, LoopbackPace, LoopbackSaid } from "./answer.ts";

/** A kind for each field of a type. */
type Fields<T> = Readonly<Record<keyof T, OptionKind>>;

const pace: Fields<LoopbackPace> = { held: anything, everyMs: anything };
const more: Fields<LoopbackMore> = {
  ...pace,
  thinking: anything,
  redactedThinking: anything,
  cut: anything,
  model: anything,
  usage: anything,
  headers: anything,
};
const aStatus = kind("a status of HTTP that ends a request, 200 to 599", (value) => {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599;
});
const aFault = oneOf("silence", "drop", "half", "unfinished", "garbled", "error", "endless");

/** The fields that tell the forms of an answer apart. */
type Form = "status" | "body" | "fault" | SaidForm;
type SaidForm = "say" | "json" | "calls" | "refuse";

/** The fields of each form. */
const forms: { readonly [Name in Form]: Fields<Extract<LoopbackAnswer, Readonly<Record<Name, unknown>>>> } = {
  status: { status: aStatus, ...pace, error: anything, text: anything, headers: anything },
  body: { body: anything, ...pace, contentType: anything, headers: anything },
  fault: { fault: aFault, ...pace, of: anything, error: anything },
  say: { say: aText, ...more },
  json: { json: anything, ...more },
  calls: { calls: aList, text: anything, ...more },
  refuse: { refuse: aText, ...more },
};
const allForms = Object.keys(forms) as Form[]; // as: its keys are just these
const saidForms: readonly SaidForm[] = ["say", "json", "calls", "refuse"];
const someArguments = kind("a value, or a text that is sent as it is", (value) => value !== undefined);
const callFields: Fields<LoopbackCall> = { name: aText, arguments: someArguments, id: anything };

/** Checks one answer of a script, and gives it without the fields that are undefined: they were not given. Throws `INPUT_INVALID`. */
export function checkedAnswer(answer: LoopbackAnswer, at: string): LoopbackAnswer {
  const checked = checkedForm(answer, at, allForms);
  if (!("fault" in checked) || checked.of === undefined) return checked;
  return { ...checked, of: checkedForm<LoopbackSaid>(checked.of, `${at}, of`, saidForms) };
}

function checkedForm<A extends LoopbackAnswer>(answer: A, at: string, known: readonly Form[]): A {
  const fields = anObject.fits(answer) ? Object.entries(answer).filter(([, value]) => value !== undefined) : [];
  const given = fields.map(([name]) => name);
  const form = known.find((name) => given.includes(name));
  if (form === undefined) {
    throw new WinkError("INPUT_INVALID", {
      at,
      problem: "This is no answer",
      expected: `an object with ${known.join(", ")}`,
      received: shownValue(answer),
      fix:
        given.map((name) => didYouMean(name, known)).find((hint) => hint !== "") ||
        "Mend the script of the loopback server.",
      example: 'answers: [{ say: "Hello" }]',
    });
  }
  checkOptions(at, answer, forms[form]);
  if (form === "calls" && "calls" in answer)
    for (const [index, call] of answer.calls.entries()) checkCall(call, `${at}, calls[${index}]`);
  return Object.fromEntries(fields) as A; // as: what is left out may be undefined
}

function checkCall(call: LoopbackCall, at: string): void {
  checkOptions(at, call, callFields);
  for (const name of ["name", "arguments"] as const)
    checkKind(`${at}, ${name}`, call[name], callFields[name], "It is missing");
}
