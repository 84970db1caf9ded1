/** What the driver makes of clients that fail. What it keeps in a real server: `redis-journal.deep.test.ts`. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import type { JournalStep } from "../index.ts";
import { type RedisClient, redisJournal } from "./index.ts";

const step: JournalStep = { type: "run/finished", status: "partial", turns: 1, usage: {} };

/** A client that gives these answers to scripts, one after the other; an error is thrown. */
function answering(...answers: readonly unknown[]): RedisClient {
  const left = [...answers];
  return {
    async eval() {
      const answer = left.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
    exists: async () => 1,
    sadd: async () => 1,
    srem: async () => 1,
    smembers: async () => [],
  };
}

const opened = ["opened", "1", "0"];

describe("a client that fails", () => {
  const secret = "hunter2-very-secret";
  const errors = [
    new Error(`connect ECONNREFUSED redis://app:${secret}@cache.internal:6379/0`),
    Object.assign(new Error("WRONGPASS invalid username-password pair"), {
      command: { name: "AUTH", args: ["app", secret] },
      password: secret,
    }),
    new Error("failed", { cause: new Error(`redis://:${secret}@cache.internal`) }),
  ];

  test.each(errors)("is JOURNAL_FAILED, and tells no password: %o", async (error) => {
    const journal = redisJournal({ client: answering(error) });
    const thrown = await rejectionOf(journal.open("run-1"));
    expect(thrown).toMatchObject({ code: "JOURNAL_FAILED", retryable: true });
    expect(thrown.message).toContain('Redis, run "run-1"');
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain(secret);
    expect(JSON.stringify(thrown)).not.toContain(secret);
  });

  test("during an append leaves open whether it was written: the writer goes on no more", async () => {
    const journal = redisJournal({ client: answering(opened, new Error("Connection is closed."), ["written"]) });
    await using writer = await journal.open("run-1");
    expect((await rejectionOf(writer.append(step))).message).toContain("Connection is closed.");
    const error = await rejectionOf(writer.append(step));
    expect(error.code).toBe("JOURNAL_FAILED");
    expect(error.message).toContain("It is not known whether an earlier append was written");
  });

  test("because the keys are another program's is JOURNAL_INVALID", async () => {
    const wrong = new Error("WRONGTYPE Operation against a key holding the wrong kind of value");
    const error = await rejectionOf(redisJournal({ client: answering(wrong) }).read("run-1"));
    expect(error.code).toBe("JOURNAL_INVALID");
    expect(error.message).toContain("Give the journal a prefix of its own.");
  });

  test("because it is no client of Redis is JOURNAL_INVALID", async () => {
    const error = await rejectionOf(redisJournal({ client: answering("OK") }).open("run-1"));
    expect(error.code).toBe("JOURNAL_INVALID");
    expect(error.message).toContain("The client gave no list");
  });
});

test("a run that a newer release wrote is JOURNAL_INVALID, with the remedy", async () => {
  const error = await rejectionOf(redisJournal({ client: answering(["form", "2"]) }).read("run-1"));
  expect(error.code).toBe("JOURNAL_INVALID");
  expect(error.message).toContain(
    "The run is kept in another form. Expected form 1, which this release reads. Received form 2.",
  );
  expect(error.message).toContain("Use the release that wrote it");
});
