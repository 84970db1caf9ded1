/** The compiler's grammar of placeholders, on the table that the run-time splitter is tested with. */
import type { CheckedText, TextProblem } from "../../../src/prompt/index.ts";
import { check, type Same, some, typeOf } from "../check.ts";
import type { placeholderCases } from "../placeholder-cases.ts";

type Names<Parts> = Parts extends readonly [unknown, infer Name extends string, ...infer Rest]
  ? Name | Names<Rest>
  : never;

/** With no params declared, every placeholder is a problem, so that the problems tell the names. */
type Expected<Text, Name extends string> = [Name] extends [never]
  ? Text
  : TextProblem<`{{${Name}}} is not declared in params`, never>;

/** `agreed`, or the text that the compiler sees in another way. */
type Differences<Cases extends readonly { text: string; parts: readonly string[] }[]> = {
  [Index in keyof Cases]: Same<
    CheckedText<Cases[Index]["text"], {}>,
    Expected<Cases[Index]["text"], Names<Cases[Index]["parts"]>>
  > extends true
    ? "agreed"
    : Cases[Index];
}[number];

check("the compiler finds the placeholders of the table", () => {
  typeOf(some<Differences<typeof placeholderCases>>()).is<"agreed">();
});

check("a name that is declared is found by the same grammar", () => {
  typeOf(some<CheckedText<"{{{a}}} {{{{a}} {{b}}", { a: string }>>()).is<
    TextProblem<"{{b}} is not declared in params", "a">
  >();
});
