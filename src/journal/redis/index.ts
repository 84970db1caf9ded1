/** `weakincentives/journal/redis`: a journal in Redis or Valkey, for many machines. */
export type { RedisClient } from "./client.ts";
export { type RedisJournalOptions, redisJournal } from "./redis-journal.ts";
