import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { WinkError } from "../base/index.ts";
import { appendAll, createSession, event, restoreSession, type Session, slice } from "./index.ts";
import { digestsOf, type SessionDump } from "./session-dump.ts";

const Kept = event("kept", z.any());
const Other = event("other", z.any());
const kept = slice({ name: "kept", item: z.any(), reducers: (on) => [on(Kept, appendAll())] });
const log = slice({ name: "log", item: z.any(), policy: "log", reducers: (on) => [on(Kept, appendAll())] });

/** Any JSON value, odd keys and lone surrogates included. */
const payload = fc.oneof(
  fc.jsonValue({ maxDepth: 2, stringUnit: "binary" }),
  fc.dictionary(
    fc.constantFrom("__proto__", "constructor", "toJSON", "digests", "é", ""),
    fc.jsonValue({ maxDepth: 1 }),
  ),
);
const step = fc.record({ how: fc.constantFrom("kept", "other", "rolled back"), payload });

const session = fc
  .record({
    id: fc.string(),
    tags: fc.dictionary(fc.string(), fc.string({ unit: "binary" }), { maxKeys: 3 }),
    steps: fc.array(step, { maxLength: 5 }),
  })
  .map(({ id, tags, steps }): Session => {
    const made = createSession({ id, tags, slices: [kept, log] });
    for (const { how, payload: given } of steps) {
      if (how === "rolled back") made.recordRolledBack([Kept(given)]);
      else made.dispatch(how === "kept" ? Kept(given) : Other(given));
    }
    return made;
  });

test("what is dumped is read back as it was, from text and from data, with and without its slices", () => {
  fc.assert(
    fc.property(session, (made) => {
      const text = JSON.stringify(made.dump());
      const restored = restoreSession(text, { slices: [log, kept] });
      expect(restored.query(kept).all()).toEqual(made.query(kept).all());
      expect(restored.query(log).all()).toEqual(made.query(log).all());
      expect(restored.history().all()).toEqual(made.history().all());
      expect(restored.tags).toEqual(made.tags);
      for (const again of [restored, restoreSession(text), restoreSession(made.dump())]) {
        expect(JSON.stringify(again.dump())).toBe(text);
      }
    }),
    { numRuns: propertyRuns },
  );
});

/** A dump that was hit somewhere: characters taken away, others put in their place. */
const hit = fc
  .record({
    made: session,
    at: fc.nat(),
    away: fc.nat(6),
    added: fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom("1", "0", "null", '"', "{}", "e9", " ")),
  })
  .map(({ made, at, away, added }) => {
    const text = JSON.stringify(made.dump());
    const place = at % text.length;
    return { text, damaged: text.slice(0, place) + added + text.slice(place + away) };
  });

/** Whether a damaged text is refused by one of our errors, or says the same as before. */
function isSeen(read: (text: string) => Session, { text, damaged }: { text: string; damaged: string }): boolean {
  try {
    return JSON.stringify(read(damaged).dump()) === text;
  } catch (error) {
    return WinkError.is(error, "SNAPSHOT_INVALID") || WinkError.is(error, "SNAPSHOT_NEWER");
  }
}

test("a damaged dump is refused, wherever it was hit", () => {
  fc.assert(
    fc.property(hit, (one) => isSeen(restoreSession, one)),
    { numRuns: propertyRuns },
  );
});

test("the property sees a reader that does not compare digests", () => {
  const trusting = (text: string): Session => {
    let dump: SessionDump;
    try {
      dump = JSON.parse(text);
      const { digests: _old, format: _format, version: _version, ...rest } = dump;
      dump = { ...dump, digests: digestsOf(rest) };
    } catch {
      return restoreSession(text);
    }
    return restoreSession(dump);
  };
  expect(
    fc.check(
      fc.property(hit, (one) => isSeen(trusting, one)),
      { numRuns: 1_000, endOnFailure: true },
    ).failed,
  ).toBe(true);
});

test("anything else is refused by an error that names its place", () => {
  const almost = fc.record({ made: session, field: fc.nat(), value: fc.jsonValue() }).map(({ made, field, value }) => {
    const dump: Record<string, unknown> = { ...made.dump() };
    const names = Object.keys(dump);
    return { ...dump, [names[field % names.length] ?? ""]: value };
  });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.anything(), almost), (given) => {
      try {
        restoreSession(given, { slices: [kept] });
      } catch (error) {
        expect(WinkError.is(error) && error.code).toMatch(/^SNAPSHOT_(INVALID|NEWER)$/);
        expect((error as Error).message).toMatch(/^dump/);
      }
    }),
    { numRuns: propertyRuns },
  );
});
