/** Programs that tell numbers on their standard output until they are killed, and moments to kill them at. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Tells a number; a pipe that is full says so instead of waiting. */
export function tell(number: number): void {
  for (;;) {
    try {
      writeSync(1, `${number}\n`);
      return;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}

/**
 * Starts a program, lets it go on for a while after its first number, kills it, and gives the last number that it told whole;
 * -1 for none. Throws when it ends by itself.
 */
export async function toldUntilKilled(
  args: readonly string[],
  delay: number,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const child = spawn(process.execPath, ["--conditions=source", ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  child.stdout.setEncoding("latin1").on("data", (text: string) => {
    told += text;
  });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  await sleep(delay);
  child.kill("SIGKILL");
  const [, signal] = await closed;
  if (signal !== "SIGKILL") throw new Error(`the child ended by itself after ${JSON.stringify(told.slice(0, 200))}`);
  const whole = told.split("\n").slice(0, -1); // the last number may be torn, too
  return Number(whole.at(-1) ?? -1);
}

/** Numbers in [0, 1) that are the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
