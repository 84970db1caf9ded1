import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { jsonlJournal } from "weakincentives/journal";
import { type LoopbackAnswer, loopbackAnthropic, loopbackLiteLLM, loopbackOpenAI } from "weakincentives/testing";
import { type Folder, fixtures, makeFolder, type Ran, winkIn } from "./harness.ts";
import { edit, makeRun, runs, secret } from "./run-samples.ts";

interface World extends AsyncDisposable {
  readonly folder: string;
  readonly requests: readonly unknown[];
  readonly arrived: (index: number) => Promise<unknown>;
  resume(...args: readonly string[]): Promise<Ran>;
  /** The user presses Ctrl-C. */
  interrupt(): void;
}

async function worldWith(
  kind: Parameters<typeof makeRun>[2],
  answers: readonly LoopbackAnswer[],
  prompt = "asking.ts#asking",
): Promise<World> {
  const folder: Folder = makeFolder();
  await makeRun(folder.path, "run-1", kind);
  const server = await loopbackOpenAI({ answers });
  let interrupt = (): void => undefined;
  return {
    folder: folder.path,
    requests: server.requests,
    arrived: (index) => server.arrived(index),
    resume: (...args) =>
      winkIn(
        {
          env: { OPENAI_BASE_URL: server.baseURL, OPENAI_API_KEY: server.apiKey },
          onInterrupt(then) {
            interrupt = then;
            return () => undefined;
          },
        },
        ...["runs", "resume", "run-1", "--journal", folder.path, "--prompt", prompt, "--model", "m", ...args],
      ),
    interrupt: () => interrupt(),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

const entriesIn = (folder: string) => jsonlJournal({ directory: folder }).read("run-1");
const cutOff = (text: string): string => text.slice(0, text.lastIndexOf('"type":"model/requested"'));

describe("wink runs resume", () => {
  test.each([
    ["anthropic", "ANTHROPIC", loopbackAnthropic],
    ["litellm", "LITELLM", loopbackLiteLLM],
    ["openai-responses", "OPENAI", loopbackOpenAI],
  ] as const)("goes on with --provider %s, by its own key and address", async (provider, variables, start) => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    edit(folder.path, "run-1", cutOff);
    await using server = await start({ answers: [{ json: { verdict: "fair" } }] });
    const env = { [`${variables}_BASE_URL`]: server.baseURL, [`${variables}_API_KEY`]: server.apiKey };
    const named = ["--prompt", "asking.ts#asking", "--model", "m", "--provider", provider];
    const ran = await winkIn({ env }, "runs", "resume", "run-1", "--journal", folder.path, ...named);
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(server.violations).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  test("goes on where the journal ends, with the recorded params, and shows what it does", async () => {
    await using world = await worldWith("completed", [{ json: { verdict: `fair, ${secret}` } }]);
    edit(world.folder, "run-1", cutOff);
    const { code, out, err } = await world.resume();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(
      `goes on after 1 turn and 2 calls of the journal
turn 2: asks the model
${/^turn 2: .*\(the answer, .*$/m.exec(out)?.[0]}
completed after 2 turns

{
  "verdict": "fair, [redacted]"
}
`,
    );
    expect(out).not.toContain(secret);
    expect(world.requests).toHaveLength(1);
    expect(JSON.stringify(world.requests)).toContain("Look into rain.");
    const entries = await entriesIn(world.folder);
    expect(entries.at(-1)).toMatchObject({ type: "run/finished", status: "completed" });
    expect((await runs(world.folder, "show", "run-1")).out).toMatch(/ resumed +the run goes on here\n/);
    expect((await runs(world.folder, "replay", "run-1", "--prompt", "asking.ts#asking")).code).toBe(0);
  });

  test("a run that was answered goes on; one that is not waits, and says how to answer", async () => {
    await using world = await worldWith("once", [{ json: { verdict: "go" } }]);
    const waits = await world.resume();
    expect(waits.code).toBe(1);
    expect(waits.out).toMatch(/suspended after 1 turn, it waits for answers:\n.*to answer: wink runs answer run-1 /s);
    expect(world.requests).toHaveLength(0);
    await runs(world.folder, "answer", "run-1", '{"approved":true}');
    const { code, out } = await world.resume();
    expect(code).toBe(0);
    expect(out).toMatch(/^ {2}approve \{"what":"rain"\} committed, .*approved$/m);
    expect(JSON.stringify(world.requests)).toContain("approved");
  });

  test("an answer of the wrong form is refused when the run goes on, and the question is open again", async () => {
    await using world = await worldWith("once", []);
    await runs(world.folder, "answer", "run-1", "of course");
    const { code, out } = await world.resume();
    expect(code).toBe(1);
    expect(out).toMatch(/the last answer was refused: /);
    expect((await runs(world.folder, "show", "run-1")).out).toMatch(/ answer +to .* refused: /);
  });

  test("--json prints the outcome and nothing else; a run that has ended is given as it ended", async () => {
    await using world = await worldWith("completed", []);
    const { code, out, err } = await world.resume("--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({
      run: "run-1",
      status: "completed",
      output: { verdict: "fair, said [redacted]" },
      journal: join(world.folder, "run-1.jsonl"),
    });
    const asked = await worldWith("suspended", []);
    await using _asked = asked;
    const waits = await asked.resume("--json");
    expect(waits.code).toBe(1);
    expect(JSON.parse(waits.out).questions).toMatchObject([
      { tool: "approve" },
      { command: expect.stringMatching(/^wink runs answer/) },
    ]);
  });

  test("Ctrl-C stops it: the journal is whole, exit code 130, and it can go on", async () => {
    await using world = await worldWith("completed", [{ fault: "silence" }, { json: { verdict: "late" } }]);
    edit(world.folder, "run-1", cutOff);
    const ran = world.resume();
    await world.arrived(0);
    world.interrupt();
    const { code, out, err } = await ran;
    expect({ code, err }).toEqual({ code: 130, err: "Stopping …\n" });
    expect(out).toMatch(
      /^aborted after 1 turn; the journal is whole: .*run-1\.jsonl\nTo go on: wink runs resume run-1 /m,
    );
    expect((await entriesIn(world.folder)).at(-1)).toMatchObject({ type: "run/finished", status: "aborted" });
    expect(await world.resume()).toMatchObject({ code: 0, out: expect.stringContaining("late") });
  });

  test("a server that fails ends the run as failed, exit code 1, without a stack and without the key", async () => {
    await using world = await worldWith("completed", [{ status: 404, error: { message: "no such model" } }]);
    edit(world.folder, "run-1", cutOff);
    const { code, out } = await world.resume();
    expect(code).toBe(1);
    expect(out).toMatch(/^failed after 1 turn: MODEL_\w+: /m);
    expect(out).not.toMatch(/^\s+at |loopback-key/m);
  });

  test("a limit of turns ends it as partial", async () => {
    await using world = await worldWith("completed", []);
    edit(world.folder, "run-1", cutOff);
    const { code, out } = await world.resume("--max-turns", "1");
    expect(code).toBe(1);
    expect(out).toMatch(/^partial after 1 turn: max-turns: The model was asked once, which is `maxTurns`/m);
  });

  test.each([
    ["asking.ts#other", [], 1, /RESUME_REFUSED: run "run-1": The run is one of another prompt/],
    ["agent.ts#agent", ["--params", '{"repository":"a","depth":"quick"}'], 1, /RESOURCE_MISSING: /],
    ["asking.ts#nobody", [], 2, /The file does not export "nobody"/],
    ["asking.ts#asking", ["--params", '{"topci":"x"}'], 1, /PARAMS_INVALID: .*topic/],
    ["asking.ts#asking", ["--max-turns", "0"], 2, /Expected a whole number from 1/],
    ["asking.ts#asking", ["--on-change", "hope"], 2, /Allowed choices are continue, restart, branch, refuse/],
  ])("%s %j: refused, and nothing is written", async (prompt, args, expected, message) => {
    await using world = await worldWith("completed", [], prompt);
    edit(world.folder, "run-1", cutOff);
    const before = await entriesIn(world.folder);
    const { code, err } = await world.resume(...args);
    expect(code).toBe(expected);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
    expect(await entriesIn(world.folder)).toEqual(before);
  });

  test("neither key nor address, an unknown run, and a journal that was edited", async () => {
    await using world = await worldWith("completed", []);
    const args = ["--prompt", join(fixtures, "asking.ts#asking"), "--model", "m"];
    expect(await runs(world.folder, "resume", "run-1", ...args)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/OPENAI_API_KEY, or OPENAI_BASE_URL/),
    });
    expect(await runs(world.folder, "resume", "run-11", ...args)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/Did you mean "run-1"\?/),
    });
    edit(world.folder, "run-1", (text) => cutOff(text).replace("Look into rain.", "Look into hail."));
    const { code, out } = await world.resume();
    expect(code).toBe(1);
    expect(out).toMatch(/failed after 0 turns: JOURNAL_INVALID: run "run-1", entry \d+: The journal was edited/);
  });
});
