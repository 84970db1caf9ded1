import { expect, test } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { type LoopbackAnswer, type LoopbackServer, loopbackOpenAI } from "./index.ts";

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
  [
    { fault: "half", of: { status: 500 } },
    "answers[0], of: This is no answer. Expected an object with say, json, calls, refuse.",
  ],
  [{ calls: [{ nam: "x" }] }, "answers[0], calls[0], nam: There is no such option. Expected name, arguments, id."],
  [
    { calls: [{ name: "look", argumnets: {} }] },
    'argumnets: There is no such option. Expected name, arguments, id. Received an empty object. Did you mean "arguments"?',
  ],
  [
    {
      calls: [
        { name: "a", arguments: 1 },
        { name: 5, arguments: 1 },
      ],
    },
    "answers[0], calls[1], name: This cannot be used. Expected text. Received number 5.",
  ],
  [{ calls: [{ arguments: {} }] }, "answers[0], calls[0], name: It is missing. Expected text."],
  [{ calls: [{ name: "a", arguments: undefined }] }, "answers[0], calls[0], arguments: It is missing."],
  [{ say: "x", calls: [] }, "answers[0], calls: There is no such option."],
  ...["500", 7, 101, 600, 99_999, 500.5].map((status): [unknown, string] => [
    { status },
    "answers[0], status: This cannot be used. Expected a status of HTTP that ends a request, 200 to 599.",
  ]),
])("%j is refused when the server is made", async (answer, message) => {
  const answers = [answer as LoopbackAnswer]; // as: what a program without types may give
  const error = await rejectionOf(loopbackOpenAI({ answers }));
  expect(error.code).toBe("INPUT_INVALID");
  expect(error.message).toContain(message);
});

test.each([undefined, null, {}, "hello"])("%j is no script", async (answers) => {
  const error = await rejectionOf(loopbackOpenAI({ answers: answers as never })); // as: what a program without types may give
  expect(error.code).toBe("INPUT_INVALID");
  expect(error.message).toContain(
    "answers: This cannot be used. Expected a list of answers, or a function that gives one.",
  );
});

const ask = async (server: LoopbackServer, stream: boolean): Promise<Response> =>
  await fetch(`${server.baseURL}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "m", stream, messages: [{ role: "user", content: "Hello" }] }),
  });

test("fields that are undefined were not given", async () => {
  const none = {
    status: undefined,
    body: undefined,
    fault: undefined,
    calls: undefined,
    json: undefined,
    say: undefined,
  };
  const call = { name: "look", arguments: {}, id: undefined };
  const answers = [
    { ...none, say: "Hello" },
    { ...none, calls: [call], text: "Hello" },
    { ...none, fault: "unfinished", of: { ...none, say: "Hello" } },
  ] as unknown as readonly LoopbackAnswer[]; // as: what a program without types may give
  for (const script of [answers, (_: unknown, index: number) => answers[index] ?? { say: "none" }]) {
    await using server = await loopbackOpenAI({ answers: script });
    const came: [number, string][] = [];
    for (const [index] of answers.entries()) {
      const response = await ask(server, false);
      came.push([response.status, index === 2 ? "" : await response.text()]);
    }
    expect(came).toEqual([
      [200, expect.stringContaining('"Hello"')],
      [200, expect.stringMatching(/"Hello".*"look"/)],
      [200, ""],
    ]);
    expect(server.violations).toEqual([]);
  }
});

test("what a function gives is checked when a request comes", async () => {
  const given: readonly unknown[] = [undefined, { sey: "x" }, { say: "x" }];
  await using server = await loopbackOpenAI({ answers: (_request, index) => given[index] as LoopbackAnswer }); // as: the same
  const statuses: number[] = [];
  for (const _ of given) statuses.push((await ask(server, true)).status);
  expect(statuses).toEqual([500, 500, 200]);
  expect(server.violations).toEqual([
    "request 0: the script's function gave no answer for it; the request is right",
    expect.stringMatching(
      /^request 1: the answer could not be made: answer 1: This is no answer\..*Did you mean "say"\?/,
    ),
  ]);
});
