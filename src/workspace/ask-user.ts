import { z } from "zod";
import { fail, ok, type Tool, tool } from "../tool/index.ts";

/** What {@link askUserTool} takes; all of it has a default. */
export interface AskUserOptions {
  /** `ask_user` unless told. */
  readonly name?: string | undefined;
  /** What the model is told. */
  readonly description?: string | undefined;
  /** Milliseconds until nobody need answer any more; never unless told. */
  readonly expiresInMs?: number | undefined;
}

/** What the model asks. */
export interface AskUserParams {
  readonly question: string;
  readonly choices?: string[] | undefined;
}

const params = z.object({
  question: z.string().min(1).describe("One question, with all that is needed to answer it."),
  choices: z.array(z.string()).optional().describe("Answers to choose from, if the question has such."),
});
const answered = z.object({ answer: z.string() });

/**
 * Makes a tool with which the model asks a person. The run ends `suspended` with the question, `{ question, choices? }`; the answer,
 * `{ answer: text }`, is given with `answer(journal, runId, …)`, and `resume` goes on. Throws `TOOL_INVALID`.
 */
export function askUserTool(options: AskUserOptions = {}): Tool<AskUserParams, string> {
  const { expiresInMs } = options;
  return tool({
    name: options.name ?? "ask_user",
    description:
      options.description ??
      "Ask the person for whom you work. The answer may take days, so ask only what you cannot find out.",
    effects: "none",
    params,
    async handler(question, { suspend }) {
      const { choices, ...asked } = question;
      const shown = { ...asked, ...(choices !== undefined && { choices }) };
      const reply = await suspend({
        question: shown,
        answer: answered,
        ...(expiresInMs !== undefined && { expiresInMs }),
      });
      if (reply.expired) {
        return fail(
          "Nobody answered in time, which is no refusal. Go on without the answer, or say what it keeps you from.",
        );
      }
      return ok(reply.value.answer);
    },
  });
}
