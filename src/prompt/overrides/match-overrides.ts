import type { Tool } from "../../tool/index.ts";
import type { CompiledText } from "../compile-text.ts";
import type { CompiledTemplate } from "../compiled-template.ts";
import { type IsCurrent, judgeSection, judgeTool, type OverrideProblem } from "./judge-entry.ts";
import type { OverrideFile } from "./override-file.ts";

/** What of a file takes the place of what stands in the code, and what does not and why. */
export interface MatchedOverrides {
  /** By path; without those that say what the code says. */
  readonly sections: ReadonlyMap<string, CompiledText>;
  /** By name; without those that say what the code says. */
  readonly tools: ReadonlyMap<string, Tool>;
  readonly problems: readonly OverrideProblem[];
}

/**
 * Holds a file against a template. An entry applies if and only if it was written against the hash of what now stands in the
 * code. Throws `OVERRIDES_INVALID` for an entry that would apply and is malformed.
 */
export function matchOverrides(
  template: CompiledTemplate,
  file: OverrideFile,
  isCurrent?: IsCurrent,
): MatchedOverrides {
  const sections = new Map<string, CompiledText>();
  const tools = new Map<string, Tool>();
  const problems: OverrideProblem[] = [];
  for (const path of Object.keys(file.sections)) {
    const judged = judgeSection(template, file, path, isCurrent);
    if (judged.replacement !== undefined) sections.set(path, judged.replacement);
    problems.push(...judged.problems);
  }
  for (const name of Object.keys(file.tools)) {
    const judged = judgeTool(template, file, name, isCurrent);
    if (judged.replacement !== undefined) tools.set(name, judged.replacement);
    problems.push(...judged.problems);
  }
  return { sections, tools, problems };
}
