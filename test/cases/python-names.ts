/** What the cases call by the names of the Python library, in ours. */
import type { ErrorCode } from "../../src/base/index.ts";

/** Which of our codes an error of the cases may stand for; wording is never part of a case. */
export const codesOf: Readonly<Record<string, readonly ErrorCode[]>> = {
  ValueError: [
    "PATH_INVALID",
    "PATTERN_INVALID",
    "FILE_TOO_LARGE",
    "INPUT_INVALID",
    "DEADLINE_INVALID",
    "PROMPT_INVALID",
  ],
  PromptValidationError: ["PROMPT_INVALID", "TOOL_INVALID"],
  PromptOverridesError: ["OVERRIDES_INVALID"],
  OutputParseError: ["OUTPUT_INVALID"],
  IsADirectoryError: ["FILE_IS_DIRECTORY"],
  NotADirectoryError: ["FILE_NOT_DIRECTORY"],
  FileNotFoundError: ["FILE_MISSING"],
  FileExistsError: ["FILE_EXISTS"],
  UnboundResourceError: ["RESOURCE_MISSING"],
  DuplicateBindingError: ["RESOURCE_DUPLICATE"],
  ProviderError: ["RESOURCE_FAILED"],
};

/** Python's `string.Template` in our syntax. */
export const placeholders = (template: string): string =>
  template.replaceAll(/\$(\$)|\$(?:\{(\w+)\}|(\w+))/g, (_all, dollar, braced, bare) =>
    dollar === undefined ? `{{${braced ?? bare}}}` : "$",
  );
