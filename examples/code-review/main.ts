/** The command line of the code review: `npm run demo -- --help` tells what it does. */
import { join } from "node:path";
import { WinkError } from "weakincentives";
import { readOptions } from "./options.ts";
import { runReview } from "./run-review.ts";

const controller = new AbortController();

/** Ctrl-C stops the run cleanly; pressed again, it ends the program at once. */
function stop(): void {
  if (controller.signal.aborted) process.exit(130);
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
    return await runReview(options, {
      env: process.env,
      defaultPath: join(import.meta.dirname, "repo"),
      // npm runs scripts in the package's folder and tells here where the user stands
      userFolder: process.env.npm_lifecycle_event === "demo" ? (process.env.INIT_CWD ?? process.cwd()) : process.cwd(),
      workFolder: process.cwd(),
      signal: controller.signal,
      say: options.json ? () => undefined : (line) => process.stdout.write(`${line}\n`),
      print: (text) => process.stdout.write(text),
    });
  } catch (error) {
    if (controller.signal.aborted) return 130;
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}

/** What went wrong, without a stack: errors of the library say what to do, others are mistakes of this program. */
function messageOf(error: unknown): string {
  if (WinkError.is(error)) return `${error.code}: ${error.message}`;
  return `This program failed: ${error instanceof Error ? error.message : "for an unknown reason"}`;
}

process.on("SIGINT", stop);
process.on("SIGTERM", stop);
process.stdout.on("error", () => process.exit(1)); // whoever reads has gone: `npm run demo | head`
process.exitCode = await main();
