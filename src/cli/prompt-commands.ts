/** The commands of `wink prompt`. */
import type { CommandGroup } from "./command-group.ts";
import { repeatable, tagOption } from "./options.ts";
import { type PromptShowOptions, promptShow } from "./prompt-show.ts";

/** Adds the commands. */
export const addPromptCommands: CommandGroup = (program, io, run) => {
  const prompt = program.command("prompt").description("Looks at prompts: show.");
  prompt
    .command("show")
    .description("Renders a prompt: its tree of sections, its hints, and the text that a model would be sent.")
    .argument("<FILE#EXPORT>", "the prompt")
    .option("--params <json>", "the params, or @ and the path of a file with them")
    .addOption(repeatable("--open <path>", "show this section in full instead of its summary; may be repeated"))
    .addOption(tagOption("apply the overrides of this tag"))
    .option("--root <dir>", "the folder that holds them (default: the repository around the current folder)")
    .option("--counter <FILE#EXPORT>", "count tokens with this function: (text) => number")
    .option("--json", "print the same as JSON")
    .addHelpText(
      "after",
      '\nExample:\n  wink prompt show src/agent.ts#agent --params \'{"name":"acme/app"}\' --open style',
    )
    .action(run((address: string, options: PromptShowOptions) => promptShow(address, options, io)));
};
