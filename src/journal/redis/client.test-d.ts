import type { Cluster, Redis } from "ioredis";
import { expectTypeOf, test } from "vitest";
import { type RedisClient, redisJournal } from "./index.ts";

declare const official: Redis;

test("the official client fits as it is, and so does the one for clusters", () => {
  expectTypeOf<Redis>().toExtend<RedisClient>();
  expectTypeOf<Cluster>().toExtend<RedisClient>();
  redisJournal({ client: official, prefix: "app:" });
});

test("a fake needs five methods", () => {
  redisJournal({
    client: {
      eval: async () => ["missing"],
      exists: async () => 0,
      sadd: async () => 1,
      srem: async () => 1,
      smembers: async () => [],
    },
  });
  // @ts-expect-error: a client is needed
  redisJournal({});
});
