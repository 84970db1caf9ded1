import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sqliteJournal } from "weakincentives/journal/sqlite";
import { makeFolder, wink, winkIn } from "./harness.ts";
import { edit, makeRun, runs, secret } from "./run-samples.ts";

const hidden = [secret, "correct-horse", "hunter2"];

describe("wink runs list", () => {
  test("lists the runs, the newest first, with what they wait for and their tags", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "first", "completed", { tags: ["nightly", "eu"] });
    await makeRun(folder.path, "third", "suspended", { day: 3 });
    await makeRun(folder.path, "second", "failed", { day: 2 });
    edit(folder.path, "second", (text) => text.split("\n").slice(0, 3).join("\n"));
    const { code, out, err } = await runs(folder.path, "list");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const rows = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/));
    expect(rows[0]).toEqual([
      "run",
      "prompt",
      "status",
      "turns",
      "began (UTC)",
      "last (UTC)",
      "entries",
      "bytes",
      "tags",
    ]);
    expect(rows.slice(1).map((row) => row.slice(0, 5))).toEqual([
      ["third", "test/cli:asking", "suspended, 2 open", "2", "2026-01-03 12:00:00"],
      ["second", "test/cli:asking", "cut off", "0", "2026-01-02 12:00:00"],
      ["first", "test/cli:asking", "completed", "2", "2026-01-01 12:00:00"],
    ]);
    expect(out).toContain("nightly, eu\n");
  });

  test("shows those of a status or prompt, and so many at most", async () => {
    using folder = makeFolder();
    for (const day of [1, 2, 3]) await makeRun(folder.path, `run-${day}`, "completed", { day });
    await makeRun(folder.path, "waits", "suspended");
    const listed = async (...args: string[]): Promise<string[]> => {
      const { out } = await runs(folder.path, "list", "--json", ...args);
      return JSON.parse(out).runs.map(({ run }: { run: string }) => run);
    };
    expect(await listed("--status", "suspended")).toEqual(["waits"]);
    expect(await listed("--status", "cut-off")).toEqual([]);
    expect(await listed("--prompt", "asking", "--limit", "2")).toEqual(["run-3", "run-2"]);
    expect(await listed("--prompt", "test/cli:asking", "--status", "completed")).toHaveLength(3);
    expect((await runs(folder.path, "list", "--limit", "1")).out).toMatch(/and 3 older; --limit shows more\n$/);
    expect((await runs(folder.path, "list", "--prompt", "nobody")).out).toBe(`No runs like these in ${folder.path}.\n`);
  });

  test("a journal that cannot be read is one row, and the exit code 1; the others are shown", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "good", "completed");
    for (const run of ["edited", "newer", "formless"]) await makeRun(folder.path, run, "completed");
    edit(folder.path, "edited", (text) => text.replace('"seq":3', '"seq":4'));
    edit(folder.path, "newer", (text) => text.replace('"v":2', '"v":99'));
    edit(folder.path, "formless", (text) =>
      text.replace('"params":', '"arams":').replace('"model":{', '"model":null,"x":{'),
    );
    writeFileSync(join(folder.path, "garbage.jsonl"), "\0\u0001 no JSON\n");
    const { code, out, err } = await runs(folder.path, "list");
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toMatch(/^good +test\/cli:asking +completed/m);
    expect(out).toMatch(
      /^edited {2}cannot be read: .*line \d+: The number of the entry is not right\. Expected 3\. Received number 4\./m,
    );
    expect(out).toMatch(
      /^newer {2}cannot be read: .*The version of the entry is not right\. Expected \d or earlier\. Received number 99\./m,
    );
    expect(out).toMatch(/^formless {2}cannot be read: .*The entry of type run\/started has no `model`/m);
    expect(out).toMatch(/^garbage {2}cannot be read: .*The line cannot be read\. Expected JSON\. Received ./m);
    expect(out).not.toMatch(/^\s+at /m);
    expect(JSON.parse((await runs(folder.path, "list", "--json")).out).unreadable).toHaveLength(4);
  });

  test("finds runs that have a folder of their own, in the folder that is looked into unless another is named", async () => {
    using folder = makeFolder();
    expect(await winkIn({ cwd: folder.path }, "runs", "list")).toEqual({
      code: 0,
      out: "No runs in .wink/runs.\n",
      err: "",
    });
    await makeRun(join(folder.path, ".wink/runs/own"), "own", "completed");
    const there = { cwd: folder.path };
    expect((await winkIn(there, "runs", "list")).out).toMatch(/^own /m);
    expect((await winkIn(there, "runs", "show", "own")).out).toContain("entries in .wink/runs/own/own.jsonl\n");
  });

  test("works on a SQLite file as on a folder", async () => {
    using folder = makeFolder();
    const path = join(folder.path, "runs.sqlite");
    {
      await using journal = sqliteJournal({ path });
      await makeRun(folder.path, "run-1", "once", { journal });
    }
    const { code, out } = await runs(path, "list");
    expect(code).toBe(0);
    expect(out).toMatch(/^run-1 +test\/cli:asking +suspended, 1 open .* [1-9]\d+$/m);
    expect((await runs(path, "answer", "run-1", '{"approved":true}')).code).toBe(0);
    expect((await runs(path, "show", "run-1")).out).toMatch(/ answer +to .*\{"approved":true\}\n/);
    expect((await runs(path, "replay", "run-1", "--prompt", "asking.ts#asking")).out).toMatch(
      /^identical, 0 model calls\n/,
    );
    expect((await runs(path, "show", "run-2")).err).toMatch(/Did you mean "run-1"\?/);
    writeFileSync(join(folder.path, "none.db"), "no database at all");
    expect(await runs(join(folder.path, "none.db"), "list")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^wink: JOURNAL_\w+: .*\n$/),
    });
  });

  test.each([
    [
      ["list", "--journal", "nowhere"],
      2,
      /^wink: INPUT_INVALID: --journal nowhere: There is no journal\. Expected the folder .*\. Received \/.*nowhere, where nothing is\./,
    ],
    [["list", "--journal", "agent.ts"], 2, /There is no journal\. .*Received \/.*agent\.ts, which is neither\./],
    [
      ["list", "--status", "done"],
      2,
      /Expected one of completed, partial, suspended, refused, failed, aborted, cut off/,
    ],
    [["list", "--limit", "none"], 2, /Expected a whole number from 1/],
    [["show", "run-1", "--journal", "nowhere"], 2, /There is no journal\..*nowhere, where nothing is\./],
    [["shwo"], 2, /Did you mean show/],
    [["show", "../../etc/passwd", "--journal", "."], 2, /The id of a run is not well formed/],
    [
      ["show", "run-1", "--journal", "."],
      1,
      /JOURNAL_MISSING: \/.*: There is no run "run-1"\. Expected one of those .*Received a journal without runs/,
    ],
  ])("wrong use is told: %j", async (args, expected, message) => {
    const { code, out, err } = await wink("runs", ...args);
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test("a message without the parts it should have is told, without a stack", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    edit(folder.path, "run-1", (text) =>
      text.replaceAll(/"first":\{"role":"user","content":\[[^\]]*\]/g, '"first":{"role":"user","content":[null]'),
    );
    const { code, out, err } = await runs(folder.path, "show", "run-1");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/JOURNAL_INVALID/);
    expect(err).not.toMatch(/^\s+at /m);
  });

  test("a run that is not there: the ones that may have been meant", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "review-1", "completed");
    const { code, err } = await runs(folder.path, "show", "reveiw-1");
    expect(code).toBe(1);
    expect(err).toMatch(
      /JOURNAL_MISSING: \/.*: There is no run "reveiw-1"\. .*Received a journal of 1 other\. Did you mean "review-1"\?/,
    );
  });
});

describe("wink runs show", () => {
  test("tells each step in its order, clipped to one line, without secrets", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    const { code, out, err } = await runs(folder.path, "show", "run-1");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^run-1 {2}test\/cli:asking {2}completed\nscripted\/scripted, 2 turns, \d+ entries in /);
    const steps = out.split("\n").filter((line) => /^ +\+\d/.test(line));
    expect(steps.map((line) => line.slice(13, 27).trim())).toEqual([
      "began",
      "rendered",
      "turn 1",
      "turn 1",
      "look",
      "nothing",
      "turn 2",
      "turn 2",
      "end",
    ]);
    expect(out).toMatch(/ look +\{"at":"the sky","password":"\[redacted\]"\} committed: the sky: all is well, .*…\n/);
    expect(out).toMatch(/ nothing +\{.*\} refused: /);
    expect(out).not.toContain("To go on");
    for (const text of hidden) expect(out).not.toContain(text);
    expect(Math.max(...steps.map((line) => line.length))).toBeLessThan(200);
  });

  test("--full and --json show whole texts, and no secrets either", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    const { out } = await runs(folder.path, "show", "run-1", "--full");
    expect(out).toContain("Look into rain.");
    const whole = "all is well, ".repeat(300);
    expect(out).toContain(whole);
    const json = await runs(folder.path, "show", "run-1", "--json");
    const data = JSON.parse(json.out);
    expect(data).toMatchObject({ run: "run-1", status: "completed", turns: 2, params: { topic: "rain" }, open: [] });
    expect(data.steps[4].text).toContain(whole);
    for (const text of hidden) expect(out + json.out).not.toContain(text);
  });

  test("open questions stand at the end, each with the command line that answers it", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "suspended");
    const { out } = await runs(folder.path, "show", "run-1");
    const commands = [...out.matchAll(/to answer: wink (.*)$/gm)].map(([, command = ""]) => command);
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
      expect(await wink(...args)).toMatchObject({ code: 0, err: "" });
    }
    expect((await runs(folder.path, "show", "run-1")).out).toMatch(
      /To go on: wink runs resume run-1 --prompt .*--model NAME/,
    );
  });

  test("what providers said that the answers cost is told, when they all said it", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    const shown = async (): Promise<unknown> => {
      const { out } = await runs(folder.path, "show", "run-1");
      const json = await runs(folder.path, "show", "run-1", "--json");
      return [/^cost .*$/m.exec(out)?.[0], JSON.parse(json.out).cost];
    };
    expect(await shown()).toEqual([undefined, null]);
    edit(folder.path, "run-1", (text) => text.replace('"finish":"tool-calls"', '"cost":0.1,$&'));
    expect(await shown()).toEqual([undefined, null]);
    edit(folder.path, "run-1", (text) => text.replace('"finish":"stop"', '"cost":0.2,$&'));
    expect(await shown()).toEqual(["cost 0.3, as the provider told it", 0.1 + 0.2]);
  });

  test("a run that was cut off in a call: what was begun is told", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    edit(folder.path, "run-1", (text) => text.slice(0, text.indexOf('"type":"tool/finished"')));
    const { code, out } = await runs(folder.path, "show", "run-1");
    expect(code).toBe(0);
    expect(out).toMatch(/^run-1 {2}test\/cli:asking {2}cut off$/m);
    expect(out).toMatch(/ look +\{.*\} begun, and no end in the journal\n/);
  });

  test("an entry without what belongs to it is told without a stack", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    edit(folder.path, "run-1", (text) =>
      text.replace(/"message":\{"role":"assistant"/, '"message":{"role":"nobody"},"m":{"role":"assistant"'),
    );
    const { code, err } = await runs(folder.path, "show", "run-1");
    expect(code).toBe(1);
    expect(err).toMatch(
      /^wink: JOURNAL_INVALID: entry \d+: The entry of type model\/responded has no `message.role`.*\n$/,
    );
  });
});

describe("wink runs answer", () => {
  const folderWith = async (kind: "suspended" | "once" | "completed") => {
    const folder = makeFolder();
    await makeRun(folder.path, "run-1", kind);
    return folder;
  };

  test("takes JSON as JSON and all else as a text, and says how to go on", async () => {
    using folder = await folderWith("once");
    const { code, out } = await runs(folder.path, "answer", "run-1", '{"approved":true}');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Answered .* of run run-1: \{"approved":true\}\nIts form is checked when the run goes on: wink runs resume run-1 /,
    );
    expect((await runs(folder.path, "list")).out).toContain("suspended, answered");
  });

  test.each([
    ["yes, do it", "yes, do it"],
    ["12", 12],
    ['"12"', "12"],
    ["@params.json", { name: "Cleo" }],
    ["-", "from standard input"],
  ])("%s", async (given, expected) => {
    using folder = await folderWith("once");
    const args = ["runs", "answer", "run-1", given, "--json", "--journal", folder.path];
    const { out } = await winkIn({ readInput: async () => "from standard input\n" }, ...args);
    expect(JSON.parse(out)).toMatchObject({ run: "run-1", answer: expected, open: [] });
  });

  test("several open questions: it must be said which one, and what is still open is told", async () => {
    using folder = await folderWith("suspended");
    const unsaid = await runs(folder.path, "answer", "run-1", "true");
    expect(unsaid.code).toBe(1);
    const [, id = ""] = /Example: --question (\S+)/.exec(unsaid.err) ?? [];
    const { out } = await runs(folder.path, "answer", "run-1", '{"approved":false}', "--question", id);
    expect(out).toMatch(/^Answered .*\nThese are still open:\n/);
    const again = await runs(folder.path, "answer", "run-1", '{"approved":true}', "--question", id);
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/^wink: QUESTION_CLOSED: run "run-1": The question was answered already\./);
  });

  test.each([
    ["completed", [], /QUESTION_CLOSED: run "run-1": The run waits for no answer/],
    [
      "suspended",
      ["--question", "none/1"],
      /The run has asked no such question\. Expected one of .*Example: --question /,
    ],
  ] as const)("a %s run, %j: refused", async (kind, args, message) => {
    using folder = await folderWith(kind);
    const { code, err } = await runs(folder.path, "answer", "run-1", "true", ...args);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err).not.toContain("answer(journal");
  });

  test("a file that is not there, and an unknown run", async () => {
    using folder = await folderWith("once");
    expect(await runs(folder.path, "answer", "run-1", "@nothing.json")).toMatchObject({ code: 2 });
    const { code, err } = await runs(folder.path, "answer", "run-2", "true");
    expect(code).toBe(1);
    expect(err).toMatch(/There is no run "run-2".*Did you mean "run-1"/);
  });
});

describe("wink runs replay", () => {
  const replay = (folder: string, prompt: string, ...args: readonly string[]) =>
    runs(folder, "replay", "run-1", "--prompt", prompt, ...args);

  test.each(["completed", "suspended", "failed"] as const)(
    "a %s run is identical, with the params that it had",
    async (kind) => {
      using folder = makeFolder();
      await makeRun(folder.path, "run-1", kind);
      const { code, out, err } = await replay(folder.path, "asking.ts#asking");
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/^identical, 0 model calls\n\d turns?, \d calls? in \d+ ms; the run took 0 ms\n$/);
    },
  );

  test("one that was cut off is identical as far as it goes", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    edit(folder.path, "run-1", (text) => text.slice(0, text.indexOf('"type":"tool/finished"')));
    const { code, out } = await replay(folder.path, "asking.ts#asking");
    expect(code).toBe(0);
    expect(out).toMatch(/^identical, 0 model calls, as far as the journal goes\n1 turn, 0 calls /);
  });

  test.each([
    ["asking.ts#changed", [], /prompt\/rendered, first\n.*- Look into rain\.\n\+ See to rain\.\n/s],
    ["asking.ts#bound", [], /\n- Look into rain\.\n\+ Look into the weather\.\n/],
    ["asking.ts#asking", ["--params", '{"topic":"hail"}'], /\n- Look into rain\.\n\+ Look into hail\.\n/],
    ["asking.ts#other", [], /run\/started, prompt\n.*- test\/cli:asking\n\+ test\/cli:other\n$/s],
  ])("%s %j does otherwise: both sides are shown, exit code 1", async (prompt, args, shown) => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    const { code, out, err } = await replay(folder.path, prompt, ...args);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toMatch(/^not identical: run run-1, entry \d+: /);
    expect(out).toMatch(shown);
    const json = await replay(folder.path, prompt, ...args, "--json");
    expect(JSON.parse(json.out)).toMatchObject({ run: "run-1", identical: false });
  });

  test("what a bound prompt would open is not opened", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    expect(await replay(folder.path, "asking.ts#opening")).toMatchObject({ code: 0, err: "" });
  });

  test("a journal that was edited is told", async () => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    edit(folder.path, "run-1", (text) => text.replace('"name":"nothing","text":"', '"name":"nothing","text":"Oh. '));
    const { code, err } = await replay(folder.path, "asking.ts#asking");
    expect(code).toBe(1);
    expect(err).toMatch(/JOURNAL_INVALID: run "run-1", entry \d+: The journal was edited: the messages before turn 2 /);
  });

  test.each([
    [["--prompt", "no-such.ts"], 2, /There is no such file\./],
    [["--prompt", "asking.ts#askign"], 2, /Did you mean "asking"/],
    [["--prompt", "asking.ts#asking", "--params", "{}"], 1, /PARAMS_INVALID: .*Example: --params '\{"topic":"…"\}'/],
    [["--prompt", "asking.ts#asking", "--params", "{"], 2, /The params are not JSON/],
    [[], 2, /required option '--prompt <FILE#EXPORT>' not specified/],
  ])("%j is told", async (args, expected, message) => {
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    const { code, err } = await runs(folder.path, "replay", "run-1", ...args);
    expect(code).toBe(expected);
    expect(err).toMatch(message);
  });
});

test("every command says where journals are looked for, and has examples that name it", async () => {
  for (const name of ["list", "show", "answer", "replay", "resume"]) {
    const { out } = await wink("runs", name, "--help");
    expect(out).toMatch(new RegExp(`Examples:\n  wink runs ${name}`));
    expect(out).toMatch(/--journal <path>.*\(default:\s+"\.wink\/runs"\)/s);
  }
});
