/** The command line: what may be asked for, checked and typed. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type AutoProvider, autoProviders } from "weakincentives/adapter/auto";

/** What the user asked for. */
export interface Options {
  /** The repository; the small one beside this program unless told. */
  readonly path: string | undefined;
  readonly model: string | undefined;
  /** The driver of a real model. */
  readonly provider: AutoProvider;
  readonly json: boolean;
  readonly fault: boolean;
  /** Whether the process of the run is killed in the middle of it, and another goes on. */
  readonly crash: boolean;
  /** The id of the run whose process kills itself; given by `--crash` to the process that it starts. */
  readonly diesAs: string | undefined;
  /** The journal of a run that is replayed instead of a review. */
  readonly replay: string | undefined;
  /** The folder to write into; `.wink/runs/<run>` unless told. */
  readonly out: string | undefined;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxBytes: number | undefined;
  readonly maxFileBytes: number | undefined;
  /** Seconds that one answer of a real model may take. */
  readonly timeout: number;
  readonly outputFormat: "json-schema" | "json-object" | "none";
}

/** What reading the command line gives: options, or the end of the program. */
export type Read =
  | { readonly options: Options }
  | { readonly exit: number; readonly text: string; readonly isError: boolean };

const help = `
Examples:
  npm run demo                                 review the small repository that comes with the example
  npm run demo -- ~/some/repo                  review one of yours; it is read once and never written
  npm run demo -- --fault                      watch a failing tool being rolled back
  npm run demo -- --crash                      watch a killed process being gone on from by another
  npm run demo -- --replay .wink/runs/RUN/RUN.jsonl    go through a run again, with no model, and compare
  npm run -s demo -- ~/some/repo --json        nothing but the review, as JSON (-s silences npm itself)
  npm run demo -- . --include 'src/**' --exclude '*.test.ts'

A real model (the offline one is a table of rules):
  OPENAI_API_KEY=… npm run demo -- --model gpt-5.2
  OPENAI_BASE_URL=http://localhost:11434/v1 npm run demo -- --model qwen3       # Ollama, vLLM, what speaks the same
  ANTHROPIC_API_KEY=… npm run demo -- --provider anthropic --model claude-sonnet-5
  LITELLM_BASE_URL=http://localhost:4000/v1 npm run demo -- --provider litellm --model NAME

Exit codes:
  0    the review is done, whatever it found; with --replay, the run did the same again
  1    there is no review: the path is not there, is no folder, or holds nothing to review; a glob cannot be used;
       --out cannot be made or written; the model has neither key nor address, refuses, or fails; with --replay,
       the journal is not there or cannot be read, or the run did otherwise than it says
  2    the command line cannot be read: an unknown option, a value of the wrong form, an empty text
  130  stopped by Ctrl-C (143 by SIGTERM); the journal is whole`;

const program = (): Command =>
  new Command()
    .name("npm run demo --")
    .description(
      "Reviews a repository with an agent: reads it into memory, searches, mends a copy, and writes a review and a patch.",
    )
    .argument("[path]", "the repository's folder; the small one in examples/code-review/repo unless told", someText)
    .option(
      "-m, --model <name>",
      "use a real model of that name; key and address come from OPENAI_API_KEY and OPENAI_BASE_URL, or those of --provider",
      someText,
    )
    .addOption(
      new Option("--provider <name>", "who has the model: a driver, and the variables for key and address")
        .choices(autoProviders)
        .default("openai"),
    )
    .option("--json", "print nothing but the review, as JSON")
    .option("--fault", "plant a tool that breaks after it wrote a file, to see it rolled back")
    .option("--crash", "kill the process with SIGKILL after its fifth finished call, and go on in another one")
    .addOption(
      new Option("--replay <journal>", "replay the run of this journal, which an earlier review left")
        .conflicts(["crash", "fault", "model"])
        .argParser(someText),
    )
    .addOption(new Option("--dies-as <run>").hideHelp())
    .option(
      "-o, --out <folder>",
      "where review.md, changes.patch and the journal go (default: .wink/runs/<run>)",
      someText,
    )
    .option("--include <glob>", "review only files that match this glob; may be given several times", collect, [])
    .option(
      "--exclude <glob>",
      "leave out what matches, beside .git, node_modules and .wink; may be given several times",
      collect,
      [],
    )
    .option("--max-bytes <n>", "take in at most so many bytes (default: 64 MiB)", positiveInteger)
    .option("--max-file-bytes <n>", "leave out larger files (default: 1 MiB)", positiveInteger)
    .option("--timeout <seconds>", "how long one answer of a real model may take", positiveNumber, 120)
    .option(
      "--output-format <kind>",
      "how a real model is asked for JSON: json-schema, or json-object or none for servers that cannot combine it with tools",
      outputFormat,
      "json-schema",
    )
    .addHelpText("after", help)
    .allowExcessArguments(false)
    .showSuggestionAfterError();

/** Reads the arguments after the program's name. */
export function readOptions(args: readonly string[]): Read {
  let text = "";
  const command = program()
    .exitOverride()
    .configureOutput({
      writeOut: (part) => {
        text += part;
      },
      writeErr: (part) => {
        text += part;
      },
    });
  try {
    command.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isError = error.exitCode !== 0;
    const hint = isError ? "Run `npm run demo -- --help` for all options.\n" : "";
    return { exit: isError ? 2 : 0, text: text + hint, isError };
  }
  const given = command.opts();
  return {
    options: {
      path: command.processedArgs[0],
      model: given.model,
      provider: given.provider,
      json: given.json === true,
      fault: given.fault === true,
      crash: given.crash === true,
      diesAs: given.diesAs,
      replay: given.replay,
      out: given.out,
      include: given.include,
      exclude: given.exclude,
      maxBytes: given.maxBytes,
      maxFileBytes: given.maxFileBytes,
      timeout: given.timeout,
      outputFormat: given.outputFormat,
    },
  };
}

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, someText(text)];

/** An empty text is mostly a variable of the shell that is not set; taken as it is, it would mean something else. */
function someText(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty. Is a variable of the shell not set?");
  return text;
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value <= 0) throw new InvalidArgumentError("Expected a whole number over 0.");
  return value;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("Expected a number over 0.");
  return value;
}

function outputFormat(text: string): Options["outputFormat"] {
  if (text === "json-schema" || text === "json-object" || text === "none") return text;
  throw new InvalidArgumentError("Expected json-schema, json-object or none.");
}
