/** A process that takes orders, a line each, and answers each with a line. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** The process, ended and waited for by whoever started it. */
export interface Racer extends AsyncDisposable {
  order(line: string): Promise<string>;
}

/** Starts a process of Node with these arguments and this environment. What it says beside its answers goes to the standard error. */
export function startRacer(args: readonly string[], env: NodeJS.ProcessEnv): Racer {
  const child: ChildProcess = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("a process without pipes");
  const answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    async order(line) {
      stdin.write(`${line}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new Error(`the process ended at "${line}"`);
      return value;
    },
    async [Symbol.asyncDispose]() {
      stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}
