import { expect, it } from "vitest";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { redact } from "../base/index.ts";
import { autoAdapter, autoModel } from "./auto.ts";

it("hides the secrets of the environment that it is given, whatever comes of it", async () => {
  const env = { DB_PASSWORD: "correct horse/battery", PLAIN: "plain" };
  const error = await rejectionOf(autoAdapter({ model: "m correct horse/battery", env }));
  expect(error.code).toBe("INPUT_INVALID");
  expect(error.message).toContain('model "m [redacted]": No key.');
  expect(redact("correct%20horse%2Fbattery, plain")).toBe("[redacted], plain");
  const misplaced = { model: "m", env: { OTHER_PASSWORD: "wrong mule/capacitor" }, name: "wrong mule/capacitor" };
  expect((await rejectionOf(autoAdapter(misplaced))).message).toMatch(/, name: There is no such option.*\[redacted\]/);
});

it("refuses what are no options, and says which is missing or of another kind", async () => {
  const env = { OPENAI_API_KEY: "k" };
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [undefined, /autoAdapter: .*an object/],
    [{ env }, /, model: It is missing/],
    [{ model: " ", env }, /, model: This cannot be used/],
    [{ model: "m" }, /, env: It is missing.*`process.env`/],
    [{ model: "m", env: null }, /, env: This cannot be used.*an environment.*null/],
    [{ model: "m", env, timeoutMs: "5" }, /, timeoutMs:/],
    [{ model: "m", env, outputFormat: "json" }, /, outputFormat:/],
    [{ model: "m", env, timeout: 5 }, /, timeout: There is no such option.*Did you mean "timeoutMs"/],
  ];
  for (const [options, message] of refused) {
    const error = await rejectionOf(autoAdapter(options as Parameters<typeof autoAdapter>[0])); // as: plain JavaScript may give any
    expect([error.code, error.message]).toEqual(["INPUT_INVALID", expect.stringMatching(message)]);
  }
  const variables: readonly (readonly [unknown, string])[] = [
    [5, "number"],
    [null, "null"],
    [{ key: "hush" }, "object"],
  ];
  for (const [value, told] of variables) {
    const odd = { ...env, A: value, B: undefined } as unknown as typeof env; // as: plain JavaScript may give any
    const { code, message } = await rejectionOf(autoModel({ model: "m", env: odd }));
    expect([code, message]).toEqual([
      "INPUT_INVALID",
      expect.stringContaining(`autoModel, env, A: This cannot be used. Expected text. Received ${told}.`),
    ]);
  }
  const given = { model: "m", env, defaults: {} };
  expect((await rejectionOf(autoModel(given))).message).toMatch(/autoModel, defaults: There is no such option/);
});

it("needs a key, or the address of a server of one's own, and blanks are neither", async () => {
  for (const env of [{}, { OPENAI_API_KEY: " ", OPENAI_BASE_URL: "" }]) {
    expect((await rejectionOf(autoAdapter({ model: "m", env }))).message).toMatch(
      /Expected OPENAI_API_KEY.*Received neither/,
    );
  }
});

it("makes an adapter over the installed package", async () => {
  const adapter = await autoAdapter({ model: "m", env: { OPENAI_BASE_URL: "http://127.0.0.1:9/v1" } });
  expect(adapter.name).toBe("openai/m");
});

it.each([
  ["openai-responses", "OPENAI"],
  ["anthropic", "ANTHROPIC"],
  ["litellm", "LITELLM"],
] as const)("makes an adapter of %s, with key and address of its own", async (provider, variables) => {
  const adapter = await autoAdapter({
    model: "m",
    provider,
    env: { [`${variables}_API_KEY`]: "k", [`${variables}_BASE_URL`]: "http://127.0.0.1:9" },
  });
  expect(adapter.name).toBe(provider === "openai-responses" ? "openai/m" : `${provider}/m`);
  const error = await rejectionOf(autoAdapter({ model: "m", provider, env: { NO_API_KEY: "k" } }));
  expect(error.message).toContain(`${variables}_BASE_URL`);
});

it("refuses a provider that it does not know, and an address that is none", async () => {
  const env = { OPENAI_API_KEY: "k", OPENAI_BASE_URL: "here" };
  expect((await rejectionOf(autoAdapter({ model: "m", env }))).message).toMatch(/No address.*OPENAI_BASE_URL.*"here"/);
  const provider = "toString" as "openai"; // as: plain JavaScript may give any
  expect((await rejectionOf(autoAdapter({ model: "m", provider, env }))).message).toMatch(
    /no such provider.*openai, openai-responses, anthropic, litellm.*toString/,
  );
});

it("sends the key of a proxy nowhere without the proxy's address, and takes addresses of the web alone", async () => {
  const error = await rejectionOf(autoAdapter({ model: "m", provider: "litellm", env: { LITELLM_API_KEY: "k" } }));
  expect(error.message).toMatch(/No address.*LITELLM_BASE_URL/);
  for (const address of ["localhost:4000/v1", "ftp://a", "javascript:1"]) {
    const env = { OPENAI_BASE_URL: address };
    expect((await rejectionOf(autoAdapter({ model: "m", env }))).message).toContain("No address");
  }
});

it("makes the model itself, with what its client and its form of answers are to be", async () => {
  const env = { ANTHROPIC_API_KEY: "k", OPENAI_API_KEY: "k" };
  expect((await autoModel({ model: "m", env, timeoutMs: 5, outputFormat: "json-object" })).provider).toBe("openai");
  const claude = { model: "m", provider: "anthropic", env } as const;
  expect((await autoModel({ ...claude, outputFormat: "none" })).provider).toBe("anthropic");
  expect((await rejectionOf(autoModel({ ...claude, outputFormat: "json-object" }))).message).toMatch(
    /No such form of an answer.*json-schema or none/,
  );
});
