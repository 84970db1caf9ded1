import { Cluster, Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { numberedStep } from "../../../test/support/numbered-step.ts";
import { hasProgram } from "../../../test/support/programs.ts";
import { type RedisServer, startRedisServer } from "../../../test/support/redis-server.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import { type JournalHarness, journalConformance } from "../conformance.ts";
import type { Journal } from "../index.ts";
import { redisJournal } from "./index.ts";

describe.skipIf(!hasProgram("redis-server"))("a journal in Redis", () => {
  let server: RedisServer;
  const clients: Redis[] = [];
  let prefixes = 0;

  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  function connect(): Redis {
    const client = new Redis({ host: "127.0.0.1", port: server.port });
    clients.push(client);
    return client;
  }

  async function make(): Promise<JournalHarness> {
    const prefix = `test-${prefixes++}:`;
    const open = (): Journal => redisJournal({ client: connect(), prefix });
    return { journal: open(), again: open };
  }

  test.each(journalConformance.map(({ id, claim, check }) => [id, claim, check] as const))(
    "%s: %s",
    async (_id, _claim, check) => {
      await check(make);
    },
  );

  describe("on a cluster", () => {
    let cluster: Cluster;
    let node: RedisServer;
    beforeAll(async () => {
      node = await startRedisServer("--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1");
      const client = new Redis({ host: "127.0.0.1", port: node.port });
      await client.cluster("ADDSLOTSRANGE", 0, 16_383);
      client.disconnect();
      cluster = new Cluster([{ host: "127.0.0.1", port: node.port }]);
    });
    afterAll(async () => {
      cluster.disconnect();
      await node[Symbol.asyncDispose]();
    });

    test.each(journalConformance.map(({ id, claim, check }) => [id, claim, check] as const))(
      "%s: %s",
      async (_id, _claim, check) => {
        const prefix = `test-${prefixes++}:`;
        const open = (): Journal => redisJournal({ client: cluster, prefix });
        await check(async () => ({ journal: open(), again: open }));
      },
    );
  });

  /** A run of three entries and the name of its keys. */
  async function three(): Promise<{ journal: Journal; client: Redis; head: string; entries: string }> {
    const prefix = `test-${prefixes++}:`;
    const client = connect();
    const journal = redisJournal({ client, prefix });
    await using writer = await journal.open("run-1");
    for (let number = 0; number < 3; number++) await writer.append(numberedStep(number));
    return { journal, client, head: `${prefix}{run-1}:head`, entries: `${prefix}{run-1}:entries` };
  }

  test("its keys are one hash and one stream a run, and a set of the runs", async () => {
    const { client, head, entries } = await three();
    const prefix = head.split("{")[0];
    expect((await client.keys(`${prefix}*`)).sort()).toEqual([`${prefix}runs`, entries, head].sort());
    expect(await client.hgetall(head)).toMatchObject({ form: "1", epoch: "1", length: "3" });
    expect((await client.xrange(entries, "-", "+")).map(([id]) => id)).toEqual(["1-0", "2-0", "3-0"]);
  });

  test("an entry that another program changed is JOURNAL_INVALID, and named", async () => {
    const { journal, client, entries } = await three();
    await client.xdel(entries, "3-0");
    await client.xadd(entries, "3-1", "entry", "garbage");
    const error = await rejectionOf(journal.read("run-1"));
    expect(error).toMatchObject({ code: "JOURNAL_INVALID", details: { entry: 2 } });
    expect(error.message).toContain('Redis, run "run-1", entry 2: The entry cannot be read. Expected JSON. Received ');
  });

  test.each(["1-0", "2-0", "3-0"])("entry %s that is taken away is JOURNAL_INVALID for all", async (id) => {
    const { journal, client, entries } = await three();
    await using writer = await journal.open("run-1");
    await client.xdel(entries, id);
    const ways = [() => journal.read("run-1"), () => journal.open("run-1"), () => writer.append(numberedStep(3))];
    for (const way of ways) {
      expect((await rejectionOf(way())).code).toBe("JOURNAL_INVALID");
    }
    expect(await client.xlen(entries)).toBe(2);
  });

  test("a run of a newer release is left alone", async () => {
    const { journal, client, head } = await three();
    await client.hset(head, "form", "2");
    const before = await client.hgetall(head);
    const ways = [() => journal.read("run-1"), () => journal.stat("run-1"), () => journal.open("run-1")];
    for (const way of ways) {
      expect((await rejectionOf(way())).message).toContain(
        "The run is kept in another form. Expected form 1, which this release reads. Received form 2.",
      );
    }
    expect(await client.hgetall(head)).toEqual(before);
  });

  test("keys of another kind are JOURNAL_INVALID", async () => {
    const { journal, client, head } = await three();
    await client.set(head, "x");
    expect((await rejectionOf(journal.open("run-1"))).message).toContain("Give the journal a prefix of its own.");
  });

  test("keys that are taken away fail the writer", async () => {
    const { journal, client, head, entries } = await three();
    await using writer = await journal.open("run-1");
    await client.del(head, entries);
    expect((await rejectionOf(writer.append(numberedStep(3)))).message).toContain(
      "Nothing can be appended. Expected the journal that was opened. Received nothing: it was deleted.",
    );
    expect((await rejectionOf(journal.read("run-1"))).code).toBe("JOURNAL_MISSING");
    expect(await journal.runs()).toEqual([]);
  });

  test("a script that is sent again, as a client does that reconnects, does the same once", async () => {
    const client = connect();
    const twice = Object.assign(Object.create(client), {
      async eval(...call: Parameters<Redis["eval"]>) {
        await client.eval(...call);
        return client.eval(...call);
      },
    });
    const journal = redisJournal({ client: twice, prefix: `test-${prefixes++}:` });
    await using writer = await journal.open("run-1");
    expect(writer.epoch).toBe(1);
    for (let number = 0; number < 3; number++) expect(await writer.append(numberedStep(number))).toBe(number);
    expect(await journal.read("run-1")).toHaveLength(3);
  });

  test("a long run is read in pieces", async () => {
    const { journal } = await make();
    await using writer = await journal.open("run-1");
    await Promise.all(Array.from({ length: 1_000 }, (_, number) => writer.append(numberedStep(number))));
    const read = await journal.read("run-1");
    expect(read.map((entry) => "turns" in entry && entry.turns)).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    const { bytes } = await journal.stat("run-1");
    expect(bytes).toBe(read.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0));
    expect(bytes).toBeGreaterThan(1_000_000);
  });

  test("a server with a password that the client lacks, or without room, is JOURNAL_FAILED", async () => {
    await using closed = await startRedisServer("--requirepass", "hunter2-very-secret");
    const client = new Redis({ host: "127.0.0.1", port: closed.port, password: "wrong-password-1" });
    client.on("error", () => undefined);
    const refused = await rejectionOf(redisJournal({ client }).open("run-1"));
    expect(refused.code).toBe("JOURNAL_FAILED");
    expect(`${refused.stack}`).not.toMatch(/hunter2|wrong-password/);
    client.disconnect();

    await using full = await startRedisServer("--maxmemory", "3mb", "--maxmemory-policy", "noeviction");
    const filling = new Redis({ host: "127.0.0.1", port: full.port });
    const journal = redisJournal({ client: filling });
    await using writer = await journal.open("run-1");
    let acknowledged = 0;
    const failure = await rejectionOf(
      (async () => {
        for (; ; acknowledged++) await writer.append(numberedStep(19));
      })(),
    );
    expect(failure.code).toBe("JOURNAL_FAILED");
    expect(failure.message).toContain("OOM");
    expect(await journal.read("run-1")).toHaveLength(acknowledged);
    filling.disconnect();
  });

  test("a server that is killed keeps what was acknowledged, and its writers go on", async () => {
    await using own = await startRedisServer();
    const client = new Redis({ host: "127.0.0.1", port: own.port });
    client.on("error", () => undefined);
    const journal = redisJournal({ client });
    let acknowledged = 0;
    for (let kill = 0; kill < 10; kill++) {
      await using writer = await journal.open("run-1");
      expect(writer.length).toBeGreaterThanOrEqual(acknowledged);
      const restarted = own.killAndRestart();
      for (let number = writer.length; number < writer.length + 50; number++) {
        const seq = await writer.append(numberedStep(number));
        acknowledged = seq + 1;
      }
      await restarted;
      const read = await journal.read("run-1");
      expect(read.slice(0, acknowledged).map(({ seq }) => seq)).toEqual(read.map(({ seq }) => seq));
      expect(read).toHaveLength(acknowledged);
    }
    client.disconnect();
  });
});
