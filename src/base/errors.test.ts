import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { type ErrorCode, errorCodes, messageFrom, problemFrom, WinkError } from "./index.ts";

const secret = "sk-aaaaaaaaaaaaaaaaaaaaaaaa";
const codes = Object.keys(errorCodes) as ErrorCode[];

describe("the message", () => {
  it("says where, what, what was expected, what came and what to do, in this order", () => {
    const error = new WinkError("PARAMS_INVALID", {
      at: "answers.summary",
      problem: 'No param is called "nmae"',
      expected: "one of the section's params",
      received: "nmae",
      fix: 'Did you mean "name"?',
    });
    expect(error.message).toBe(
      'answers.summary: No param is called "nmae". Expected one of the section\'s params. Received nmae. Did you mean "name"?',
    );
  });

  it("takes the advice of the table when none is given, and gives none when the advice is empty", () => {
    const [told, untold] = [undefined, ""].map(
      (fix) => new WinkError("FILE_MISSING", { problem: "No file a.ts", fix }),
    );
    expect(told?.message).toBe("No file a.ts. List the directory to see what is there.");
    expect(untold?.message).toBe("No file a.ts.");
  });

  it.each([
    ["Is it so?", "Is it so? Received x."],
    ["It is so!", "It is so! Received x."],
    ["It is so.", "It is so. Received x."],
    ["The path ../a or a?.b is wrong", "The path ../a or a?.b is wrong. Received x."],
  ])("ends %j as a sentence and leaves the rest of it alone", (problem, message) => {
    expect(new WinkError("INPUT_INVALID", { problem, received: "x", fix: "" }).message).toBe(message);
  });

  it("ends with an example when one is given, redacted", () => {
    const parts = { problem: "No key", fix: "Give one.", example: `{ key: "${secret}" }` };
    const error = new WinkError("INPUT_INVALID", parts);
    expect(error.message).toBe('No key. Give one. Example: { key: "[redacted]" }');
    expect(error.parts).toMatchObject({ example: '{ key: "[redacted]" }' });
  });

  it("is told to models without the advice for programmers", () => {
    const parts = { at: "a.ts", problem: "There is no file", expected: "a file", example: "b.ts" };
    const error = new WinkError("FILE_MISSING", parts);
    expect(problemFrom(error)).toBe("a.ts: There is no file. Expected a file.");
    expect(problemFrom(new Error("plain"))).toBe("plain");
  });
});

describe("the error", () => {
  const cause = new TypeError("boom");
  const error = new WinkError("MODEL_THROTTLED", { problem: "Too fast", details: { after: 3 }, cause });

  it("is an error with a name, a code, details and a cause", () => {
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toMatch(/^WinkError: Too fast\./);
    expect(error.stack).toMatch(/^WinkError: Too fast\.[^\n]*\n {4}at .*errors\.test\.ts/);
    expect(error).toMatchObject({ name: "WinkError", code: "MODEL_THROTTLED", details: { after: 3 }, retryable: true });
    expect(error.cause).toMatchObject({ name: "TypeError", message: "boom" });
    expect(error.parts).toMatchObject({ problem: "Too fast", at: undefined });
  });

  it("has no cause of its own when none is given, and empty details", () => {
    const bare = new WinkError("INPUT_INVALID", { problem: "Wrong" });
    expect("cause" in bare).toBe(false);
    expect(bare.details).toEqual({});
  });

  it("is written as plain data", () => {
    const { message } = error;
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      ...{ name: "WinkError", code: "MODEL_THROTTLED", message, details: { after: 3 }, retryable: true },
    });
  });

  it("says once what it says when it is printed", () => {
    expect(inspect(error).match(/Too fast/g)).toHaveLength(1);
  });

  it("may be called retryable against the table", () => {
    expect(new WinkError("FILE_MISSING", { problem: "x", retryable: true }).retryable).toBe(true);
    expect(new WinkError("MODEL_THROTTLED", { problem: "x", retryable: false }).retryable).toBe(false);
  });
});

describe("WinkError.is", () => {
  it("knows errors of another copy of the package", async () => {
    const copy: typeof import("./errors.ts") = await import(`./errors.ts?${"another-copy"}`);
    expect(copy.WinkError).not.toBe(WinkError);
    const foreign = new copy.WinkError("INPUT_INVALID", { problem: "Wrong" });
    expect(foreign).not.toBeInstanceOf(WinkError);
    expect(WinkError.is(foreign)).toBe(true);
    expect(WinkError.is(foreign, "INPUT_INVALID")).toBe(true);
    expect(copy.WinkError.is(new WinkError("INPUT_INVALID", { problem: "Wrong" }))).toBe(true);
  });

  it("tells codes apart", () => {
    const error = new WinkError("INPUT_INVALID", { problem: "Wrong" });
    expect(WinkError.is(error, "INPUT_INVALID")).toBe(true);
    expect(WinkError.is(error, "FILE_MISSING")).toBe(false);
  });

  it.each([undefined, null, 5, "WinkError", {}, new Error("x"), { name: "WinkError", code: "INPUT_INVALID" }, () => 1])(
    "says no to %o",
    (value) => expect(WinkError.is(value)).toBe(false),
  );
});

describe("causes", () => {
  const causeOf = (cause: unknown): unknown => new WinkError("RUN_FAILED", { problem: "It failed", cause }).cause;

  it("keep name, message and stack, redacted, and lose what else hangs on them", () => {
    const cause = Object.assign(new RangeError(`bad ${secret}`), { request: { headers: { authorization: secret } } });
    cause.name = `Odd ${secret}`;
    const told = causeOf(cause) as Error;
    expect(told).not.toBe(cause);
    expect(told).toMatchObject({ name: "Odd [redacted]", message: "bad [redacted]" });
    expect(told.stack).toContain("errors.test.ts");
    expect(inspect(told, { depth: 10 })).not.toContain(secret);
    expect(cause.message).toContain(secret);
  });

  it("of the library are kept as they are", () => {
    const cause = new WinkError("FILE_MISSING", { problem: "No file" });
    expect(causeOf(cause)).toBe(cause);
  });

  it("that are texts or data are redacted", () => {
    expect(causeOf(`key ${secret}`)).toBe("key [redacted]");
    expect(causeOf({ password: "hunter2", code: 5 })).toEqual({ password: "[redacted]", code: 5 });
  });

  it("without a stack get their message for one", () => {
    const cause = new Error("boom");
    Reflect.deleteProperty(cause, "stack");
    expect(causeOf(cause)).toMatchObject({ stack: "boom" });
  });

  it("are followed five deep, also in a circle", () => {
    const first = new Error("first");
    first.cause = first;
    let depth = 0;
    for (let at = causeOf(first); at instanceof Error; at = at.cause) depth++;
    expect(depth).toBe(5);
  });

  it.each([
    ["a message that is no text", Object.assign(new Error(), { message: { toString: () => secret } })],
    ["no text at all", Object.assign(new Error(), { message: Object.create(null) })],
    ["a getter that throws", new Proxy({}, { ownKeys: () => expect.fail("read") })],
    [
      "a cause that throws",
      Object.defineProperty(new Error("x"), "cause", { get: () => expect.fail(`read ${secret}`) }),
    ],
    ["a proxy of an error", new Proxy(new Error("x"), { getPrototypeOf: () => expect.fail(`read ${secret}`) })],
    ["errors in an error", new AggregateError([new Error(secret)], `all ${secret}`)],
    ["a function", () => secret],
    ["a symbol", Symbol("x")],
  ])("with %s make no trouble", (_name, cause) => {
    expect(inspect(new WinkError("RUN_FAILED", { problem: "It failed", cause }))).not.toContain(secret);
  });
});

describe("messageFrom", () => {
  it.each<[unknown, string]>([
    [new Error("two\n  lines\t"), "two lines"],
    [new TypeError(""), "TypeError"],
    ["text", "text"],
    [undefined, "undefined"],
    [Object.create(null), "{}"],
    [[{ code: 5 }, "b"], '[{"code":5},"b"]'],
    [[], "[]"],
    [new Date(Number.NaN), "Invalid Date"],
    [
      Object.create(null, {
        toJSON: {
          get: () => {
            throw new Error("hostile");
          },
        },
      }),
      "a value without text",
    ],
    [Object.assign(new Error(), { message: 5 }), "5"],
    [new Error(`bad ${secret}`), "bad [redacted]"],
  ])("of %o is %j", (thrown, message) => expect(messageFrom(thrown)).toBe(message));

  it("is cut at the limit", () => {
    expect(messageFrom("x".repeat(500))).toBe("x".repeat(500));
    expect(messageFrom("x".repeat(501))).toBe(`${"x".repeat(499)}…`);
    expect(messageFrom("abcdef", 4)).toBe("abc…");
  });

  describe("of much data reads no more than it tells", () => {
    let read = 0;
    const item = {
      get note(): string {
        read++;
        return "word";
      },
      left: undefined,
    };
    const items = Array.from({ length: 10_000 }, () => item);
    it.each<[string, object, string]>([
      ["a list", items, '[{"note":"word"},{"note":"word"},'],
      ["a list in an object", { code: 5, items }, '{"code":5,"items":[{"note":"word"},'],
      ["a map", new Map(items.entries()), '{"0":{"note":"word"},"1":{"note":"word"},'],
      ["a set", new Set(items.map((one) => [one])), '[[{"note":"word"}],'],
      ["many fields", { ...items }, '{"0":{"note":"word"},"1":{"note":"word"},'],
      ["fields that JSON leaves out", items.map(() => ({ of: item.left })), "[{},{},"],
    ])("%s", (_what, thrown, beginning) => {
      read = 0;
      const text = messageFrom(thrown);
      expect(text).toHaveLength(500);
      expect(text.startsWith(beginning)).toBe(true);
      expect(read).toBeLessThan(200);
      expect(messageFrom(thrown, 40)).toBe(`${text.slice(0, 39)}…`);
    });

    it("and says where it has stopped", () => {
      expect(
        messageFrom(
          Array.from({ length: 100 }, () => [undefined].filter(() => false)),
          400,
        ),
      ).toHaveLength(300 + 1);
      const fields = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`f${at}`, undefined]));
      expect(messageFrom(fields, 10)).toBe('{"…":"…"}');
    });
  });

  it("lets no piece of a secret through, wherever data is cut", () => {
    const odd = "Qx8Zk-plain";
    for (let before = 0; before < 130; before++) {
      const filler = Array.from({ length: before }, () => 1234);
      for (const told of [
        { value: odd, name: "Authorization" },
        { value: odd, more: filler, key: "password" },
        { password: odd },
        ["--password", odd],
        new Map([["apiKey", odd]]),
        `a ${secret} b`,
      ]) {
        const text = messageFrom([...filler, told]) + messageFrom({ filler, told });
        expect(text).not.toMatch(/Qx8|plain|sk-a/);
      }
    }
  });

  it("lets no half of a secret through, wherever a long text is cut", () => {
    for (let at = 65_480; at < 65_540; at++) {
      const text = `password="${"x".repeat(at)}" https://user:hunter22hunter22@host/ ${"y ".repeat(100)}`;
      expect(messageFrom(text)).not.toContain("hunt");
    }
  });
});

describe("the table of codes", () => {
  it.each(codes)("%s says when and what to do, in whole sentences, without naming this code", (code) => {
    const { when, fix } = errorCodes[code];
    expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)+$/);
    for (const text of [when, fix]) {
      expect(text).toMatch(/^[A-Z`].{9,}\.$/s);
      expect(text).not.toContain(code);
      expect(text).not.toContain("\n");
    }
  });

  it.each(codes)("%s makes a message that answers what, where, expected, received and what to do", (code) => {
    const parts = { problem: "The thing is wrong", at: "here", expected: "this", received: "that" };
    const error = new WinkError(code, { ...parts, details: { thing: 1 } });
    const { fix, retryable } = errorCodes[code];
    expect(error.message).toBe(`here: The thing is wrong. Expected this. Received that. ${fix}`);
    expect(error).toMatchObject({ code, retryable, details: { thing: 1 } });
    expect(error.toJSON()).toMatchObject({ code, retryable });
  });
});
