import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { slowRuns } from "../../test/support/property-runs.ts";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { hideSecretsOf, jsonLogger, redact, redactDeep, WinkError, withoutHidden } from "./index.ts";

const secret = "correct-horse battery/staple";

describe("values of variables with the name of a secret", () => {
  it("are hidden until they are forgotten", () => {
    expect(redact(`a ${secret}.`)).toBe(`a ${secret}.`);
    {
      using _hidden = hideSecretsOf({ MY_PASSWORD: secret, HOME: "/home/somebody", PLAIN: "plain value" });
      expect(redact(`a ${secret}.`)).toBe("a [redacted].");
      expect(redact("in /home/somebody: plain value")).toBe("in /home/somebody: plain value");
    }
    expect(redact(`a ${secret}.`)).toBe(`a ${secret}.`);
  });

  it("are hidden as long as anybody asks for it, however often the same is disposed of", () => {
    const one = hideSecretsOf({ MY_PASSWORD: secret });
    const other = hideSecretsOf({ OTHER_TOKEN: secret, MORE_TOKEN: secret });
    one[Symbol.dispose]();
    one[Symbol.dispose]();
    expect(withoutHidden(secret)).toBe("[redacted]");
    other[Symbol.dispose]();
    expect(withoutHidden(secret)).toBe(secret);
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ["with blanks around them", { MY_SECRET: `  ${secret}\n` }, secret],
    ["of a name in any case", { mySecret: secret }, secret],
    ["of digits", { DB_PASSWORD: "20260102" }, "20260102"],
    ["of eight characters", { MY_KEY: "a1b2c3d4" }, "a1b2c3d4"],
    ["of four different ones", { MY_KEY: "abcdabcd" }, "abcdabcd"],
    ["as words", { MY_PASSWORD: "swordfishes" }, "swordfishes"],
    ["of many lines", { MY_KEY: "one line\nanother line" }, "one line\nanother line"],
    ["of a service, when they look like a key", { DD_APP: "aB3dE6gH9jK2mN5pQ8sT" }, "aB3dE6gH9jK2mN5pQ8sT"],
    ["of a service, with its digits first", { DD_APP: "abc0def1gh+/jk2mn5pqB=" }, "abc0def1gh+/jk2mn5pqB="],
    ["in an address, whatever the variable is called", { ALL_PROXY: "http://me:hunter+22@proxy:3128" }, "hunter+22"],
    ["in an address, without its escapes", { DATABASE_URL: "postgres://me:p%40ss%2Fword1@h/db" }, "p@ss/word1"],
    ["in an address, badly escaped", { DATABASE_URL: "postgres://me:100%hunter2@h/db" }, "100%hunter2"],
    ["in a connection string", { CONNECTION: "Server=h;Password=Hunter2!;Database=d" }, "Hunter2!"],
    ["as a whole, when what is inside is too short to be hidden", { APP_SECRET: "a horse;pwd=ab1" }, "a horse;pwd=ab1"],
    ["in another", { STORE: "AccountName=a;AccountKey=aB3/dE6+gH9==;B=c" }, "aB3/dE6+gH9=="],
  ])("%s", (_of, env, value) => {
    using _hidden = hideSecretsOf(env);
    expect(withoutHidden(`<${value}>`)).toBe("<[redacted]>");
  });

  test.each<[string, string, string]>([
    ["shorter than eight characters", "MY_SECRET", "abc1234"],
    ["shorter without blanks", "MY_SECRET", "  abc1234  "],
    ["of three different characters", "MY_SECRET", "xyzzyxyzzy"],
    ["a word that stands in texts", "DB_PASSWORD", "Postgres"],
    ["a word of its own", "DB_PASSWORD", "passw0rd"],
    ["a number of tokens", "MAX_TOKENS", "100000000"],
    ["a path", "SSH_AUTH_SOCK", "/tmp/ssh-abcdef/agent.1"],
    ["a path from here", "MY_KEY_FILE", "./keys/mine.pem"],
    ["a path from the home", "MY_KEY_FILE", "~/keys/mine.pem"],
    ["a path of Windows", "MY_KEY_FILE", "C:\\keys\\mine.pem"],
    ["an address without a password", "OPENAI_BASE_URL", "https://api.example.com/v1"],
    ["an address, though its name tells", "TOKEN_URL", "https://login.example.com/oauth2/token"],
    ["the host in an address", "DATABASE_URL", "postgres://me:hunter+22@database.example/db"],
    ["a region", "AWS_REGION", "us-east-1-and-more"],
    ["a repository", "GITHUB_REPOSITORY", "somebody/Something-of-theirs"],
    ["a hash", "GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567"],
    ["an id with one digit", "OPENAI_ORG", "Organisation-of-my-own-1"],
    ["a program", "AWS_EXECUTION_ENV", "AWS_Lambda_nodejs24.x"],
    ["of an ordinary variable", "PLAIN", "aB3dE6gH9jK2mN5pQ8sT"],
  ])("are shown when they are %s", (_of, name, value) => {
    using _hidden = hideSecretsOf({ [name]: value });
    const shown = `<${value.includes("@") ? "database.example" : value}>`;
    expect(withoutHidden(shown)).toBe(shown);
  });
});

describe("a hidden value", () => {
  const odd = 'a "b"\\c\n€/é😀+%&<d>\u0001\\\\';
  const once = JSON.stringify(odd).slice(1, -1);

  test.each([
    ["as it is", odd],
    ["in JSON", once],
    ["in JSON in JSON", JSON.stringify(once).slice(1, -1)],
    [
      "in JSON, all escaped",
      once.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    ],
    ["in JSON, with escaped slashes", once.replaceAll("/", "\\/")],
    ["in an address", encodeURIComponent(odd)],
    ["in an address, in small letters", encodeURIComponent(odd).replace(/%../g, (byte) => byte.toLowerCase())],
    ["in an address in an address", encodeURIComponent(encodeURIComponent(odd))],
    ["in a form", new URLSearchParams({ a: odd }).toString().slice(2)],
  ])("is found %s", (_of, written) => {
    using _hidden = hideSecretsOf({ MY_PASSWORD: odd });
    expect(withoutHidden(`<${written}>`)).toBe("<[redacted]>");
  });

  it("takes with it what is glued to its end: half a key that begins like it would be left", () => {
    using _hidden = hideSecretsOf({ KEY_BEGIN: "sk-proj-" });
    expect(redact("a sk-proj-abcDEF012_3-4, b")).toBe("a [redacted], b");
    expect(redact("task-proj-abc")).toBe("ta[redacted]");
  });

  it("is replaced with another one that it overlaps, and beside another one", () => {
    using _hidden = hideSecretsOf({ A_KEY: "abcd.efgh", B_KEY: "efgh.ijkl", C_KEY: "abcd.efgh.ij" });
    expect(withoutHidden("<abcd.efgh.ijkl>")).toBe("<[redacted]>");
    expect(withoutHidden("<abcd.efgh> abcd.efgh.ij <efgh.ijkl> abcd")).toBe(
      "<[redacted]> [redacted] <[redacted]> abcd",
    );
    expect(withoutHidden("abcd.efgh")).toBe("[redacted]");
    expect(withoutHidden("😀abcd.efgh😀")).toBe("😀[redacted]😀");
  });

  it("is in no error, log or data, also as a name", () => {
    using _hidden = hideSecretsOf({ MY_PASSWORD: secret, SHORT_KEY: "a1b2c3d4" });
    const error = new WinkError("RUN_FAILED", {
      problem: `No ${secret}`,
      details: { [secret]: secret, a1b2c3d4: [`x${secret}`] },
      cause: new AggregateError([new Error(secret)], secret, { cause: { [secret]: secret } }),
    });
    const lines: string[] = [];
    jsonLogger({ write: (line: string) => lines.push(line) }).log("error", secret, { a1b2c3d4: 1, list: [secret] });
    const all = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), error.stack, String(error)];
    for (const text of [...all, ...lines, JSON.stringify(redactDeep(new Map([[secret, 1]])))]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain("a1b2c3d4");
    }
  });

  it("is found by chance-made text, in any writing and among others", () => {
    const unit = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(..."abcXYZ0189") }, fc.constantFrom(...odd));
    const value = fc.string({ unit, minLength: 8, maxLength: 16 }).filter((text) => {
      return (
        text === text.trim() && new Set(text).size > 3 && !/^(?:[\w+.-]+:\/\/|~?\/|\.{1,2}\/|[A-Za-z]:[\\/])/.test(text)
      );
    });
    const writings: readonly ((text: string) => string)[] = [
      (text) => text,
      (text) => JSON.stringify(text).slice(1, -1),
      (text) => encodeURIComponent(text),
    ];
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 2 }), fc.nat(), fc.string(), (values, pick, around) => {
        const mine = values[pick % values.length] ?? "";
        using _hidden = hideSecretsOf(Object.fromEntries(values.map((text, at) => [`KEY_${at}_SECRET`, text])));
        for (const write of writings) {
          const shown = withoutHidden(`${around} ${write(mine)} ${around}`);
          if (!around.includes(mine.slice(0, 8))) expect(shown).not.toContain(write(mine));
        }
      }),
      { numRuns: slowRuns(10, 0.1) },
    );
  });
});

it("texts without a hidden value are given back, and take no time without end", () => {
  using _hidden = hideSecretsOf({
    ...Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [`SECRET_${at}`, `value-${at}-${'aB3\\"/ '.repeat(4)}`]),
    ),
    MORE_SECRET: `${"\\".repeat(20)}x\\"\\"\\'end`,
  });
  for (const part of ["\\", "value-1", '\\"', "a", "%5C", "\\\\\\\\u005c", " ", "value-1-aB3\\\\"]) {
    const text = part.repeat(5_000);
    expect(withoutHidden(text)).toBe(text);
  }
  using _glued = hideSecretsOf({ GLUED_SECRET: "abcdefgh1" });
  expect(withoutHidden("abcdefgh1".repeat(100_000))).toBe("[redacted]");
});

it("refuses what holds no variables, and shows no value", () => {
  const value = "blue-gorilla-umbrella-77";
  const given: readonly unknown[] = [value, [value], undefined, null, { PIN: 12345678 }, { PIN: [value] }];
  const said = given.map((env) => {
    const error = thrownBy(() => hideSecretsOf(env as Record<string, string>)); // as: what the types refuse
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).not.toMatch(/gorilla|1234/);
    return error.message.replace(": Nothing of this could be hidden. Expected ", "; ").split(".")[0];
  });
  expect(said).toEqual([
    ...Array(4).fill("hideSecretsOf; variables and their values: { SECRET: value }"),
    "hideSecretsOf, PIN; text",
    "hideSecretsOf, PIN; text",
  ]);
});
