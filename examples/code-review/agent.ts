/** The agent: a prompt of sections, each with what belongs to it. */
import { definePrompt, section } from "weakincentives";
import { filesSection } from "weakincentives/workspace";
import { z } from "zod";
import { draftSection } from "./draft.ts";
import { review } from "./review.ts";

const task = section({
  key: "task",
  title: "Task",
  body: `
    You review the source of a repository and report what is wrong with it: security holes first, then mistakes, then
    what will hurt later. Read before you judge: report only what you have seen in a file.
  `,
});

const answer = section({
  key: "answer",
  title: "Answer",
  body: `
    Give at most 40 findings, the worst first. Quote the line of each finding exactly, with its file and number. Mend
    what can be mended without changing what the program does for its users, by editing the files: your edits become a
    proposed patch, nothing else is touched. Never edit a file that you have not read.
  `,
});

const repository = section({
  key: "repository",
  title: "Repository",
  params: z.object({ name: z.string(), fileCount: z.int() }),
  body: "The repository is called {{name}} and has {{fileCount}} text files. Its root is the root of the workspace.",
});

/** Reviews a repository. */
export const codeReview = definePrompt({
  ns: "examples",
  key: "code-review",
  output: review,
  sections: [task, filesSection(), answer, repository, draftSection],
});
