/** The command line of the code review: `npm run demo -- --help` tells what it does. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { WinkError } from "weakincentives";
import { readOptions } from "./options.ts";
import { type Ended, runReview } from "./run-review.ts";

const controller = new AbortController();

/** What the program ends with once it was stopped: 128 and the number of the signal. */
let stopped = 130;

/** Stops the run cleanly; asked for again, it ends the program at once. */
function stop(exit: number): void {
  stopped = exit;
  if (controller.signal.aborted) process.exit(exit);
  process.stderr.write("Stopping …\n");
  controller.abort(new Error("stopped by the user"));
}

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2));
  if ("exit" in read) {
    (read.isError ? process.stderr : process.stdout).write(read.text);
    return read.exit;
  }
  const { options } = read;
  try {
    const exit = await runReview(options, {
      env: process.env,
      defaultPath: join(import.meta.dirname, "repo"),
      // npm runs scripts in the package's folder and tells here where the user stands
      userFolder: process.env.npm_lifecycle_event === "demo" ? (process.env.INIT_CWD ?? process.cwd()) : process.cwd(),
      workFolder: process.cwd(),
      signal: controller.signal,
      say: options.json ? () => undefined : (line) => process.stdout.write(`${line}\n`),
      print: (text) => process.stdout.write(text),
      again,
      die: () => process.kill(process.pid, "SIGKILL"),
    });
    return controller.signal.aborted && exit !== 0 ? stopped : exit;
  } catch (error) {
    if (controller.signal.aborted) return stopped;
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}

/** Runs this program in a process of its own, which is stopped when this one is. */
async function again(args: readonly string[]): Promise<Ended> {
  const all = [...process.execArgv, import.meta.filename, ...args, ...process.argv.slice(2)];
  // detached: else Ctrl-C would reach it twice, from the terminal and from here
  const child = spawn(process.execPath, all, { stdio: "inherit", detached: true });
  controller.signal.addEventListener("abort", () => child.kill("SIGINT"), { once: true });
  const [code, signal] = await once(child, "exit");
  return { code, signal };
}

/** What went wrong, without a stack: errors of the library say what to do, others are mistakes of this program. */
function messageOf(error: unknown): string {
  if (WinkError.is(error)) return `${error.code}: ${error.message}`;
  return `This program failed: ${error instanceof Error ? error.message : "for an unknown reason"}`;
}

process.on("SIGINT", () => stop(130));
process.on("SIGTERM", () => stop(143));
process.stdout.on("error", () => process.exit(1)); // whoever reads has gone: `npm run demo | head`
process.exitCode = await main();
