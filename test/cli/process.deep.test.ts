import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loopbackOpenAI } from "weakincentives/testing";
import { fixtures, makeFolder } from "./harness.ts";
import { edit, makeRun } from "./run-samples.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

function start(...args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ["--conditions=source", main, ...args], { cwd: fixtures });
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const texts = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    texts.out += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    texts.err += part;
  });
  const [code, signal] = await once(child, "close");
  return { code, signal, ...texts };
}

describe("wink as a process", () => {
  test.each([
    [["--version"], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [["prompt", "show", "several.ts#bound"], 0, /Greet Ada\./, /^$/],
    [["prompt", "show", "several.ts#template"], 1, /^$/, /^wink: PARAMS_INVALID: .*\n$/],
    [["prompt", "show", "no-such.ts"], 2, /^$/, /^wink: INPUT_INVALID: .*\n$/],
    [["prompt", "shwo"], 2, /^$/, /^wink: unknown command 'shwo' \(Did you mean show\?\)\n/],
    [["prompt", "show", "throws.ts"], 2, /^$/, /^wink: INPUT_INVALID: throws\.ts: .*\n$/],
    [["prompt", "show", "exits.ts"], 1, /^$/, /^wink: the file that was imported ended the program.*\n$/],
    [["prompt", "show", "waits.ts"], 1, /^$/, /^wink: .*waits for what never comes\n$/],
    [["prompt", "show", "rejects.ts"], 1, /^$/, /^wink: the file that was imported failed: password: (?!hunter2).*\n$/],
  ])("%j ends with %d", async (args, expected, out, err) => {
    const ran = await ended(start(...args));
    expect(ran.code).toBe(expected);
    expect(ran.out).toMatch(out);
    expect(ran.err).toMatch(err);
  });

  test("nothing but the JSON is on standard output, and what a file opens does not keep the process", async () => {
    const { code, out, err } = await ended(start("prompt", "show", "noisy.ts", "--json"));
    expect({ code, err }).toEqual({ code: 0, err: "noise\n" });
    expect(JSON.parse(out)).toMatchObject({ prompt: "test/cli:noisy", cachePoint: 1 });
    expect(out.length).toBeGreaterThan(200_000 * "A line.\n".length);
  });

  test("ends quietly when the reader of its output goes", async () => {
    const child = start("prompt", "show", "noisy.ts");
    child.stdout.once("data", () => child.stdout.destroy());
    const { code, err } = await ended(child);
    expect({ code, err }).toEqual({ code: 0, err: "noise\n" });
  });

  test("Ctrl-C ends it as it ends any program, which shells tell as 130", async () => {
    const child = start("prompt", "show", "hangs.ts");
    child.stderr.once("data", () => child.kill("SIGINT"));
    expect(await ended(child)).toEqual({ code: null, signal: "SIGINT", out: "", err: "loading\n" });
  });

  test("Ctrl-C stops a run that goes on: its journal is whole, and the exit code 130", async () => {
    await using server = await loopbackOpenAI({ answers: [{ fault: "silence" }] });
    using folder = makeFolder();
    await makeRun(folder.path, "run-1", "completed");
    edit(folder.path, "run-1", (text) => text.slice(0, text.lastIndexOf('"type":"model/requested"')));
    const more = ["--prompt", "asking.ts#asking", "--model", "m", "--journal", folder.path];
    const child = spawn(process.execPath, ["--conditions=source", main, "runs", "resume", "run-1", ...more], {
      cwd: fixtures,
      env: { PATH: process.env.PATH, OPENAI_BASE_URL: server.baseURL, OPENAI_API_KEY: server.apiKey },
    });
    const end = ended(child);
    await server.arrived(0);
    child.kill("SIGINT");
    expect(await end).toMatchObject({ code: 130, signal: null, err: "Stopping …\n" });
    const { out } = await ended(start("runs", "list", "--journal", folder.path));
    expect(out).toMatch(/^run-1 .* aborted /m);
  });

  test("reads a text from standard input", async () => {
    using folder = makeFolder();
    const args = ["agent.ts", "--root", folder.path];
    const child = start("overrides", "set", ...args, "--section", "style", "--body-file", "-");
    child.stdin.end("Long functions.\n");
    expect(await ended(child)).toMatchObject({ code: 0, err: "" });
    const { out } = await ended(start("overrides", "diff", ...args));
    expect(out).toContain("- Short functions.\n+ Long functions.\n");
  });
});
