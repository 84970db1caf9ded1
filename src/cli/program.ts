/** The one file of the command line that touches the process. Ctrl-C ends it as it ends any program, unless a command listens. */
import { text } from "node:stream/consumers";
import { messageFrom } from "../base/index.ts";
import { runCli } from "./cli.ts";

/** Runs what the process was given as arguments, and ends the process. */
export function runProgram(version: string): void {
  const { stdout, stderr } = process;
  const print = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr); // what a user's file prints must not stand among the results

  stderr.on("error", () => undefined); // then there is nobody to tell

  let unwritten: NodeJS.ErrnoException | null | undefined;
  stdout.on("error", (error) => {
    unwritten ??= error;
  });

  let code: number | undefined;
  process.on("exit", () => {
    if (code !== undefined) return;
    stderr.write("wink: the file that was imported ended the program, or waits for what never comes\n");
    process.exitCode = 1;
  });
  process.on("uncaughtException", (error) => {
    stderr.write(`wink: the file that was imported failed: ${messageFrom(error)}\n`);
    end(1);
  });

  /** Ends the program once all is written: a user's file may have opened what would keep it alive. */
  function end(exit: number): void {
    code = exit;
    print("", (error) => {
      unwritten ??= error;
      // EPIPE: whoever reads has gone, as in `wink prompt show … | head`
      const failed = unwritten != null && unwritten.code !== "EPIPE";
      const told = failed ? `wink: standard output cannot be written: ${unwritten?.message}\n` : "";
      stderr.write(told, () => process.exit(failed ? 1 : exit));
    });
  }

  runCli(process.argv.slice(2), {
    out: print,
    err: (line) => stderr.write(line),
    readInput: () => text(process.stdin),
    schedule(delay, then) {
      const timer = setTimeout(then, delay).unref();
      return () => clearTimeout(timer);
    },
    onInterrupt(then) {
      process.once("SIGINT", then); // asked for again, it ends the program at once
      return () => process.off("SIGINT", then);
    },
    env: process.env,
    cwd: process.cwd(),
    version,
  }).then(end);
}
