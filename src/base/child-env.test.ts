import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { childEnv } from "./child-env.ts";

const home = "/tmp/home-of-a-child";
const namesOf = (env: Record<string, string>): string[] => Object.keys(env).sort();

const harmless = ["CERTAIN", "COLORTERM", "EDITOR", "FOO", "KEYBOARD", "MONKEY", "NODE_ENV", "PWD", "SHELL", "USER"];
const secret = [
  ...[
    "GITHUB_TOKEN",
    "SLACK_BOT",
    "DATABASE_URL",
    "ENCRYPTION_KEY",
    "PRIVATE_X",
    "SSH_AUTH_SOCK",
    "PEM_FILE",
    "CERT_X",
  ],
  ...["KEY_X", "REDIS_URL", "POSTGRES_PASSWORD", "MYSQL_PWD", "MONGO_URI", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"],
  ...[
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "ANTHROPIC_API_KEY",
    "CLAUDE_X",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "AZURE_X",
  ],
  ...["MY_KEY", "MY_TOKEN", "MY_SECRET", "MY_PASSWORD", "MY_PASSWD", "MY_PWD", "MY_CREDENTIALS", "MY_CREDENTIAL"],
  ...[
    "my_api_key",
    "Npm_Token",
    "PGPASSWORD",
    "PGPASSFILE",
    "MY_CONNECTION_STRING",
    "APP_DSN",
    "SESSION_COOKIE",
    "TOKEN",
    "SECRET",
    "SERVICE_KEY_FILE",
  ],
  ...["AzureWebJobsConnectionString", "npm_config__auth", "GH_PAT", "SECRETS_DIR", "KEY", "DB_PASS", "clientSecret"],
];
const all = (names: readonly string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, "x"]));

describe("childEnv", () => {
  it("passes only the short list unless told otherwise", () => {
    const from = { ...all(harmless), ...all(secret), PATH: "/bin", LANG: "C", LC_ALL: "C", TZ: "UTC", TERM: "xterm" };
    const env = childEnv({ from: { ...from, TMPDIR: "/tmp", LC_TOKEN: "x", HOME: "/root" }, home });
    expect(env).toEqual({ PATH: "/bin", LANG: "C", LC_ALL: "C", TZ: "UTC", TERM: "xterm", TMPDIR: "/tmp", HOME: home });
  });

  it("knows what Windows programs cannot start without, in any case, and gives them the home by its name there", () => {
    const from = { Path: "C:\\", SystemRoot: "C:\\Windows", windir: "C:\\W", ComSpec: "cmd", UserProfile: "C:\\me" };
    expect(childEnv({ from: { ...from, APPDATA: "C:\\me\\a" }, home })).toEqual({
      ...{ Path: "C:\\", SystemRoot: "C:\\Windows", windir: "C:\\W", ComSpec: "cmd" },
      ...{ HOME: home, USERPROFILE: home },
    });
  });

  it("inherits what looks like no secret when asked", () => {
    const from = { ...all(harmless), ...all(secret), PATH: "/bin", HOME: "/root", XDG_CONFIG_HOME: "/root/.config" };
    expect(namesOf(childEnv({ from, home, inherit: true }))).toEqual([...harmless, "HOME", "PATH"].sort());
  });

  it.each(secret)("never inherits %s", (name) => {
    expect(namesOf(childEnv({ from: { [name]: "x" }, home, inherit: true }))).toEqual(["HOME"]);
  });

  it.each([
    "http://user:hunter22@proxy.example:3128",
    "redis://:hunter22@cache.example/0",
    "Server=db;User Id=me;Password=hunter22;",
    "sk-proj-abcDEF0123456789abcdef",
    "https://example.com/?api_key=abc123def456&x=1",
  ])("never inherits a value that holds a secret: %s", (value) => {
    expect(namesOf(childEnv({ from: { ALL_PROXY: value, PLAIN: "x" }, home, inherit: true }))).toEqual([
      "HOME",
      "PLAIN",
    ]);
  });

  it("keeps addresses without a password", () => {
    const from = { ALL_PROXY: "http://proxy.example:3128", ORIGIN: "ssh://git@example.com/x.git" };
    expect(childEnv({ from, home, inherit: true })).toEqual({ ...from, HOME: home });
  });

  it("leaves out what the parent has and no child can be given", () => {
    const from = { "A=B": "x", NUL: "a\0b", GONE: undefined, "": "x" };
    expect(childEnv({ from, home, inherit: true })).toEqual({ HOME: home });
  });

  it("gives what is added as it is, also secrets, and before the parent's", () => {
    const env = childEnv({ from: { PATH: "/bin" }, home, add: { PATH: "/own", OPENAI_API_KEY: "mine" } });
    expect(env).toEqual({ PATH: "/own", OPENAI_API_KEY: "mine", HOME: home });
  });

  it.each<[Record<string, string>, string]>([
    [
      { HOME: "/evil" },
      "\"HOME\": The child's environment cannot be made. Expected the child's home as `home`. Received another home.",
    ],
    [{ home: "/evil" }, '"home": '],
    [{ UserProfile: "C:\\evil" }, '"UserProfile": '],
    [{ "A=B": "x" }, "Expected a name without '='. Received one that has it."],
    [{ "A\0": "x" }, "Expected a name without NUL. Received one that has it."],
    [{ "": "x" }, "Expected a name. Received an empty text."],
    [{ A: "x\0y" }, "Expected a value without NUL. Received one that has it."],
  ])("refuses to add %j", (add, told) => {
    const error = thrownBy(() => childEnv({ from: {}, home, add }));
    expect(error.code).toBe("ENVIRONMENT_INVALID");
    expect(error.message).toContain(told);
    expect(error.details).toEqual({ name: Object.keys(add)[0] });
  });

  it.each(["", "/tmp/\0"])("refuses the home %j", (bad) => {
    expect(thrownBy(() => childEnv({ from: {}, home: bad })).code).toBe("ENVIRONMENT_INVALID");
  });

  it("lets no variable of a hostile parent through by a name of another case or with more around it", () => {
    const name = fc
      .tuple(fc.constantFrom("", "X_", "A9_"), fc.constantFrom(...secret), fc.boolean())
      .map(([before, core, low]) => (low ? (before + core).toLowerCase() : before + core))
      .filter((made) => /token|secret|passw|credential|_key$|_pwd$/i.test(made));
    fc.assert(
      fc.property(fc.dictionary(name, fc.string()), (from) => {
        expect(childEnv({ from: { ...from, HOME: "/root" }, home, inherit: true })).toEqual({ HOME: home });
      }),
      { numRuns: propertyRuns },
    );
  });

  it("makes an environment that a real child gets, and nothing else", () => {
    const from = { ...all(secret), ...all(harmless), PATH: "/bin", HOME: "/root" };
    const env = childEnv({ from, home, inherit: true, add: { GIVEN: "a b\nc" } });
    const child = spawnSync(process.execPath, ["-e", "console.log(JSON.stringify(process.env))"], { env });
    expect(JSON.parse(child.stdout.toString())).toEqual(env);
  });
});
