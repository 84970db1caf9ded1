/** A Redis of the test's own, on a free port of 127.0.0.1, which writes each command to the disk before it answers. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A running server; disposing it ends the process and deletes its data. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** Kills it without a word, and starts it again on the same data and port. */
  killAndRestart(): Promise<void>;
}

/** Starts a server; more settings are those of `redis-server`, such as `--requirepass`. */
export async function startRedisServer(...settings: readonly string[]): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), "wink-redis-"));
  const port = await freePort();
  const persistence = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
  const start = async (): Promise<ChildProcess> => {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, ...persistence, ...settings];
    const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (line.includes("Ready to accept connections")) {
        child.stdout.resume();
        return child;
      }
    }
    throw new Error(`redis-server did not start: ${said.join("\n")}`);
  };
  let child = await start();
  const kill = async (): Promise<void> => {
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  };
  return {
    port,
    async killAndRestart() {
      await kill();
      child = await start();
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(directory, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const closed = once(server, "close");
  server.close();
  await closed;
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
