import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { loopbackOpenAI } from "weakincentives/testing";
import { plantedRepository, writeRepository } from "../support/planted-repository.ts";
import { journalOf, makeFolder, shippedRepository } from "./harness.ts";

const main = join(import.meta.dirname, "../../examples/code-review/main.ts");

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string): ChildProcess {
  const node = ["--conditions=source", main, ...args];
  return spawn(process.execPath, node, {
    env: { PATH: process.env.PATH ?? "", ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let out = "";
  let err = "";
  child.stdout?.on("data", (part) => {
    out += part;
  });
  child.stderr?.on("data", (part) => {
    err += part;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, out, err };
}

/** Waits until the output has some text. */
function lineOf(child: ChildProcess, wanted: RegExp): Promise<void> {
  let text = "";
  return new Promise((resolve) => {
    child.stdout?.on("data", (part) => {
      text += part;
      if (wanted.test(text)) resolve();
    });
    child.once("close", () => resolve());
  });
}

/** So many files that searching them takes a good part of a second. */
function writeLargeRepository(root: string): void {
  const lines = Array.from({ length: 150 }, (_, index) => `export const value${index} = make(${index}, "text");\n`);
  const text = `${lines.join("")}try {\n  work();\n} catch (error) {\n  log(error);\n}\n`;
  for (let folder = 0; folder < 40; folder++) {
    mkdirSync(join(root, `part-${folder}`), { recursive: true });
    for (let file = 0; file < 50; file++) writeFileSync(join(root, `part-${folder}`, `file-${file}.js`), text);
  }
}

describe("the demo as a process", () => {
  test("--json prints one JSON value and nothing else, and leaves its results where it says", async () => {
    using folder = makeFolder();
    const { code, out, err } = await ended(start(["--json"], {}, folder.path));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(Object.keys(JSON.parse(out))).toEqual(["summary", "issues", "nextSteps"]);
    const told = await ended(start([], {}, folder.path));
    expect(told.out).toMatch(new RegExp(`Written to .*${join(".wink", "runs", "review-").replaceAll("\\", ".")}`));
  });

  test.each([
    [["--help"], 0, /Usage: .*--model/s],
    [["--help"], 0, /0 +the review is done.*1 +there is no review: the path is not there.*2 +the command line.*130/s],
    [["--modle", "x"], 2, /Did you mean --model\?/],
    [[""], 2, /argument 'path'.*empty.*variable/],
    [["--out", ""], 2, /--out.*empty/],
    [["--model", " "], 2, /--model.*empty/],
    [["--include", "src/[a"], 1, /PATTERN_INVALID/],
    [["--out", "/dev/null/folder"], 1, /--out/],
    [["no-such-folder"], 1, /It cannot be opened\. .* Received nothing there\./],
    [["--model", "gpt-x"], 1, /OPENAI_API_KEY/],
  ])("%j ends with %i and a clear message", async (args, expected, message) => {
    using folder = makeFolder();
    const { code, out, err } = await ended(start(args, {}, folder.path));
    expect(code).toBe(expected);
    expect(out + err).toMatch(message);
    expect(out + err).not.toMatch(/^\s+at /m);
  });

  test("a server that refuses: one line on stderr, no stack, no key", async () => {
    await using server = await loopbackOpenAI({ answers: [], apiKey: "the-right-one" });
    using folder = makeFolder();
    const env = { OPENAI_BASE_URL: server.baseURL, OPENAI_API_KEY: "the-wrong-one" };
    const { code, out, err } = await ended(start(["--model", "m", "--json"], env, folder.path));
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toMatch(/^MODEL_REJECTED: .*OPENAI_API_KEY.*\n$/);
    expect(err).not.toContain("the-wrong-one");
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s stops it cleanly: the journal is whole, exit code %i", async (signal, expected) => {
    await using server = await loopbackOpenAI({
      answers: [{ calls: [{ name: "ls", arguments: {} }] }, { fault: "silence" }],
    });
    using folder = makeFolder();
    const env = { OPENAI_BASE_URL: server.baseURL, OPENAI_API_KEY: server.apiKey };
    const child = start(["--model", "m", "--out", folder.path], env);
    const end = ended(child);
    await server.arrived(1);
    child.kill(signal);
    const { code, out } = await end;
    expect(code).toBe(expected);
    expect(out).toMatch(/Stopped\. The journal is whole/);
    expect(journalOf(folder.path).at(-1)).toMatchObject({ type: "run/finished", status: "aborted" });
  });

  test("SIGINT in the middle of the fast offline run: it ends at once, and the journal is whole", async () => {
    using folder = makeFolder();
    const repository = join(folder.path, "repository");
    writeLargeRepository(repository);
    const codes: (number | null)[] = [];
    for (const delay of [0, 0, 10, 40, 80, 160]) {
      const out = join(folder.path, `out-${codes.length}`);
      const child = start([repository, "--out", out]);
      const end = ended(child);
      await lineOf(child, /^run review-/m);
      await setTimeout(delay);
      child.kill("SIGINT");
      const { code, out: told, err } = await end;
      const last = journalOf(out).at(-1);
      expect({ code, last, err }).toMatchObject(
        code === 130
          ? { last: { type: "run/finished", status: "aborted" }, err: "Stopping …\n" }
          : { code: 0, last: { type: "run/finished", status: "completed" } }, // the signal came after the run's end
      );
      if (code === 130) expect(told).toMatch(/Stopped\. The journal is whole/);
      expect(told).not.toMatch(/ none .*rolled back/);
      codes.push(code);
    }
    expect(codes.slice(0, 2)).toEqual([130, 130]);
  });

  test.each([[[]], [["--fault"]]])(
    "--crash %j: another process goes on, does nothing twice and comes to the same",
    async (more) => {
      using folder = makeFolder();
      const [whole, cut] = [join(folder.path, "whole"), join(folder.path, "cut")];
      expect((await ended(start([...more, "--out", whole]))).code).toBe(0);
      const { code, out, err } = await ended(start([...more, "--crash", "--out", cut]));
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out.split("\n")).toContain("resumed: 5 finished calls reused, 0 repeated");
      expect(out).toContain("killed after its fifth finished call");
      const written = (folder: string, name: string): string =>
        readFileSync(join(folder, name), "utf8").replaceAll(/review-\d{8}-\w{6}-\w{4}/g, "RUN");
      for (const name of ["review.md", "changes.patch"]) expect(written(cut, name)).toBe(written(whole, name));
      const journal = readdirSync(cut).find((name) => name.endsWith(".jsonl")) ?? "";
      const replayed = await ended(start(["--replay", join(cut, journal)]));
      expect(replayed).toMatchObject({ code: 0, out: expect.stringMatching(/^identical, 0 model calls: \d turns/) });
    },
  );

  test("--crash --json prints one JSON value; a run that cannot begin ends as without --crash", async () => {
    using folder = makeFolder();
    const { code, out, err } = await ended(start(["--crash", "--json", "--out", folder.path]));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(Object.keys(JSON.parse(out))).toEqual(["summary", "issues", "nextSteps"]);
    expect(await ended(start(["--crash", "no-such-folder"], {}, folder.path))).toMatchObject({ code: 1 });
  });

  test("--crash with a model that calls too few tools: nothing is killed, and that is said", async () => {
    const none = { summary: "nothing", issues: [], nextSteps: [] };
    await using server = await loopbackOpenAI({ answers: [{ json: none }] });
    using folder = makeFolder();
    const env = { OPENAI_BASE_URL: server.baseURL, OPENAI_API_KEY: server.apiKey };
    const { code, out } = await ended(start(["--crash", "--model", "m", "--out", folder.path], env));
    expect(code).toBe(0);
    expect(out).toMatch(/The run ended before its fifth finished call, so nothing was cut off\.\n$/);
  });

  test("a reader that goes away early does no harm", async () => {
    using folder = makeFolder();
    const child = start([], {}, folder.path);
    child.stdout?.destroy();
    const { err } = await ended(child);
    expect(err).not.toMatch(/EPIPE|^\s+at /m);
  });

  test("git takes the patch, at the root of a repository, below it, and outside of one", async (context) => {
    try {
      execFileSync("git", ["--version"]);
    } catch {
      context.skip("git is not on the PATH");
    }
    using folder = makeFolder();
    const root = join(folder.path, "root");
    const below = join(root, "deep", "app");
    cpSync(shippedRepository, below, { recursive: true });
    writeRepository(root, plantedRepository(7));
    const check = (cwd: string, out: string): void => {
      execFileSync("git", ["apply", "--check", join(out, "changes.patch")], { cwd, stdio: "pipe" });
    };
    for (const cwd of [below, root]) {
      const out = join(folder.path, `out-${cwd.length}`);
      expect((await ended(start([cwd, "--out", out]))).code).toBe(0);
      check(cwd, out);
    }
    execFileSync("git", ["init", "--quiet"], { cwd: root });
    check(root, join(folder.path, `out-${root.length}`));
    check(below, join(folder.path, `out-${below.length}`));
    execFileSync("git", ["apply", join(folder.path, `out-${below.length}`, "changes.patch")], { cwd: below });
    const again = await ended(start([below, "--out", join(folder.path, "again")]));
    expect(again.out).toContain("9 problems");
  });
});
