/** What a child process gets to see: the same policy for every launcher in the library, looked at in the child itself. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, assert, beforeEach, describe, expect, it, vi } from "vitest";
import { isTest, readSources } from "../../test/support/source-tree.ts";
import { hostFiles } from "../files/host/host-files.ts";
import { redact, startChild } from "./index.ts";

let folder: string;
let home: string;
let seen: string;
let program: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wink-child-"));
  home = join(folder, "home");
  seen = join(folder, "seen");
  program = join(folder, "program");
  mkdirSync(home);
  // It asks the system what it was given, not a shell that adds variables of its own.
  writeFileSync(program, `#!/bin/sh\nexec cat /proc/self/environ > '${seen}'\n`);
  chmodSync(program, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const hostile = {
  ...{ PATH: "/usr/bin:/bin", LANG: "C", HOME: "/root", HOMEBREW_PREFIX: "/opt/homebrew", PLAIN: "plain" },
  ...{ OPENAI_API_KEY: "x", GITHUB_TOKEN: "x", DB_PASSWORD: "x", SSH_AUTH_SOCK: "/x", XDG_CONFIG_HOME: "/root/x" },
  ...{ ALL_PROXY: "http://me:hunter22@proxy:1", userprofile: "C:\\me", clientSecret: "x", AWS_PROFILE: "x" },
};

/** The variables that the program was given; the shell that it begins as may add its own. */
const given = (): Record<string, string> =>
  Object.fromEntries(
    readFileSync(seen, "utf8")
      .split("\0")
      .filter((line) => line !== "" && !/^(?:PWD|OLDPWD|SHLVL|_)=/.test(line))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

/** Every file of the library that starts processes, and how it is made to. */
const launchers: Readonly<Record<string, () => Promise<Record<string, string>>>> = {
  async "src/files/host/git.ts"() {
    const root = join(folder, "root");
    const state = join(folder, "state");
    mkdirSync(root);
    writeFileSync(join(root, "a"), "a");
    await using files = await hostFiles({ root, state, git: program, environment: hostile });
    await files.snapshot();
    await files.changedOutside().catch(() => undefined); // the program is not git
    const { HOME = "", ...env } = given();
    expect(HOME.startsWith(state)).toBe(true);
    return env;
  },
};

describe.runIf(process.platform === "linux")("a child from a hostile environment", () => {
  const start = async (inherit: boolean): Promise<Record<string, string>> => {
    const env = { from: hostile, home, inherit, add: { MINE: "given" } };
    const child = startChild(program, ["x"], { env, cwd: folder, timeoutMs: 10_000 });
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    return given();
  };

  it("sees the short list, its own home and what is added", async () => {
    const own = { HOME: home, USERPROFILE: home, MINE: "given" };
    expect(await start(false)).toEqual({ PATH: "/usr/bin:/bin", LANG: "C", ...own });
  });

  it("sees all that looks like no secret when that is asked for, also what begins like HOME", async () => {
    const own = { HOME: home, USERPROFILE: home, MINE: "given" };
    const plain = { PATH: "/usr/bin:/bin", LANG: "C", HOMEBREW_PREFIX: "/opt/homebrew", PLAIN: "plain" };
    expect(await start(true)).toEqual({ ...plain, ...own });
  });

  it("is killed when it takes longer than it may, and starts in the folder that it is given", async () => {
    const env = { from: {}, home };
    const slow = startChild("/bin/sh", ["-c", "while :; do :; done"], { env, cwd: folder, timeoutMs: 30 });
    expect(await new Promise((resolve) => slow.on("close", (_code, by) => resolve(by)))).toBe("SIGKILL");
    const where = startChild("/bin/pwd", [], { env, cwd: home, timeoutMs: 10_000 });
    assert(where.stdout);
    const [said] = await Promise.all([text(where.stdout), new Promise((resolve) => where.on("close", resolve))]);
    expect(said.trim()).toBe(realpathSync(home));
  });

  it("leaves no timer behind, which would keep this process alive, also when there is no such program", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      for (const name of [program, join(folder, "none")]) {
        const child = startChild(name, [], { env: { from: {}, home }, cwd: folder, timeoutMs: 60_000 });
        child.on("error", () => undefined);
        expect(vi.getTimerCount()).toBe(1);
        await new Promise((resolve) => child.on("close", resolve));
        expect(vi.getTimerCount()).toBe(0);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it("may say what it knows: it is hidden until the end of the child has been told", async () => {
    const secret = "correct horse/battery";
    const env = { from: { DB_PASSWORD: secret }, home, add: { OWN_TOKEN: "another/secret" } };
    for (const name of [program, join(folder, "none")]) {
      const child = startChild(name, [], { env, cwd: folder, timeoutMs: 10_000 });
      child.on("error", () => undefined);
      const told = await new Promise((resolve) =>
        child.on("close", () => resolve(redact(`said ${secret} and another/secret`))),
      );
      expect(told).toBe("said [redacted] and [redacted]");
      await new Promise((resolve) => setImmediate(resolve));
      expect(redact(secret)).toBe(secret);
    }
  });

  it.each(Object.entries(launchers))("started by %s sees no secret and no other variable", async (_path, launch) => {
    const env = await launch();
    const allowed = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_TERMINAL_PROMPT", "LANG", "LC_ALL", "PATH"];
    expect(
      Object.keys(env)
        .filter((name) => name !== "USERPROFILE")
        .sort(),
    ).toEqual(allowed);
  });
});

// That nobody starts a process in another way is a rule of the house: test/architecture.test.ts looks.
it("whoever starts a process is looked at above", () => {
  const users = readSources("src").filter(
    ({ path, text }) => !isTest(path) && /(?<!function )\bstartChild\(/.test(text),
  );
  expect(users.map(({ path }) => path)).toEqual(Object.keys(launchers));
});
