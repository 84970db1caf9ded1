import { expect, test } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { type LoopbackAnswer, loopbackOpenAI } from "./index.ts";

test.each<[unknown, string]>([
  [
    { said: "x" },
    'answers[0]: This is no answer. Expected an object with status, body, fault, say, json, calls, refuse. Received object {"said":"x"}. Did you mean "say"?',
  ],
  [{}, "answers[0]: This is no answer."],
  ["hello", "answers[0]: This is no answer."],
  [null, "answers[0]: This is no answer."],
  [{ say: 5 }, "answers[0], say: This cannot be used. Expected text. Received number 5."],
  [{ say: undefined }, "answers[0]: This is no answer."],
  [{ say: "x", helt: true }, "answers[0], helt: There is no such option. Expected say, held, everyMs, thinking,"],
  [{ say: "x", helt: true }, 'Did you mean "held"?'],
  [
    { fault: "dropp" },
    'answers[0], fault: This cannot be used. Expected "silence" or "drop" or "half" or "unfinished" or "garbled" or "error" or "endless". Received string "dropp".',
  ],
  [{ fault: "half", of: { sey: "x" } }, "answers[0], of: This is no answer."],
  [{ calls: {} }, "answers[0], calls: This cannot be used. Expected a list of objects."],
  [{ calls: [{ nam: "x" }] }, "answers[0], calls[0].name: This cannot be used. Expected text."],
  [{ status: "500" }, "answers[0], status: This cannot be used. Expected a status of HTTP."],
])("%j is refused when the server is made", async (answer, message) => {
  const answers = [answer as LoopbackAnswer]; // as: what a program without types may give
  const error = await rejectionOf(loopbackOpenAI({ answers }));
  expect(error.code).toBe("INPUT_INVALID");
  expect(error.message).toContain(message);
});
