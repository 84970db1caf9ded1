/** The one place of the library that starts a process: the rules of the house let no other file import what does. */
import { type ChildProcess, spawn } from "node:child_process";
import { type ChildEnvOptions, childEnv } from "./child-env.ts";
import { systemClock } from "./clock.ts";
import { hideValuesOf } from "./hidden-values.ts";

/** Options of {@link startChild}. */
export interface ChildOptions {
  /** What its environment is made from; it gets no other. */
  readonly env: ChildEnvOptions;
  /** The folder that it runs in. */
  readonly cwd: string;
  /** After so many milliseconds it is killed. */
  readonly timeoutMs: number;
}

/**
 * Starts a program, no shell, with pipes for its input and output. The caller listens for `error` and `close`, before all
 * else: of a child for which the system has no more files to give, `error` is told and there are no pipes. What it may
 * print of the secrets around it is hidden from errors and logs until its `close` has been heard.
 * Throws what the system says of arguments that no process can be given, and as {@link childEnv} does.
 */
export function startChild(
  program: string,
  args: readonly string[],
  { env, cwd, timeoutMs }: ChildOptions,
): ChildProcess {
  const child = spawn(program, args, { cwd, env: childEnv(env), stdio: "pipe" });
  // Not by `spawn` itself: its timer keeps this process alive behind a child that could not be started.
  const cancel = systemClock.schedule(timeoutMs, () => child.kill("SIGKILL"));
  const hidden = hideValuesOf({ ...env.from, ...env.add });
  child.once("close", () => {
    cancel();
    queueMicrotask(() => hidden[Symbol.dispose]()); // when all others have heard it too
  });
  return child;
}
