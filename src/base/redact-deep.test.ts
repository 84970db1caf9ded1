import { describe, expect, it } from "vitest";
import { redactDeep, WinkError } from "./index.ts";

const secret = "sk-aaaaaaaaaaaaaaaaaaaaaaaa";

describe("texts in data", () => {
  it("are redacted wherever they stand, and so are names of fields", () => {
    expect(redactDeep(`a ${secret}`)).toBe("a [redacted]");
    expect(redactDeep([1, [secret], { a: { b: [secret] }, [secret]: 1 }])).toEqual([
      1,
      ["[redacted]"],
      { a: { b: ["[redacted]"] }, "[redacted]": 1 },
    ]);
  });

  it("without secrets are given back in the same object, and objects around a secret are not changed", () => {
    const plain = { type: "tool/finished", at: 5, list: [1, { a: null, b: true }], empty: {} };
    expect(redactDeep(plain)).toBe(plain);
    const data = { plain, list: [plain, secret], before: 1, told: secret, after: 2 };
    const clean = redactDeep(data) as typeof data;
    expect(clean).toEqual({ plain, list: [plain, "[redacted]"], before: 1, told: "[redacted]", after: 2 });
    expect(Object.keys(clean)).toEqual(Object.keys(data));
    expect(clean.plain).toBe(plain);
    expect(data.told).toBe(secret);
    expect(redactDeep({ [secret]: 1 })).toEqual({ "[redacted]": 1 });
    const bare = Object.assign(Object.create(null), { a: 1 });
    expect(redactDeep(bare)).toBe(bare);
  });
});

describe("fields with the name of a secret", () => {
  it.each([
    ...["authorization", "Proxy-Authorization", "cookie", "set-cookie", "cookies", "password", "dbPassword", "passwd"],
    ...["PASSPHRASE", "passcode", "mysql_pwd", "secret", "secrets", "clientSecret", "credential", "credentials", "jwt"],
    ...["api_key", "apiKey", "x-api-key", "API Key", "apiKeys", "accessKey", "aws_secret_access_key", "privateKey"],
    ...["private_key", "encryptionKey", "signing-key", "master_key", "accountKey", "subscriptionKey", "authKey"],
    ...["token", "accessToken", "refresh_token", "x.auth.token", "GITHUB_TOKEN", "_auth", "_authToken"],
  ])("%s: all that it holds is replaced", (name) => {
    for (const value of ["x", { a: "x" }, ["x"], [], {}]) {
      expect(redactDeep({ [name]: value })).toEqual({ [name]: "[redacted]" });
      expect(redactDeep([{ [name]: value }])).toEqual([{ [name]: "[redacted]" }]);
    }
    for (const value of ["", null, true, false]) {
      const data = { [name]: value };
      expect(redactDeep(data)).toBe(data);
    }
  });

  it.each([
    ...["tokens", "inputTokens", "tokenCount", "maxOutputTokens", "nextPageToken", "continuation_token", "maxToken"],
    ...["key", "keys", "publicKey", "cacheKey", "idempotencyKey", "primary_key", "author", "auth", "sessionId", "pwd"],
    ...["OLDPWD", "secretary", "tokenizer", "passed", "cookiecutter", "keyboard", "monkey", "code", "name", ""],
  ])("%s is none", (name) => {
    const data = { [name]: "value", inner: { [name]: { a: "x" } } };
    expect(redactDeep(data)).toBe(data);
  });

  it("keep the number of tokens, but no password of digits", () => {
    const usage = { token: 5, access_token: 6 };
    expect(redactDeep(usage)).toBe(usage);
    expect(redactDeep({ password: 1234, tokenSecret: 1 })).toEqual({
      password: "[redacted]",
      tokenSecret: "[redacted]",
    });
  });

  it("that stand beside their name", () => {
    for (const told of [
      { name: "Authorization" },
      { key: "DB_PASSWORD" },
      { name: "x-api-key", key: "plain" },
      { name: "db", key: "DB_PASSWORD" },
    ]) {
      expect(redactDeep([{ ...told, value: "abc" }])).toEqual([{ ...told, value: "[redacted]" }]);
      for (const value of ["", 5, null]) {
        const data = { ...told, value };
        expect(redactDeep(data)).toBe(data);
      }
    }
    for (const data of [
      { name: "color", value: "red" },
      { name: 5, value: "x" },
      { name: "password", text: "x" },
    ])
      expect(redactDeep(data)).toBe(data);
  });

  it("that stand behind an option", () => {
    const args = ["mysql", "--password", "hunter2", "--api-key", "abc", "--verbose", "all"];
    const clean = ["mysql", "--password", "[redacted]", "--api-key", "[redacted]", "--verbose", "all"];
    expect(redactDeep(args)).toEqual(clean);
    for (const data of [
      ["--password", "--verbose"],
      ["--token", ""],
      ["--token", 5],
      ["password", "token"],
      ["x"],
      ["--password"],
    ])
      expect(redactDeep(data)).toBe(data);
  });

  it("are known also after many other names", () => {
    for (let index = 0; index < 2_000; index++) redactDeep({ [`name${index}`]: "x", [`name${index}Token`]: "x" });
    expect(redactDeep({ name1999Token: "x", lastToken: "x", last: "x" })).toEqual({
      ...{ name1999Token: "[redacted]", lastToken: "[redacted]", last: "x" },
    });
  });
});

describe("what JSON cannot hold", () => {
  class Point {
    x = 1;
    told = secret;
    get far(): number {
      return 2;
    }
  }
  const withJson = (toJSON: () => unknown): object => Object.assign(Object.create({ inherited: 1 }), { toJSON });

  it.each<[string, unknown, unknown]>([
    ["an error", new TypeError(`bad ${secret}`), { name: "TypeError", message: "bad [redacted]" }],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["no date", new Date(Number.NaN), null],
    ["a bigint", 5n, "5"],
    ["NaN", Number.NaN, null],
    ["infinity", [Number.POSITIVE_INFINITY, 1], [null, 1]],
    ["bytes", new Uint8Array([115, 107, 45]), "[3 bytes]"],
    ["a buffer", Buffer.from(secret), "[27 bytes]"],
    ["an array buffer", new ArrayBuffer(4), "[4 bytes]"],
    [
      "a map",
      new Map<unknown, unknown>([
        ["password", "x"],
        [5, secret],
      ]),
      { password: "[redacted]", 5: "[redacted]" },
    ],
    ["a map with objects for keys", new Map([[{ a: 1 }, secret]]), [[{ a: 1 }, "[redacted]"]]],
    [
      "a map with some",
      new Map<unknown, unknown>([
        ["a", 1],
        [{}, 2],
      ]),
      [
        ["a", 1],
        [{}, 2],
      ],
    ],
    ["a map with functions for keys", new Map([[() => 1, 2]]), [[null, 2]]],
    [
      "an instance with a field toJSON",
      Object.assign(new Point(), { toJSON: 5 }),
      { x: 1, told: "[redacted]", toJSON: 5 },
    ],
    ["a set", new Set([1, secret]), [1, "[redacted]"]],
    ["an expression", /sk-aaaaaaaaaaaaaaaaaaaaaaaa/, "/[redacted]/"],
    ["an address", new URL("https://user:hunter2@host/"), "https://user:[redacted]@host/"],
    ["boxed values", [Object("x sk-aaaaaaaaaaaaaaaaaaaaaaaa"), Object(5), Object(true)], ["x [redacted]", 5, true]],
    ["an instance", new Point(), { x: 1, told: "[redacted]" }],
    ["what writes itself", withJson(() => ({ password: "x", a: 1 })), { password: "[redacted]", a: 1 }],
    ["an object without prototype", Object.assign(Object.create(null), { a: secret }), { a: "[redacted]" }],
    ["undefined in a list", [undefined, secret], [null, "[redacted]"]],
    ["a hole", Object.assign(new Array(2), { 1: secret }), [null, "[redacted]"]],
    ["a function in a list", [() => secret], [null]],
  ])("%s", (_name, value, expected) => {
    expect(redactDeep(value)).toEqual(expected);
    expect(redactDeep({ value, more: 1 })).toEqual({ value: expected, more: 1 });
  });

  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["a function", () => secret],
    ["a symbol", Symbol("x")],
  ])("%s is dropped", (_name, value) => {
    expect(redactDeep(value)).toBeUndefined();
    const clean = redactDeep({ before: 1, value, after: 2 });
    expect(JSON.stringify(clean)).toBe('{"before":1,"after":2}');
    expect(Object.keys(clean as object)).toEqual(["before", "after"]);
  });

  it("an error of the library is told with its code", () => {
    const error = new WinkError("FILE_MISSING", { problem: "No file", details: { path: "a" } });
    expect(redactDeep({ error })).toEqual({ error: error.toJSON() });
  });
});

describe("hostile data", () => {
  it("in a circle is cut where it comes back to itself, but may hold one object twice", () => {
    const circle: Record<string, unknown> = { a: 1 };
    circle.self = circle;
    circle.list = [circle];
    expect(redactDeep(circle)).toEqual({ a: 1, self: "[circular]", list: ["[circular]"] });
    const shared = { b: 2 };
    const data = { one: shared, two: [shared, shared] };
    expect(redactDeep(data)).toBe(data);
  });

  it("is cut below 200 levels", () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    const allowed = nested(200);
    expect(redactDeep(allowed)).toBe(allowed);
    expect(JSON.stringify(redactDeep(nested(201)))).toMatch(/^\[{200}"\[too deep\]"\]{200}$/);
    expect(JSON.stringify(redactDeep(nested(5_000)))).toMatch(/^\[+"\[too deep\]"\]+$/);
  });

  it("with a getter, proxy or toJSON that throws is told so", () => {
    const broken = (): never => {
      throw new Error("broken");
    };
    const getter = Object.defineProperty({ a: 1 }, "b", { enumerable: true, get: broken });
    expect(redactDeep({ getter, ok: 1 })).toEqual({ getter: "[unreadable]", ok: 1 });
    expect(redactDeep(new Proxy({}, { ownKeys: broken }))).toBe("[unreadable]");
    expect(redactDeep(Object.create({ toJSON: broken }))).toBe("[unreadable]");
    expect(redactDeep(Object.assign(new Error("x"), { message: Object.create(null) }))).toBe("[unreadable]");
  });

  it("with names like __proto__ keeps them as fields", () => {
    const data = JSON.parse(`{"__proto__":{"admin":true},"constructor":1,"told":"${secret}"}`);
    const clean = redactDeep(data) as object;
    expect(Object.getPrototypeOf(clean)).toBe(Object.prototype);
    expect("admin" in clean).toBe(false);
    expect(JSON.stringify(clean)).toBe('{"__proto__":{"admin":true},"constructor":1,"told":"[redacted]"}');
  });
});
