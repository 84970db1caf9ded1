import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { WinkError } from "weakincentives";
import { type LoopbackAnswer, loopbackOpenAI } from "weakincentives/testing";
import { journalOf, makeFolder, resultOf, review, reviewIn } from "./harness.ts";

const finding = {
  file: "src/books.js",
  line: 5,
  quote:
    "  const rows = await query(`SELECT id, title, author FROM books WHERE title LIKE '%${part}%' ORDER BY title`);",
  rule: "sql-injection",
  severity: "high",
  message: "The title goes into the query as text.",
  fix: "Use a placeholder.",
};
const answer = { summary: "One hole.", issues: [finding], nextSteps: ["Mend it."] };
const script: readonly LoopbackAnswer[] = [
  {
    calls: [
      { name: "ls", arguments: { path: "src" } },
      { name: "grep", arguments: { pattern: "SELECT" } },
    ],
    text: "I look.",
  },
  { calls: [{ name: "read_file", arguments: { path: "src/books.js" } }] },
  {
    calls: [
      { name: "edit_file", arguments: { path: "src/books.js", old_string: "'%${part}%'", new_string: "$1" } },
      { name: "read_file", arguments: { path: "src/bokks.js" } },
      { name: "no_such_tool", arguments: {} },
    ],
  },
  { json: answer },
];
const envOf = (server: { baseURL: string; apiKey: string }) => ({
  OPENAI_BASE_URL: server.baseURL,
  OPENAI_API_KEY: server.apiKey,
});

describe("a real model over HTTP", () => {
  test("gives its own review; the server saw right schemas and one result for every call", async () => {
    await using server = await loopbackOpenAI({ answers: script, model: "gpt-loopback" });
    using out = makeFolder();
    const ran = await review(out.path, { args: ["--model", "gpt-loopback", "--json"], env: envOf(server) });
    expect(server.violations).toEqual([]);
    expect(server.requests).toHaveLength(4);
    expect(reviewIn(ran)).toEqual(answer);
    const { tools, messages, response_format } = server.requests[3]?.body ?? {};
    const names = tools.map((tool: { function: { name: string } }) => tool.function.name);
    expect(names).toEqual(["ls", "read_file", "glob", "grep", "edit_file", "write_file"]);
    expect(response_format.json_schema.strict).toBe(true);
    expect(messages.filter(({ role }: { role: string }) => role === "tool")).toHaveLength(6);
    expect(JSON.stringify(messages)).toMatch(/Did you mean \\+"src\/books\.js/);
    expect(JSON.stringify(messages)).toMatch(/There is no tool \\+"no_such_tool/);
    expect(resultOf(ran, "changes.patch")).toContain("+++ b/src/books.js");
    expect(resultOf(ran, "review.md")).toContain("`src/books.js:5`\n");
  });

  test("nothing is said of the offline model, and nothing of the key", async () => {
    await using server = await loopbackOpenAI({ answers: script });
    using out = makeFolder();
    const { said } = await review(out.path, { args: ["--model", "m"], env: envOf(server) });
    expect(said).not.toContain("offline");
    expect(said).not.toContain(server.apiKey);
    expect(JSON.stringify(journalOf(out.path))).not.toContain(server.apiKey);
  });

  test("a quote that does not stand in its file is marked, one on another line is put right", async () => {
    const issues = [
      { ...finding, line: 99 },
      { ...finding, quote: "made up" },
      { ...finding, file: "../../etc/passwd" },
    ];
    await using server = await loopbackOpenAI({ answers: [{ json: { ...answer, issues } }] });
    using out = makeFolder();
    const ran = await review(out.path, { args: ["--model", "m"], env: envOf(server) });
    expect(resultOf(ran, "review.md")).toContain("`src/books.js:5` (the line's number was corrected)");
    expect(resultOf(ran, "review.md").match(/\*\*not verified\*\*/g)).toHaveLength(2);
    expect(ran.said).toContain("(not verified)");
  });
});

const soon = { "retry-after-ms": "1" };
const faults: Record<string, [LoopbackAnswer, string, RegExp]> = {
  "a throttled key": [{ status: 429, headers: soon }, "MODEL_THROTTLED", /too fast/],
  "a used-up quota": [
    { status: 429, headers: soon, error: { code: "insufficient_quota", message: "You exceeded your current quota" } },
    "MODEL_THROTTLED",
    /quota/,
  ],
  "a failing server": [{ status: 500, headers: soon, error: { message: "oh no" } }, "MODEL_UNAVAILABLE", /status 500/],
  garbage: [{ body: "<html>hello</html>", contentType: "text/html" }, "MODEL_RESPONSE_INVALID", /<html>hello/],
  "half an answer": [{ fault: "half" }, "MODEL_UNAVAILABLE", /connection/i],
  silence: [{ fault: "silence" }, "MODEL_UNAVAILABLE", /did not answer in time/],
};

describe("a server that does not do its part", () => {
  test.each(Object.entries(faults))(
    "%s: a clear message, no secret, a whole journal",
    async (_name, [fault, code, message]) => {
      await using server = await loopbackOpenAI({ answers: () => fault });
      using out = makeFolder();
      const failure = await errorOf(
        review(out.path, { args: ["--model", "m", "--timeout", "0.05"], env: envOf(server) }),
      );
      expect(failure.code).toBe(code);
      expect(failure.message).toMatch(message);
      expect(inspect(failure, { depth: 9 })).not.toContain(server.apiKey);
      expect(journalOf(out.path).at(-1)).toMatchObject({ type: "run/finished", status: "failed" });
    },
  );

  test("a refused key", async () => {
    await using server = await loopbackOpenAI({ answers: [], apiKey: "the-right-one" });
    using out = makeFolder();
    const env = { OPENAI_BASE_URL: server.baseURL, OPENAI_API_KEY: "the-wrong-one" };
    const failure = await errorOf(review(out.path, { args: ["--model", "m"], env }));
    expect(failure.code).toBe("MODEL_REJECTED");
    expect(failure.message).toMatch(/Incorrect API key.*OPENAI_API_KEY/);
    expect(inspect(failure, { depth: 9 })).not.toContain("the-wrong-one");
  });

  test("neither key nor address, and an address that is none", async () => {
    using out = makeFolder();
    const none = await errorOf(review(out.path, { args: ["--model", "m"] }));
    expect(none.message).toMatch(/model "m": No key\..*OPENAI_API_KEY, or OPENAI_BASE_URL.*neither/);
    const odd = await errorOf(review(out.path, { args: ["--model", "m"], env: { OPENAI_BASE_URL: "localhost" } }));
    expect(odd.message).toMatch(/model "m": No address\..*OPENAI_BASE_URL.*"localhost"/);
  });

  test("a refusal, an answer of another form", async () => {
    using out = makeFolder();
    const refusal = {
      choices: [{ message: { role: "assistant", content: null, refusal: "I will not." }, finish_reason: "stop" }],
    };
    for (const [answers, code, message] of [
      [[{ body: refusal }], "RUN_NOT_COMPLETED", /refused: I will not/],
      [[{ say: "Fine!" }, { say: "Really fine!" }], "OUTPUT_INVALID", /output schema/],
    ] satisfies [LoopbackAnswer[], string, RegExp][]) {
      await using server = await loopbackOpenAI({ answers });
      const failure = await errorOf(review(out.path, { args: ["--model", "m"], env: envOf(server) }));
      expect(failure.code).toBe(code);
      expect(failure.message).toMatch(message);
    }
  });
});

test("a stop in the middle: the journal is whole, the exit code says so", async () => {
  await using server = await loopbackOpenAI({ answers: [...script.slice(0, 1), { fault: "silence" }] });
  using out = makeFolder();
  const controller = new AbortController();
  const running = review(out.path, { args: ["--model", "m"], env: envOf(server), signal: controller.signal });
  void server.arrived(1).then(() => controller.abort(new Error("stopped by the user")));
  const { exit, said } = await running;
  expect(exit).toBe(130);
  expect(said).toMatch(/Stopped\. The journal is whole: .*\.jsonl/);
  expect(journalOf(out.path).at(-1)).toMatchObject({ type: "run/finished", status: "aborted" });
});

async function errorOf(work: Promise<unknown>): Promise<WinkError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!WinkError.is(thrown)) throw new Error(`not an error of the library: ${inspect(thrown)}`);
  return thrown;
}
