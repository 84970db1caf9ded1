/** The command line `wink`: reads arguments, runs the command that they name, and tells what went wrong. */
import { Command, CommanderError } from "commander";
import { hideSecretsOf, messageFrom, WinkError, withoutHidden } from "../base/index.ts";
import type { CommandGroup, Run } from "./command-group.ts";
import { type Io, printable } from "./io.ts";
import { addOverridesCommands } from "./overrides-commands.ts";
import { addPromptCommands } from "./prompt-commands.ts";
import { addRunsCommands } from "./runs-commands.ts";

const groups: readonly CommandGroup[] = [addPromptCommands, addOverridesCommands, addRunsCommands];

const manual = `
FILE#EXPORT names a prompt: a TypeScript or JavaScript file, and what it exports under that name: a template, as
definePrompt gives it, or a prompt, as its bind does. "#EXPORT" may be left out when the file exports only one.
The file is imported, so its code runs.

Exit codes: 0 fine, 1 something to look at or failed, 2 wrong usage.`;

/**
 * Runs the command line with the arguments after the program's name; gives the exit code. Never throws. Nothing that it prints
 * shows a secret of the environment.
 */
export async function runCli(args: readonly string[], surroundings: Io): Promise<number> {
  using _hidden = hideSecretsOf(surroundings.env);
  const io: Io = {
    ...surroundings,
    out: (text) => surroundings.out(printable(withoutHidden(text))),
    err: (text) => surroundings.err(printable(withoutHidden(text))),
  };
  let exit = 0;
  const run: Run =
    (command) =>
    async (...given) => {
      exit = await command(...given);
    };
  const program = createProgram(io);
  for (const add of groups) add(program, io, run);
  try {
    await program.parseAsync(args, { from: "user" });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has said why
    io.err(`wink: ${WinkError.is(error) ? `${error.code}: ${oneLine(error.message)}` : messageFrom(error)}\n`);
    return WinkError.is(error, "INPUT_INVALID") ? 2 : 1;
  }
}

function createProgram(io: Io): Command {
  return new Command("wink")
    .description("Looks at prompts of weakincentives, keeps the overrides of their texts, and goes on with runs.")
    .version(io.version)
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: (text) => io.err(`wink: ${oneLine(text.replace(/^error: /, ""))}\n`),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('Run "wink --help", or a command with "--help", for what there is.')
    .addHelpText("afterAll", manual);
}

const oneLine = (text: string): string => text.trim().replace(/\s+/g, " ");
