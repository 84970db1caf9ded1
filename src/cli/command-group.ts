/** How commands come to the program. */
import type { Command } from "commander";
import type { Io } from "./io.ts";

/**
 * Adds the commands of one group. What a command gives is the exit code: 0 fine, 1 something to look at. What it throws is
 * told on standard error.
 */
export type CommandGroup = (program: Command, io: Io, run: Run) => void;

/** Makes the action of a command from a function that gives the exit code. */
export type Run = <Args extends readonly unknown[]>(
  command: (...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>;
