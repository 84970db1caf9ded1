/** The commands of `wink overrides`. */
import { type Command, Option } from "commander";
import type { CommandGroup } from "./command-group.ts";
import { repeatable, tagOption } from "./options.ts";
import { type OverridesDeleteOptions, overridesDelete } from "./overrides-delete.ts";
import { overridesDiff } from "./overrides-diff.ts";
import { overridesSeed } from "./overrides-seed.ts";
import { type OverridesSetOptions, overridesSet } from "./overrides-set.ts";
import { overridesStatus } from "./overrides-status.ts";
import type { OverridesOptions } from "./overrides-store.ts";

/** Adds the commands. */
export const addOverridesCommands: CommandGroup = (program, io, run) => {
  const overrides = program
    .command("overrides")
    .description("Keeps texts that replace those in the code: status, seed, set, delete, diff.");
  const add = (name: string, description: string, example: string): Command =>
    overrides
      .command(name)
      .description(description)
      .argument("<FILE#EXPORT>", "the prompt")
      .addOption(tagOption("which overrides of the prompt"))
      .option("--root <dir>", "the folder that holds them (default: the repository around the current folder)")
      .option("--json", "print the same as JSON")
      .addHelpText("after", `\nExample:\n  wink overrides ${name} src/agent.ts#agent${example}`);

  add(
    "status",
    "Tells which overrides apply. Exit code 1 when one is stale, unknown or does not apply otherwise.",
    "",
  ).action(run((address: string, options: OverridesOptions) => overridesStatus(address, options, io)));
  add(
    "seed",
    "Writes a file with every text that may be replaced, to be edited. A file that is there is kept.",
    "",
  ).action(run((address: string, options: OverridesOptions) => overridesSeed(address, options, io)));
  add("set", "Replaces one text.", ' --section style --body "Short functions."')
    .addOption(
      new Option("--section <path>", "replace the text of this section").conflicts(["tool", "description", "param"]),
    )
    .addOption(new Option("--body <text>", "by this text").conflicts(["bodyFile", "tool"]))
    .addOption(
      new Option(
        "--body-file <file>",
        "by the text in this file, without its last end of line; - for standard input",
      ).conflicts("tool"),
    )
    .option("--tool <name>", "replace descriptions of this tool")
    .option("--description <text>", "its own")
    .addOption(repeatable("--param <name=text>", "that of one of its params; may be repeated"))
    .action(run((address: string, options: OverridesSetOptions) => overridesSet(address, options, io)));
  add("delete", "Deletes an override, or all of the tag.", " --section style")
    .addOption(new Option("--section <path>", "delete the override of this section").conflicts(["tool", "all"]))
    .addOption(new Option("--tool <name>", "delete the override of this tool").conflicts("all"))
    .option("--all", "delete the file")
    .action(run((address: string, options: OverridesDeleteOptions) => overridesDelete(address, options, io)));
  add("diff", "Shows what overrides change, line by line.", "").action(
    run((address: string, options: OverridesOptions) => overridesDiff(address, options, io)),
  );
};
