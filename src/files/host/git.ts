/** Runs the program `git` on a repository of our own, away from every repository and setting of the user. */
import { existsSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type ChildEnvOptions, messageFrom, startChild, systemCode, WinkError } from "../../base/index.ts";

/** How the program is found and run. */
export interface GitOptions {
  /** The program, by name or path. */
  readonly program: string;
  readonly environment: ChildEnvOptions;
  readonly repository: string;
}

/** How long one command may take, in milliseconds: longer than keeping many gigabytes for the first time. */
const longestCommand = 30 * 60_000;

/** What is kept of what the program complains of, in characters. */
const longestComplaint = 1_000;

/** What one command is given. */
export interface GitInput {
  readonly input?: string | AsyncIterable<Uint8Array> | undefined;
  /** Kills it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs one command and gives what it writes. Throws `SNAPSHOT_FAILED` when it cannot be run, or fails, the signal's reason
 * when that aborts, and what the input throws.
 */
export async function runGit(
  options: GitOptions,
  args: readonly string[],
  { input = "", signal }: GitInput = {},
): Promise<Buffer> {
  signal?.throwIfAborted();
  const { program, environment, repository } = options;
  return await new Promise((resolve, reject) => {
    const fail = (problem: string, received: string, cause?: unknown): void =>
      reject(
        new WinkError("SNAPSHOT_FAILED", {
          at: `git ${args[0] ?? ""}`,
          problem,
          expected: "a git that ends with code 0",
          received,
          details: { command: args.slice(0, 3).join(" ") },
          cause,
        }),
      );
    let child: ReturnType<typeof startChild>;
    try {
      child = startChild(program, [`--git-dir=${repository}`, ...args], {
        env: environment,
        cwd: repository,
        timeoutMs: longestCommand,
      });
    } catch (error) {
      fail(unrunnable, messageFrom(error), error);
      return;
    }
    const output: Buffer[] = [];
    let complaint = "";
    child.on("error", (error) => {
      if (!existsSync(repository))
        return fail("The repository of captures is not there any more", messageFrom(error), error);
      const missing = systemCode(error) === "ENOENT";
      fail(
        missing ? `There is no program ${JSON.stringify(program)}, which keeps what commands change` : unrunnable,
        messageFrom(error),
        error,
      );
    });
    const kill = (): void => void child.kill("SIGKILL");
    signal?.addEventListener("abort", kill, { once: true });
    child.on("close", (code, by) => {
      signal?.removeEventListener("abort", kill);
      if (code === 0) return resolve(Buffer.concat(output));
      if (signal?.aborted) return reject(signal.reason);
      const end = by === null ? `ended with code ${code}` : `was ended by ${by}`;
      fail(`The program git ${end}`, messageFrom(complaint.trim() || "no word of it", longestComplaint));
    });
    if (!child.stdout || !child.stderr || !child.stdin) return; // it could not be started, which `error` tells
    child.stdout.on("data", (piece: Buffer) => output.push(piece));
    child.stderr.on("data", (piece: Buffer) => {
      if (complaint.length < longestComplaint) complaint += piece.toString("utf8");
    });
    const give = typeof input === "string" ? [Buffer.from(input)] : input;
    pipeline(Readable.from(give, { objectMode: false }), child.stdin).catch((error: unknown) => {
      if (child.exitCode === null && !isClosedPipe(error)) {
        reject(error);
        kill();
      }
    });
  });
}

/** Whether the program has ended before it has read all; its end tells why. */
const isClosedPipe = (error: unknown): boolean =>
  ["EPIPE", "ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED"].includes(systemCode(error) ?? "");

/** The names in an answer, each of which ends with NUL. Throws `SNAPSHOT_FAILED` for one that is cut off. */
export function namesIn(options: GitOptions, command: string, output: Buffer): readonly string[] {
  const names = output.toString("utf8").split("\0");
  if (names.pop() !== "") throw senseless(options, command);
  return names;
}

const unrunnable = "The program git cannot be run";

/** Makes the error of an answer that makes no sense. */
export function senseless({ program }: GitOptions, command: string): WinkError {
  return new WinkError("SNAPSHOT_FAILED", {
    at: `git ${command}`,
    problem: "The program does not answer as git does",
    expected: "an answer of git",
    received: `one of ${JSON.stringify(program)}`,
  });
}
