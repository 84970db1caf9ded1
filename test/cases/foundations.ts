import { expect } from "vitest";
import { z } from "zod";
import { childEnv, inputJsonSchema, parse, redact, type Schema, WinkError } from "../../src/base/index.ts";
import { deadlineAfter } from "../../src/limits/index.ts";
import { createFakeClock } from "../../src/testing/fake-clock.ts";
import { ok, tool } from "../../src/tool/index.ts";
import { type Case, mapped, notApplicable, passed, type RunCase, type Verdict } from "./case.ts";
import { holds } from "./expectation.ts";

async function deadline({ input, expected }: Case): Promise<Verdict> {
  if (input === "naive") return notApplicable("times are milliseconds since 1970 and have no zone to leave out");
  expect([input, expected]).toEqual(["0.5s", { error: "ValueError" }]);
  expect(deadlineAfter(500, createFakeClock())).toEqual({ at: 500 });
  await holds(expected, () => deadlineAfter(0, createFakeClock()));
  return mapped("a deadline may be any time in the future: a least distance would refuse one that is read back later");
}

function clock({ input, expected }: Case): Verdict {
  const fake = createFakeClock();
  fake.advance(input as number);
  expect(() => fake.advance(-1)).toThrow(WinkError);
  const { mono, wall, negative } = expected as Record<string, unknown>;
  expect([fake.elapsed(), fake.now(), { error: "ValueError" }]).toEqual([mono, wall, negative]);
  return mapped("times are milliseconds since 1970, so there is no naive wall clock to refuse");
}

function redaction({ input, expected }: Case): Verdict {
  const { must_not_contain: gone, must_contain: kept, decision } = expected as Record<string, string[] | string>;
  if (decision !== undefined) {
    expect(decision).toMatch(/^either keep \(.*\) or print the first 8 characters so that the pattern cannot match$/);
    expect(redact(input as string)).toBe(input);
    return passed;
  }
  const texts = typeof input === "string" ? [redact(input)] : throughError(input as { error: string; cause: string });
  for (const text of texts) for (const secret of gone as string[]) expect(text).not.toContain(secret);
  for (const word of kept as string[]) expect(texts.join()).toContain(word);
  return passed;
}

/** Everything that an error with a cause shows. */
function throughError({ error, cause }: { readonly error: string; readonly cause: string }): string[] {
  const made = new WinkError("RUN_FAILED", { problem: error, cause: new Error(cause) });
  const inner = made.cause as Error;
  return [made.message, String(made), made.stack ?? "", JSON.stringify(made), inner.message, inner.stack ?? ""];
}

function environmentFilter({ input, expected }: Case): Verdict {
  const { host } = input as { host: Record<string, string> };
  const { kept_must_include: kept, must_not_leak: secret } = expected as Record<string, string[]>;
  const made = childEnv({ from: host, home: "/made", inherit: true });
  const names = Object.keys(made);
  expect(names).toEqual(expect.arrayContaining(kept ?? ["the names to keep"]));
  expect(names.filter((name) => secret?.includes(name))).toEqual([]);
  expect(made.HOME).toBe("/made");
  expect("HOMEBREW_PREFIX" in made).toBe("HOMEBREW_PREFIX" in host);
  return passed;
}

function isolation({ input, expected, correct }: Case): Verdict {
  const { include_host_env: inherit = false, env = {}, host } = input as Isolated;
  if (correct !== undefined) expect(correct).toContain("HOME is the ephemeral one whatever the caller gives");
  const from = Object.fromEntries(host.split(" ").map((name) => [name, "x"]));
  const { HOME: home, ...add } = env;
  if (home !== undefined) expect(() => childEnv({ from, home: "/made", add: env, inherit })).toThrow(WinkError);
  const made = childEnv({ from, home: "/made", add, inherit });
  const theirs = new Set((expected as { keys: readonly string[] }).keys);
  const names = new Set([...theirs].filter((name) => name in add || !/TOKEN|SECRET|API_KEY/.test(name)));
  if (inherit && "HOMEBREW_PREFIX" in from) names.add("HOMEBREW_PREFIX");
  const values: Readonly<Record<string, string>> = { ...from, ...add, HOME: "/made" };
  expect(made).toStrictEqual(Object.fromEntries([...names].map((name) => [name, values[name]])));
  if (home === undefined && [...names].join() === [...theirs].join()) return passed;
  return mapped(
    "HOME is refused to a caller; secrets are kept back by their names, and what is like HOME only begins so is none (decisions 0008 and 0022)",
  );
}

interface Isolated {
  readonly include_host_env?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Names. */
  readonly host: string;
}

const Inner = z.object({ x: z.int(), y: z.string().default("d") });

const closedInner = {
  type: "object",
  properties: { x: { type: "integer" }, y: { type: "string" } },
  required: ["x"],
  additionalProperties: false,
};
const nullType = { type: "null" };

/** Each field of the case in our schemas, and what it must give where the case's own facts are defects or not ours. */
const fields: Readonly<Record<string, readonly [field: z.ZodType, ours?: object]>> = {
  a: [z.string()],
  b: [z.int().min(0).max(10)],
  c: [z.number().nullable(), { type: ["number", "null"] }],
  d: [z.boolean()],
  e: [z.array(z.string())],
  f: [z.array(z.int())],
  g: [z.tuple([z.int(), z.string()])],
  i: [z.record(z.string(), z.int())],
  j: [z.enum(["red", "blue"])],
  k: [z.literal([1, 2]), { type: "number", enum: [1, 2] }],
  l: [z.enum(["x", "y"])],
  m: [z.literal([1, 2]), { type: "number", enum: [1, 2] }],
  n: [z.iso.datetime().nullable(), { anyOf: [{ type: "string", format: "date-time" }, nullType] }],
  o: [z.uuid().nullable(), { anyOf: [{ type: "string", format: "uuid" }, nullType] }],
  p: [Inner.nullable(), { anyOf: [closedInner, nullType] }],
  q: [z.string().min(1).max(3).regex(/^a/)],
  r: [z.any()],
  s: [z.union([z.int(), z.string()])],
  t: [z.iso.date()],
  u: [z.array(Inner), { type: "array", items: closedInner }],
  v: [z.string()],
  dubya: [z.string()],
  x: [z.enum(["m", "n"]), { type: "string", enum: ["m", "n"] }],
};

function schema({ id, expected, correct }: Case): Verdict {
  if (id === "schema-119") {
    const closed = (made: Schema): unknown => inputJsonSchema(made).additionalProperties;
    const modes = [closed(Inner), closed(z.looseObject(Inner.shape)), closed(z.strictObject(Inner.shape))];
    expect(modes).toEqual([false, {}, false]);
    expect(expected).toEqual({ ignore: true, allow: true, forbid: false });
    return mapped("models see closed objects unless a schema says itself what more it takes (src/base/schema.ts)");
  }
  expect(correct).toContain("Keep only anyOf, and propagate the extra mode");
  const { properties } = expected as { properties: Record<string, object> };
  const { h: _aSet, ...facts } = properties;
  expect(Object.keys(fields)).toEqual(Object.keys(facts));
  for (const [name, [field, ours]] of Object.entries(fields)) {
    const { properties: made, additionalProperties } = inputJsonSchema(z.object({ [name]: field }));
    const property = (made as Record<string, object>)[name] ?? {};
    expect(property, name).toMatchObject(ours ?? facts[name] ?? {});
    expect(additionalProperties).toBe(false);
    if ("anyOf" in property) expect(property, name).not.toHaveProperty("type");
  }
  return mapped("schemas are the user's own: no title, no sets (JSON has none), no exclusion of values beside an enum");
}

function nullable({ input, expected }: Case): Verdict {
  expect(input).toEqual({ field: "number|null" });
  const field = z.object({ x: z.number().nullable() });
  expect(inputJsonSchema(field).properties).toEqual({ x: { type: ["number", "null"] } });
  const { valid, invalid } = expected as { valid: unknown[]; invalid: unknown[] };
  for (const x of valid) expect(parse(field, { x }).ok).toBe(true);
  for (const x of invalid) expect(parse(field, { x }).ok).toBe(false);
  return passed;
}

function described({ input, expected }: Case): Verdict {
  const { description } = (input as { field: { description: string } }).field;
  const params = z.object({ x: z.string().describe(description) });
  const { parameters } = tool({ name: "t", description: "T.", effects: "none", params, handler: () => ok("") });
  expect(parameters.properties).toMatchObject({
    x: { description: (expected as Record<string, string>)["schema.properties.x.description"] },
  });
  return passed;
}

/** What holds of time, secrets, environments and schemas. */
export const foundations: Readonly<Record<string, RunCase>> = {
  deadline,
  clock,
  "seed.redaction": redaction,
  "seed.env_filter": environmentFilter,
  "isolation.env": isolation,
  schema,
  "bug-552": nullable,
  "bug-553": described,
};
