import type { Clock } from "../base/index.ts";

/** What the commands work with: all that a process would give them, so that tests need none. */
export interface Io {
  /** Prints to standard output. */
  readonly out: (text: string) => void;
  /** Prints to standard error. */
  readonly err: (text: string) => void;
  /** Reads standard input to its end. */
  readonly readInput: () => Promise<string>;
  /** As {@link Clock} does it; a timer that waits must not keep the process alive. */
  readonly schedule: Clock["schedule"];
  /** Calls back when the user asks to stop; gives how to listen no longer, and then Ctrl-C ends the program. */
  readonly onInterrupt: (then: () => void) => () => void;
  /** The environment: keys and addresses of models. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** The version of the package. */
  readonly version: string;
}

/** Prints what a command has to say: as text for people, or the same as JSON for programs. */
export function report(io: Io, asJson: boolean | undefined, data: object, text: string): void {
  io.out(asJson === true ? `${JSON.stringify(data, null, 2)}\n` : text);
}

/**
 * Writes control characters as `\u001b`, but for tabs and ends of lines: texts come from files and models, and must not
 * steer the terminal. JSON stays the same JSON, because they stand only in its strings.
 */
export const printable = (text: string): string =>
  text.replace(
    /(?!\t|\r?\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
