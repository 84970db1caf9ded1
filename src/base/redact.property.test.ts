import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { type ErrorCode, errorCodes, messageFrom, redact, redactDeep, WinkError } from "./index.ts";

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** Not `fc.string`, which mixes words such as "prototype" in: they stand in stack traces too. */
const letters = (length: number, units = alphanumeric): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...units), { minLength: length, maxLength: length * 2 }).map((made) => made.join(""));
const wide = `${alphanumeric}_-`;
const hex = "0123456789abcdef";
/** A password: with a digit and a sign, so that it is no word. */
const password = letters(8).map((text) => `${text}7!`);

/** A secret: the text that it stands in, and the part of it that nobody may see. */
interface Planted {
  readonly text: string;
  readonly core: string;
}

const planted = (core: fc.Arbitrary<string>, place: (core: string) => string): fc.Arbitrary<Planted> =>
  core.map((made) => ({ core: made, text: place(made) }));

const formed: readonly fc.Arbitrary<Planted>[] = [
  planted(letters(20), (core) => `sk-${core}`),
  planted(letters(20, wide), (core) => `sk-proj-${core}`),
  planted(letters(40, wide), (core) => `sk-ant-api03-${core}`),
  ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map((sign) => planted(letters(36), (core) => sign + core)),
  planted(letters(30), (core) => `github_pat_${core}`),
  planted(letters(20, wide), (core) => `glpat-${core}`),
  ...["xoxa", "xoxb", "xoxe", "xoxp", "xoxr", "xoxs"].map((sign) => planted(letters(24), (core) => `${sign}-${core}`)),
  planted(letters(24), (core) => `xapp-1-${core}`),
  ...["AKIA", "ASIA"].map((sign) => planted(letters(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), (core) => sign + core)),
  planted(letters(35, wide), (core) => `AIza${core}`),
  planted(letters(40, wide), (core) => `ya29.${core}`),
  ...["sk_live_", "rk_live_", "sk_test_"].map((sign) => planted(letters(24), (core) => sign + core)),
  planted(letters(36), (core) => `npm_${core}`),
  planted(letters(34), (core) => `hf_${core}`),
  planted(letters(20, wide), (core) => `eyJhbGciOiJIUzI1NiJ9.${core}.${core}`),
  planted(letters(64), (core) => `-----BEGIN PRIVATE KEY-----\n${core}\n-----END PRIVATE KEY-----`),
];

const named: readonly fc.Arbitrary<Planted>[] = [
  planted(letters(20), (core) => `Authorization: Bearer ${core}`),
  planted(password, (core) => `Authorization: Basic ${Buffer.from(`user:${core}`).toString("base64")}`),
  planted(password, (core) => `https://user:${core}@host.example/path`),
  planted(password, (core) => `https://host.example/?api_key=${core}&page=1`),
  planted(password, (core) => `Cookie: theme=dark; sid=${core}`),
  planted(password, (core) => `Server=db;Password=${core};Database=x`),
  ...["api_key", "apikey", "token", "access_token", "refresh_token", "password", "passwd", "secret"].flatMap((name) => [
    planted(password, (core) => `${name}=${core}`),
    planted(password, (core) => `${name}: ${core}`),
    planted(password, (core) => JSON.stringify({ [name]: core })),
  ]),
  ...["client_secret", "private_key", "authorization"].map((name) => planted(password, (core) => `${name}='${core}'`)),
  planted(
    letters(36).map((core) => `${core}1`),
    (core) => `the token ${core} was refused`,
  ),
];

const anySecret = fc.oneof(...formed, ...named);
const around = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.lorem(),
  fc.constantFrom("", "(", '"', "{", "a=", "/"),
);

/** No piece of a secret as long as this may be seen. */
const longestPiece = 8;

function expectHidden(core: string, shown: string): void {
  for (let at = 0; at + longestPiece <= core.length; at++) {
    const piece = core.slice(at, at + longestPiece);
    if (shown.includes(piece)) expect.fail(`${JSON.stringify(piece)} of ${core} is in ${JSON.stringify(shown)}`);
  }
}

const runs = { numRuns: propertyRuns };

describe("no secret comes out", () => {
  it.each(formed.map((form, index) => [index, form] as const))("of form %i, glued to any text", (_index, form) => {
    fc.assert(
      fc.property(form, around, around, ({ text, core }, before, after) => {
        fc.pre(!/\b(?:ma|ta|subta|di|de|ri|kio)$/i.test(before)); // with "sk-" these are words: "desk-…"
        expectHidden(core, redact(before + text + after));
      }),
      { numRuns: Math.ceil(propertyRuns / 4) },
    );
  });

  it("of any form or name, between any texts", () => {
    fc.assert(
      fc.property(anySecret, around, around, ({ text, core }, before, after) => {
        expectHidden(core, redact(`${before} ${text} ${after}`));
        expectHidden(core, redact(`${before}\n${text}\n${after}`));
        expectHidden(core, messageFrom(new Error(`${before} ${text} ${after}`)));
      }),
      runs,
    );
  });

  it("of several secrets in a row", () => {
    fc.assert(
      fc.property(fc.array(anySecret, { maxLength: 6 }), fc.constantFrom(" ", "\n", ", ", " | "), (secrets, joint) => {
        const clean = redact(secrets.map(({ text }) => text).join(joint));
        for (const { core } of secrets) expectHidden(core, clean);
      }),
      runs,
    );
  });

  const codes = Object.keys(errorCodes) as ErrorCode[];
  const places: readonly ((text: string) => WinkError)[] = [
    (text) => new WinkError("INPUT_INVALID", { problem: text }),
    (text) => new WinkError("INPUT_INVALID", { problem: "Wrong", at: text, expected: text, received: text, fix: text }),
    (text) => new WinkError("INPUT_INVALID", { problem: "Wrong", details: { a: [{ b: text }], [text]: 1 } }),
    (text) => new WinkError("INPUT_INVALID", { problem: "Wrong", cause: new Error(text) }),
    (text) => new WinkError("INPUT_INVALID", { problem: "Wrong", cause: text }),
    (text) => new WinkError("INPUT_INVALID", { problem: "Wrong", cause: { deep: [new Map([["a", text]])] } }),
    (text) =>
      new WinkError("INPUT_INVALID", {
        problem: "Wrong",
        cause: new Error("outer", { cause: new AggregateError([new Error(text)], text, { cause: { text } }) }),
      }),
    (text) =>
      new WinkError("INPUT_INVALID", { problem: "Wrong", cause: new WinkError("RUN_FAILED", { problem: text }) }),
    (text) =>
      new WinkError("INPUT_INVALID", {
        problem: "Wrong",
        cause: Object.assign(new Error("request failed"), { request: { headers: { cookie: text } }, name: text }),
      }),
  ];

  it.each(places.map((make, index) => [index, make] as const))("of an error, put at place %i", (_index, make) => {
    fc.assert(
      fc.property(anySecret, around, around, ({ text, core }, before, after) => {
        const error = make(`${before} ${text} ${after}`);
        const chain: unknown[] = [error];
        for (let at: unknown = error; at instanceof Error && at.cause !== undefined; at = at.cause)
          chain.push(at.cause);
        for (const told of chain) {
          expectHidden(core, String(told));
          expectHidden(core, told instanceof Error ? String(told.stack) : "");
          expectHidden(core, JSON.stringify(told));
          expectHidden(core, inspect(told, { depth: 20, showHidden: true, maxStringLength: null }));
        }
      }),
      { numRuns: Math.ceil(propertyRuns / 4) },
    );
  });

  it("of an error of any code", () => {
    fc.assert(
      fc.property(fc.constantFrom(...codes), anySecret, (code, { text, core }) => {
        const error = new WinkError(code, { problem: text, at: text, details: { text }, cause: new Error(text) });
        expectHidden(core, inspect(error, { depth: 20 }) + JSON.stringify(error) + String(error) + String(error.stack));
      }),
      runs,
    );
  });

  it("of data, as a text, a name, or below the name of a secret", () => {
    const names = fc.constantFrom("authorization", "apiKey", "x-api-key", "db_password", "Set-Cookie", "accessToken");
    fc.assert(
      fc.property(anySecret, names, fc.jsonValue(), fc.string(), ({ text, core }, name, data, other) => {
        const told = { data, [other]: [data, text], list: [[{ [`${text} x`]: 1 }]], [name]: { any: [core] } };
        expectHidden(core, JSON.stringify(redactDeep(told)));
      }),
      runs,
    );
  });
});

describe("what is no secret survives", () => {
  const id = fc
    .tuple(fc.constantFrom("run", "task", "call", "session", "disk"), fc.uuid())
    .map(([kind, uuid]) => `${kind}-${uuid}`);
  const hash = (length: number): fc.Arbitrary<string> =>
    fc.string({ minLength: length, maxLength: length, unit: fc.constantFrom(...hex) });
  const word = fc.constantFrom(
    ...[
      "the",
      "tokens",
      "section",
      "commit",
      "hash",
      "of",
      "key",
      "cache",
      "keyboard",
      "model",
      "secretary",
      "cookies",
    ],
    ...[
      "bearer",
      "basic",
      "author",
      "authored",
      "password",
      "passed",
      "tokenizer",
      "run",
      "src/base/redact.ts",
      "a.b.c",
    ],
    ...[
      "inputTokens: 120,",
      "outputTokens=7",
      "sha256:",
      "(see",
      "above)",
      "https://example.com/a?b=c#d",
      "x@y.example",
    ],
    ...["createAuthenticationProvider", "snake_case_name", "KEBAB-CASE", "3.14", "2026-01-02T03:04:05Z", "…", "—", "é"],
  );
  const shown = fc.oneof(word, fc.uuid(), id, hash(40), hash(64));

  it("hashes, commits, ids, addresses and prose", () => {
    fc.assert(
      fc.property(fc.array(shown, { maxLength: 12 }), (words) => {
        // What stands right behind one of these words is what the word announces.
        const text = words.join(" ").replace(/(?<=password|bearer|basic) /g, " or ");
        expect(redact(text)).toBe(text);
      }),
      runs,
    );
  });

  it("data without secrets, which is not even copied", () => {
    const name = fc.constantFrom("type", "id", "at", "tokens", "inputTokens", "key", "path", "author", "code", "hash");
    const { data } = fc.letrec((tie) => ({
      data: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        shown,
        fc.array(tie("data"), { maxLength: 4 }),
        fc.dictionary(name, tie("data"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(data, (made) => {
        expect(redactDeep(made)).toBe(made);
      }),
      runs,
    );
  });

  it("what was redacted before", () => {
    const part = fc.oneof(
      anySecret.map(({ text }) => text),
      fc.constantFrom(
        "password",
        "token",
        ": ",
        "=",
        '"',
        "'",
        "\\",
        ";",
        ", ",
        " ",
        "&a=",
        "://",
        "@",
        "Bearer ",
        "[",
        "}",
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const once = redact(parts.join(""));
        expect(redact(redact(once))).toBe(redact(once));
      }),
      runs,
    );
  });
});
