import { isJsonObject, type JsonValue, messageFrom } from "../../base/index.ts";
import type { CompiledTemplate } from "../compiled-template.ts";
import { describeTemplate, type Overridable } from "./descriptor.ts";
import { type EntryState, type JudgedEntry, judgeSection, judgeTool } from "./judge-entry.ts";
import type { OverrideFile } from "./override-file.ts";

/** How one entry stands to the code, or what could have one. */
export interface OverrideStatus {
  readonly kind: "section" | "tool";
  /** The path of a section, or the name of a tool. */
  readonly name: string;
  /** `invalid` would apply if it were well formed; `none` has no entry. */
  readonly state: EntryState | "invalid" | "none";
  /** The hash that the entry was written against, if it says one. */
  readonly expected: string | undefined;
  /** The hash of what stands in the code, if it may be overridden. */
  readonly found: string | undefined;
  /** The body, or the description of a tool, in the entry. */
  readonly text: string | undefined;
  /** What is wrong, if anything is. */
  readonly message: string | undefined;
}

/** Compares a file with a template, for people: entries in their order, then what has none in order of appearance. */
export function overrideStatus(template: Overridable, file: OverrideFile | undefined): readonly OverrideStatus[] {
  const { sections, tools } = describeTemplate(template);
  const found = {
    section: new Map(sections.map(({ path, hash }) => [path, hash])),
    tool: new Map(tools.map(({ name, hash }) => [name, hash])),
  };
  const entries = file === undefined ? [] : entriesOf(template.compiled, file);
  const stated = entries.map(({ kind, name, value, judge }): OverrideStatus => {
    const fields = isJsonObject(value) ? value : {};
    return {
      kind,
      name,
      expected: textIn(fields[kind === "section" ? "expected_hash" : "expected_contract_hash"]),
      found: found[kind].get(name),
      text: textIn(fields[kind === "section" ? "body" : "description"]),
      ...verdictOf(judge),
    };
  });
  const has = (kind: OverrideStatus["kind"], name: string): boolean =>
    stated.some((entry) => entry.kind === kind && entry.name === name);
  const others = (["section", "tool"] as const).flatMap((kind) =>
    [...found[kind]]
      .filter(([name]) => !has(kind, name))
      .map(([name, hash]): OverrideStatus => {
        const nothing = { expected: undefined, text: undefined, message: undefined };
        return { kind, name, state: "none", found: hash, ...nothing };
      }),
  );
  return [...stated, ...others];
}

interface Judgeable {
  readonly kind: "section" | "tool";
  readonly name: string;
  readonly value: JsonValue;
  readonly judge: () => JudgedEntry<unknown>;
}

function entriesOf(template: CompiledTemplate, file: OverrideFile): readonly Judgeable[] {
  const sections = Object.entries(file.sections).map(
    ([name, value]): Judgeable => ({ kind: "section", name, value, judge: () => judgeSection(template, file, name) }),
  );
  const tools = Object.entries(file.tools).map(
    ([name, value]): Judgeable => ({ kind: "tool", name, value, judge: () => judgeTool(template, file, name) }),
  );
  return [...sections, ...tools];
}

function verdictOf(judge: () => JudgedEntry<unknown>): Pick<OverrideStatus, "state" | "message"> {
  try {
    const { state, problems } = judge();
    const message = problems.map((problem) => problem.message).join(" ");
    return { state, message: message === "" ? undefined : message };
  } catch (error) {
    return { state: "invalid", message: messageFrom(error) };
  }
}

const textIn = (value: JsonValue | undefined): string | undefined => (typeof value === "string" ? value : undefined);
