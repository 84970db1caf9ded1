/**
 * Puts secrets of every form at every place from which data leaves: errors of every code, log records, events of runs,
 * data. None comes out; and each form proves that it is needed: without it, the same search finds a secret.
 */
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import {
  blindTo,
  type PlantedSecret,
  type SecretSample,
  samplesOfBlocks,
  samplesOfForms,
  secretOf,
} from "../../test/support/secret-samples.ts";
import { EventFeed } from "../run/event-feed.ts";
import type { RunEvent } from "../run/run-event.ts";
import {
  type ErrorCode,
  type ErrorParts,
  errorCodes,
  hideSecretsOf,
  jsonLogger,
  messageFrom,
  redact,
  redactDeep,
  WinkError,
} from "./index.ts";

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const letters = fc
  .array(fc.constantFrom(...alphanumeric), { minLength: 12, maxLength: 40 })
  .map((made) => made.join(""));
/** A password that is no word. */
const password = letters.map((text) => `${text}7!`);

/** Secrets that a name, a scheme or an address announces. */
const announced: readonly ((core: string) => string)[] = [
  (core) => `Authorization: Bearer ${core}`,
  (core) => `Authorization: Basic ${Buffer.from(`user:${core}`).toString("base64")}`,
  (core) => `Cookie: theme=dark; sid=${core}`,
  (core) => `X-Api-Key: ${core}`,
  ...["postgres", "mongodb+srv", "redis", "amqps", "mysql", "https"].map(
    (scheme) => (core: string) => `${scheme}://user:${core}@host.example/path`,
  ),
  (core) => `https://host.example/?api_key=${core}&page=1`,
  (core) => `jdbc:postgresql://host/db?user=me&password=${core}&ssl=true`,
  (core) => `jdbc:sqlserver://host:1433;user=sa;password=${core};encrypt=true`,
  (core) => `jdbc:oracle:thin:scott/${core}@//host:1521/service`,
  (core) => `user:${core}@tcp(host:3306)/db`,
  (core) => `Server=db;User Id=me;Password=${core};Database=x`,
  (core) => `AccountName=me;AccountKey=${core};EndpointSuffix=x`,
  (core) => `Endpoint=sb://x/;SharedAccessKeyName=Root;SharedAccessKey=${core}`,
  (core) => `https://x.blob.core.windows.net/c?sv=2024&sig=${core}&se=2026`,
  (core) => `<password>${core}</password>`,
  (core) => `["mysql","--password","${core}","-v"]`,
  (core) => `run --token ${core} -v`,
  ...["api_key", "token", "access_token", "password", "passwd", "client_secret", "private_key", "DB_PASS"].flatMap(
    (name): ((core: string) => string)[] => [
      (core) => `${name}=${core}`,
      (core) => `${name}: ${core}`,
      (core) => `${name}='${core}'`,
      (core) => JSON.stringify({ [name]: core }),
      (core) => JSON.stringify(JSON.stringify({ [name]: core })),
    ],
  ),
];

const anySecret: fc.Arbitrary<PlantedSecret> = fc.oneof(
  ...[...samplesOfForms, ...samplesOfBlocks].map(secretOf),
  ...announced.map((place) => password.map((core) => ({ core, text: place(core) }))),
);

const around = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.lorem({ maxCount: 8 }),
  fc.constantFrom("", "(", '"', "{", "a=", "/", "data:image/png;base64,iVBORw0KGgo="),
);

const longestPiece = 8;

/** No eight characters of a secret in a row may be seen. */
function expectHidden(core: string, shown: string): void {
  for (let at = 0; at + longestPiece <= core.length; at++) {
    const piece = core.slice(at, at + longestPiece);
    if (shown.includes(piece)) expect.fail(`${JSON.stringify(piece)} of ${core} is in ${JSON.stringify(shown)}`);
  }
}

/** Where a text may get into an error. */
const errorPlaces: readonly ((text: string) => Partial<ErrorParts>)[] = [
  (text) => ({ problem: text }),
  (text) => ({ at: text }),
  (text) => ({ expected: text }),
  (text) => ({ received: text }),
  (text) => ({ fix: text }),
  (text) => ({ example: text }),
  (text) => ({ details: { a: [{ b: text }] } }),
  (text) => ({ details: { [`${text} x`]: 1, deep: { [`y ${text}`]: [text] } } }),
  (text) => ({ cause: text }),
  (text) => ({ cause: new Error(text) }),
  (text) => ({ cause: Object.assign(new TypeError("x"), { name: text, response: { body: text } }) }),
  (text) => ({ cause: { deep: [new Map([[text, { text }]]), new Set([text])] } }),
  (text) => ({ cause: new AggregateError([new Error(text)], text, { cause: new Error(text, { cause: text }) }) }),
  (text) => ({ cause: new WinkError("RUN_FAILED", { problem: text, details: { text }, cause: { text } }) }),
];

/** All that is to be seen of something thrown, and of what led to it. */
function shownBy(error: Error): string {
  const chain: unknown[] = [];
  for (let at: unknown = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) chain.push(at);
  return chain
    .flatMap((told) => [
      String(told),
      told instanceof Error ? `${told.message}\n${told.stack}` : "",
      JSON.stringify(told),
      inspect(told, { depth: 20, showHidden: true, maxStringLength: null }),
    ])
    .join("\n");
}

const runs = (share: number): { readonly numRuns: number } => ({ numRuns: Math.ceil(propertyRuns * share) });

describe("no secret of any form or name comes out", () => {
  it("of a text", { timeout: 1_800_000 }, () => {
    fc.assert(
      fc.property(anySecret, around, around, fc.constantFrom(" ", "\n", "\t"), ({ text, core }, before, after, gap) => {
        const whole = before + gap + text + gap + after;
        expectHidden(core, redact(whole));
        expectHidden(core, redact(redact(whole)));
        expectHidden(core, messageFrom(new Error(whole), 10_000));
      }),
      runs(10),
    );
  });

  it("of an error of any code, at any place", { timeout: 1_800_000 }, () => {
    const codes = fc.constantFrom(...(Object.keys(errorCodes) as ErrorCode[])); // as: the keys of the table are its codes
    fc.assert(
      fc.property(codes, fc.constantFrom(...errorPlaces), anySecret, around, (code, place, { text, core }, before) => {
        expectHidden(core, shownBy(new WinkError(code, { problem: "Wrong", ...place(`${before} ${text}`) })));
      }),
      runs(10),
    );
  });

  it("of a log record: its event, its facts and their names", { timeout: 1_800_000 }, () => {
    fc.assert(
      fc.property(anySecret, around, fc.jsonValue(), ({ text, core }, before, other) => {
        let line = "";
        const logger = jsonLogger({ write: (written: string) => (line += written) });
        const placed = `${before} ${text}`;
        logger.log("error", placed, { [placed]: placed, list: [[placed]], other: JSON.stringify([other, placed]) });
        expect(JSON.parse(line)).toMatchObject({ level: "error" });
        expectHidden(core, line);
      }),
      runs(10),
    );
  });

  it("of the events of a run", { timeout: 1_800_000 }, async () => {
    const at = 1;
    const events: readonly ((text: string) => RunEvent)[] = [
      (text) => ({ type: "run/started", at, runId: text, prompt: text, model: text }),
      (text) => ({
        ...{ type: "prompt/rendered", at, sections: [text], tools: [text], characters: 1, overrides: undefined },
      }),
      (text) => ({
        ...{ type: "model/responded", at, turn: 1, text, calls: [text], finish: "stop", usage: {}, milliseconds: 1 },
      }),
      (text) => ({
        ...{ type: "tool/started", at, turn: 1, call: text, name: text, effects: "none" },
        arguments: { [text]: [text, JSON.stringify({ text })] },
      }),
      (text) => ({
        ...{ type: "tool/finished", at, turn: 1, call: "c", name: "n", effects: "none", status: "failed", text },
        ...{ events: [text], changes: { [text]: [{ path: text }] }, milliseconds: 1 },
      }),
      (text) => ({ type: "repair/requested", at, problems: text }),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...events), anySecret, around, async (make, { text, core }, before) => {
        const feed = new EventFeed();
        feed.add(make(`${before} ${text}`));
        feed.end();
        for await (const event of feed.read()) expectHidden(core, JSON.stringify(event) + inspect(event, { depth: 9 }));
      }),
      runs(10),
    );
  });

  it("of data, below the name of a secret or beside it", { timeout: 1_800_000 }, () => {
    const names = fc.constantFrom("authorization", "apiKey", "x-api-key", "db_password", "Set-Cookie", "serviceKey");
    fc.assert(
      fc.property(password, names, fc.jsonValue(), (core, name, other) => {
        const told = { other, [name]: { any: [core] }, list: [{ name, value: core }, ["x", `--${name}`, core]] };
        if (!name.includes("ookie")) expectHidden(core, JSON.stringify(redactDeep(told)));
        else expectHidden(core, JSON.stringify(redactDeep({ [name]: core })));
      }),
      runs(10),
    );
  });

  it("of an environment that was told", { timeout: 1_800_000 }, () => {
    const value = fc.array(fc.constantFrom(...`${alphanumeric}_-.+/ "\\%é`), { minLength: 10, maxLength: 30 });
    fc.assert(
      fc.property(value, fc.constantFrom(...errorPlaces), around, (units, place, before) => {
        const secret = `k${units.join("").trim()}9xyz`;
        using _hidden = hideSecretsOf({ MY_OWN_SECRET: secret });
        for (const text of [secret, JSON.stringify(secret), encodeURIComponent(secret)]) {
          expectHidden(text, shownBy(new WinkError("RUN_FAILED", { problem: "Wrong", ...place(`${before} ${text}`) })));
        }
      }),
      runs(0.02),
    );
  });
});

describe("with the forms of one owner switched off", () => {
  const owned = Map.groupBy(samplesOfForms, ({ owner }) => owner);

  test.each([...owned])("a secret of %s comes out", (owner, samples: readonly SecretSample[]) => {
    const blind = blindTo(owner);
    const property = fc.property(fc.oneof(...samples.map(secretOf)), around, ({ text, core }, before) => {
      expectHidden(core, blind(`${before} ${text}`));
    });
    expect(fc.check(property, { numRuns: 100 }).failed).toBe(true);
  });
});
