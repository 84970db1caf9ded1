import { expect } from "vitest";
import { type ErrorCode, WinkError } from "../../src/base/index.ts";

/** Which of our codes an error of the cases may stand for; wording is never part of a case. */
const codesOf: Readonly<Record<string, readonly ErrorCode[]>> = {
  ValueError: [
    "PATH_INVALID",
    "PATTERN_INVALID",
    "FILE_TOO_LARGE",
    "INPUT_INVALID",
    "DEADLINE_INVALID",
    "PROMPT_INVALID",
  ],
  PromptValidationError: ["PROMPT_INVALID", "TOOL_INVALID"],
  OutputParseError: ["OUTPUT_INVALID"],
  IsADirectoryError: ["FILE_IS_DIRECTORY"],
  NotADirectoryError: ["FILE_NOT_DIRECTORY"],
  FileNotFoundError: ["FILE_MISSING"],
  FileExistsError: ["FILE_EXISTS"],
};

/** Holds work to `{ ok: value }` or `{ error: class }`. `shown` makes of the result what the case compares. */
export async function holds(
  expected: unknown,
  work: () => unknown,
  shown: (result: unknown) => unknown = (result) => result,
): Promise<void> {
  let result: unknown;
  try {
    result = await work();
  } catch (thrown) {
    if (!WinkError.is(thrown)) throw thrown;
    const { error } = expected as { readonly error?: string };
    if (error === undefined) throw thrown;
    expect(codesOf[error] ?? [], thrown.message).toContain(thrown.code);
    return;
  }
  expect({ ok: shown(result) }).toEqual(expected);
}
