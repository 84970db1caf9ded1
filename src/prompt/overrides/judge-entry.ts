/** Holds one entry of a file against the template that it is meant for. */
import { didYouMean, WinkError } from "../../base/index.ts";
import { isLabel, type Tool } from "../../tool/index.ts";
import { type CompiledText, compileText } from "../compile-text.ts";
import type { CompiledTemplate } from "../compiled-template.ts";
import { bodyIn, expectedHash, type PlacedEntry, toolTextsIn } from "./override-entry.ts";
import type { OverrideFile } from "./override-file.ts";
import { type SectionTarget, targetsOf } from "./override-targets.ts";
import { overridesInvalid, shown } from "./overrides-error.ts";
import { paramDescriptions, withParamDescriptions } from "./param-descriptions.ts";

/** How an entry stands to the code: `same` applies, and says what the code says. */
export type EntryState = "applies" | "same" | "stale" | "unknown" | "not-overridable";

/** Why an entry, or the text for one param in it, does not apply. */
export interface OverrideProblem {
  readonly kind: "stale" | "unknown" | "not-overridable" | "unknown-param";
  /** The path of the section, if it is one for a section. */
  readonly section?: string;
  /** The name of the tool, if it is one for a tool. */
  readonly tool?: string;
  /** The param that the tool does not have. */
  readonly param?: string;
  /** The hash that a stale entry was written against. */
  readonly expected?: string;
  /** The hash of what stands in the code. */
  readonly found?: string;
  readonly message: string;
}

/** An entry that was held against a template. */
export interface JudgedEntry<Replacement> {
  readonly state: EntryState;
  /** What takes the place of what stands in the code; only where it applies and differs. */
  readonly replacement?: Replacement;
  readonly problems: readonly OverrideProblem[];
}

/** Tells whether an entry written against one hash applies to what now has another. */
export type IsCurrent = (expected: string, found: string) => boolean;

const sameHash: IsCurrent = (expected, found) => expected === found;

/** Judges the entry for a section. Throws `OVERRIDES_INVALID` for one that would apply and is malformed. */
export function judgeSection(
  template: CompiledTemplate,
  file: OverrideFile,
  path: string,
  isCurrent: IsCurrent = sameHash,
): JudgedEntry<CompiledText> {
  const { sections } = targetsOf(template);
  const target = sections.get(path);
  const about = { section: path };
  if (target === undefined) return unknown(about, `Section "${path}"`, path, sections.keys(), file);
  if (target.text === undefined) return closed(about, `Section "${path}"`);
  const entry = { value: file.sections[path] ?? null, file: file.at, place: ["sections", path.replaceAll(".", "/")] };
  const expected = expectedHash(entry, "expected_hash");
  const found = target.text.hash;
  if (!isCurrent(expected, found)) return stale(about, `The text of section "${path}"`, expected, found);
  const body = bodyIn(entry);
  if (body === target.text.written) return { state: "same", problems: [] };
  return { state: "applies", replacement: compiled(body, target.text.raw, target, entry), problems: [] };
}

/** Judges the entry for a tool. Throws `OVERRIDES_INVALID` for one that would apply and is malformed. */
export function judgeTool(
  template: CompiledTemplate,
  file: OverrideFile,
  name: string,
  isCurrent: IsCurrent = sameHash,
): JudgedEntry<Tool> {
  const { tools } = targetsOf(template);
  const target = tools.get(name);
  const about = { tool: name };
  if (target === undefined) return unknown(about, `Tool "${name}"`, name, tools.keys(), file);
  const { tool, hash: found } = target;
  if (found === undefined) return closed(about, `Tool "${name}"`);
  const entry = { value: file.tools[name] ?? null, file: file.at, place: ["tools", name] };
  const expected = expectedHash(entry, "expected_contract_hash");
  if (!isCurrent(expected, found)) return stale(about, `The contract of tool "${name}"`, expected, found);
  const { description = tool.description, params } = toolTextsIn(entry);
  checkDescription(description, entry);
  const known = paramDescriptions(tool.parameters);
  const problems = Object.keys(params)
    .filter((param) => !known.has(param))
    .map((param): OverrideProblem => {
      const message = `Tool "${name}" has no param "${param}". ${didYouMean(param, known.keys())}`.trimEnd();
      return { kind: "unknown-param", ...about, param, message };
    });
  const changed = Object.entries(params).filter(([param, text]) => known.has(param) && known.get(param) !== text);
  if (description === tool.description && changed.length === 0) return { state: "same", problems };
  const parameters = withParamDescriptions(tool.parameters, Object.fromEntries(changed));
  return { state: "applies", replacement: { ...tool, description, parameters }, problems };
}

type About = Pick<OverrideProblem, "section" | "tool">;

function unknown(about: About, what: string, name: string, known: Iterable<string>, file: OverrideFile) {
  const near =
    (isShort(file) && didYouMean(name, known)) || "Delete its entry, or give it the name that the code has now.";
  const message = `${what} is not in prompt "${file.ns}:${file.key}". ${near}`;
  return { state: "unknown", problems: [{ kind: "unknown", ...about, message }] } as const;
}

/** In a long file names are not compared: each with all others would take long, in every run. */
const isShort = ({ sections, tools }: OverrideFile): boolean =>
  Object.keys(sections).length + Object.keys(tools).length <= 100;

function closed(about: About, what: string) {
  const message = `${what} has no text that an override may replace. Delete its entry, or let the code allow it.`;
  return { state: "not-overridable", problems: [{ kind: "not-overridable", ...about, message }] } as const;
}

function stale(about: About, what: string, expected: string, found: string) {
  const hashes = `${expected.slice(0, 8)}… to ${found.slice(0, 8)}…`;
  const message = `${what} has changed since its override was written (${hashes}). Compare the two, then set it anew or delete its entry.`;
  return { state: "stale", problems: [{ kind: "stale", ...about, expected, found, message }] } as const;
}

/** The text in the place of a literal is treated like the literal, one in the place of `raw` like that. */
function compiled(body: string, raw: boolean, { node }: SectionTarget, { file, place }: PlacedEntry): CompiledText {
  try {
    return compileText(raw ? { "~raw": body } : body, node.section.params, `section "${node.path}"`);
  } catch (cause) {
    if (!WinkError.is(cause, "PROMPT_INVALID")) throw cause;
    throw overridesInvalid(file, [...place, "body"], { ...cause.parts, details: cause.details, cause });
  }
}

function checkDescription(description: unknown, { file, place }: PlacedEntry): void {
  if (isLabel(description, 200)) return;
  throw overridesInvalid(file, [...place, "description"], {
    problem: "The description is not well formed",
    expected: "1 to 200 printable ASCII characters without space around them",
    received: shown(description),
    fix: "Shorten it, and write it in ASCII; longer advice belongs into the section.",
    example: '"description": "Read one file of the repository."',
  });
}
