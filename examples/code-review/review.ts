import { z } from "zod";

/** How bad a finding is. */
export const severity = z.enum(["high", "medium", "low"]);
export type Severity = z.infer<typeof severity>;

/** One finding. */
export const issue = z.object({
  file: z.string().describe("The file's path, as the tools write it."),
  line: z.int().positive().describe("The line's number, counted from 1."),
  quote: z.string().describe("That line, exactly as it stands in the file."),
  rule: z.string().describe("A short name for the kind of problem, in kebab-case."),
  severity,
  message: z.string().describe("What is wrong, and what may come of it."),
  fix: z.string().describe("What to do instead."),
});
export type Issue = z.infer<typeof issue>;

/** What the agent gives back. */
export const review = z.object({
  summary: z.string().describe("Two or three sentences: what was looked at and how it stands."),
  issues: z.array(issue).describe("The findings, the worst first."),
  nextSteps: z.array(z.string()).describe("What to do now, the most important first."),
});
export type Review = z.infer<typeof review>;
