/** Options that several commands take. */
import { InvalidArgumentError, Option } from "commander";

/** The option `--tag`, `latest` unless given. What no store takes as a tag is refused as wrong usage. */
export const tagOption = (description: string): Option =>
  new Option("--tag <tag>", description).default("latest").argParser((tag) => {
    if (/^[a-z0-9][a-z0-9._-]{0,63}$/.test(tag)) return tag;
    throw new InvalidArgumentError(
      'Expected 1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit. Example: --tag stable',
    );
  });

/** An option that takes one value and may stand more than once. */
export const repeatable = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((value, before: readonly string[] = []) => [...before, value]);
