/**
 * What the driver needs of a client. An object of class `Redis` or `Cluster` (package `ioredis`, 5) fits as it is; so does
 * anything else with these methods.
 */

/** The client that a user passes in, and closes. It owns address, password, time-outs and reconnecting. */
export interface RedisClient {
  /** Runs a script: how many keys follow, the keys, the arguments. */
  eval(script: string, keys: number, ...keysAndArguments: string[]): PromiseLike<unknown>;
  exists(key: string): PromiseLike<number>;
  sadd(key: string, member: string): PromiseLike<number>;
  srem(key: string, member: string): PromiseLike<number>;
  smembers(key: string): PromiseLike<string[]>;
}
