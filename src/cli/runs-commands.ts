/** The commands of `wink runs`. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { autoProviders } from "../adapter/auto.ts";
import type { OnChange } from "../run/index.ts";
import type { CommandGroup } from "./command-group.ts";
import { defaultJournal } from "./open-journal.ts";
import { type RunStatus, runStatuses } from "./run-summary.ts";
import { type RunsAnswerOptions, runsAnswer } from "./runs-answer.ts";
import { type RunsListOptions, runsList } from "./runs-list.ts";
import { type RunsReplayOptions, runsReplay } from "./runs-replay.ts";
import { type RunsResumeOptions, runsResume } from "./runs-resume.ts";
import { type RunsShowOptions, runsShow } from "./runs-show.ts";

const manual = `
A run is named by its id, as "wink runs list" shows it. Journals hold all that a run did, exactly; what is shown of them has
its secrets taken out. "cut off" is a run whose journal has no end: its process died, or is still at work.`;

/** Adds the commands. */
export const addRunsCommands: CommandGroup = (program, io, run) => {
  const runs = program
    .command("runs")
    .description("Looks at the runs of a journal, and goes on with them: list, show, answer, replay, resume.");
  const add = (name: string, description: string, examples: readonly string[], more = ""): Command =>
    runs
      .command(name)
      .description(description)
      .option(
        "--journal <path>",
        "the folder with the journals, RUN.jsonl or RUN/RUN.jsonl; or a SQLite file",
        defaultJournal,
      )
      .option("--json", "print the same as JSON")
      .addHelpText("after", `\nExamples:\n${examples.map((line) => `  wink runs ${name}${line}\n`).join("")}${more}`)
      .addHelpText("after", manual.trimEnd());

  add("list", "Lists the runs, the newest first. Exit code 1 when a journal cannot be read.", [
    "",
    " --status suspended --prompt acme:support --limit 10",
    " --journal /var/lib/agents/runs.sqlite --json",
  ])
    .addOption(new Option("--status <status>", `only these: ${runStatuses.join(", ")}`).argParser(statusOf))
    .option("--prompt <prompt>", "only those of this prompt: ns:key, or key")
    .addOption(new Option("--limit <n>", "so many at most").argParser(wholeNumber))
    .action(run((options: RunsListOptions) => runsList(options, io)));
  add("show", "Tells what a run did, a line for each step, and what it waits for.", [" run-1", " run-1 --full | less"])
    .argument("<RUN>", "the run")
    .option("--full", "show texts in their whole length, and not on one line")
    .action(run((id: string, options: RunsShowOptions) => runsShow(id, options, io)));
  add(
    "answer",
    "Answers a question of a run that waits. The first answer counts; its form is checked when the run goes on.",
    [
      ` run-1 '{"approved":true}'`,
      ' run-1 "Take the second one." --question call-3-1/1',
      " run-1 @answer.json",
      " run-1 - < answer.json",
    ],
    "\nWhat is JSON is taken as JSON, all else as a text; '\"12\"' is the text 12.\n",
  )
    .argument("<RUN>", "the run")
    .argument("<ANSWER>", "JSON or a text; @ and the path of a file with it, or - for standard input")
    .option("--question <id>", 'which question, as "wink runs show" names it; needed when several are open')
    .action(run((id: string, value: string, options: RunsAnswerOptions) => runsAnswer(id, value, options, io)));
  withPrompt(
    add(
      "replay",
      "Goes through a run again: no model is asked, no tool is run, nothing is written. Exit code 1 when it does otherwise now.",
      [" run-1 --prompt src/agent.ts#agent"],
    ),
  ).action(run((id: string, options: RunsReplayOptions) => runsReplay(id, options, io)));
  withPrompt(
    add(
      "resume",
      "Goes on with a run where its journal ends. What is in the journal is not done again.",
      [
        " run-1 --prompt src/agent.ts#agent --model gpt-5.2",
        " run-1 --prompt src/agent.ts#agent --model gpt-5.2 --max-turns 100",
      ],
      `
Key and address of the model come from OPENAI_API_KEY and OPENAI_BASE_URL; with --provider anthropic or litellm from variables that
begin so. What the tools borrow must be given by the file:
let it export a bound prompt, template.bind(params, { resources }). Ctrl-C stops the run; its journal stays whole.

Exit codes here: 0 completed, 1 ended otherwise or waits for answers, 2 wrong usage, 130 stopped by Ctrl-C.
`,
    ),
  )
    .requiredOption("--model <name>", "the model that goes on")
    .addOption(
      new Option(
        "--provider <name>",
        "who has it; unless told, who had the run's own, if it is one of them, else openai",
      ).choices(autoProviders),
    )
    .addOption(
      new Option("--max-turns <n>", "model calls at most, those of the journal among them").argParser(wholeNumber),
    )
    .addOption(
      new Option("--on-change <what>", "what to do when the definition of the prompt has changed")
        .choices(["continue", "restart", "branch", "refuse"] satisfies OnChange[])
        .default("continue"),
    )
    .action(run((id: string, options: RunsResumeOptions) => runsResume(id, options, io)));
};

const withPrompt = (command: Command): Command =>
  command
    .argument("<RUN>", "the run")
    .requiredOption("--prompt <FILE#EXPORT>", "the prompt that began the run")
    .option("--params <json>", "other params than the run had: JSON, or @ and the path of a file with them");

function statusOf(text: string): RunStatus {
  const found = runStatuses.find((status) => status === text.replace("-", " "));
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Expected one of ${runStatuses.join(", ")}.`);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError("Expected a whole number from 1. Example: 10");
}
