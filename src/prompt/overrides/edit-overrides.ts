/** Writing overrides. What is written here applies: everything else is refused, and then nothing is written. */
import { didYouMean, isJsonObject, type JsonObject, suggest, WinkError } from "../../base/index.ts";
import type { CompiledTemplate } from "../compiled-template.ts";
import type { Overridable } from "./descriptor.ts";
import { judgeSection, judgeTool, type OverrideProblem } from "./judge-entry.ts";
import { matchOverrides } from "./match-overrides.ts";
import type { OverrideFile } from "./override-file.ts";
import { idText, type OverrideId } from "./override-id.ts";
import type { OverrideStore } from "./override-store.ts";
import { targetsOf } from "./override-targets.ts";
import { overridesInvalid } from "./overrides-error.ts";
import { paramDescriptions } from "./param-descriptions.ts";

/** Where an edit goes. */
export interface EditOptions {
  readonly store: OverrideStore;
  /** `latest` unless told. */
  readonly tag?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One new text. `hash` is that of the text it was written against, as a descriptor gave it; today's unless told. */
export type OverrideChange =
  | {
      /** Keys from the root, joined by dots. */
      readonly section: string;
      readonly body: string;
      readonly hash?: string | undefined;
    }
  | {
      readonly tool: string;
      /** What an override already says stays when it is left out. */
      readonly description?: string | undefined;
      /** Descriptions by the param's name; others stay. */
      readonly params?: Readonly<Record<string, string>> | undefined;
      readonly hash?: string | undefined;
    };

/** What {@link deleteOverrides} deletes: the entry for one section or tool, or the whole file. */
export interface DeleteOptions extends EditOptions {
  readonly section?: string;
  readonly tool?: string;
}

/**
 * Writes a file with every text of the template that may be replaced, for people to edit. A file that is there is kept;
 * either way it is given back. One that cannot be used throws `OVERRIDES_INVALID`.
 */
export async function seedOverrides(template: Overridable, options: EditOptions): Promise<OverrideFile> {
  const { compiled } = template;
  const id = idOf(template.compiled, options);
  const seeded: OverrideFile = { ...id, ...seedOf(compiled), at: idText(id) };
  const keepOrSeed = (file: OverrideFile | undefined): OverrideFile | undefined => {
    if (file === undefined) return seeded;
    matchOverrides(compiled, file); // throws for entries that cannot be used
    return undefined;
  };
  return (await options.store.update(id, keepOrSeed, { signal: options.signal })) ?? seeded;
}

/**
 * Puts texts into the file, all in one step. They replace those it has for the same sections and tools; all others stay,
 * also stale ones. Throws `OVERRIDES_INVALID` for one that would not apply: an unknown name, an older hash, an unknown placeholder
 * or param, a description that no tool may have.
 */
export async function setOverrides(
  template: Overridable,
  changes: readonly OverrideChange[],
  options: EditOptions,
): Promise<OverrideFile> {
  const id = idOf(template.compiled, options);
  const nothing: OverrideFile = { ...id, sections: {}, tools: {}, at: idText(id) };
  const set = (file: OverrideFile = nothing): OverrideFile =>
    changes.reduce((sum, change) => withChange(template.compiled, sum, change), file);
  return (await options.store.update(id, set, { signal: options.signal })) ?? nothing;
}

/** Deletes the entry for one section or tool, whether the template has it or not, or the whole file. Missing ones are fine. */
export async function deleteOverrides(template: Overridable, options: DeleteOptions): Promise<void> {
  const { store, section, tool, signal } = options;
  const id = idOf(template.compiled, options);
  if (!("section" in options) && !("tool" in options)) return store.delete(id, { signal });
  const without = (file: OverrideFile | undefined): OverrideFile | undefined =>
    file && { ...file, sections: lacking(file.sections, section), tools: lacking(file.tools, tool) };
  await store.update(id, without, { signal });
}

const idOf = ({ ns, key }: CompiledTemplate, { tag = "latest" }: EditOptions): OverrideId => ({ ns, key, tag });

const lacking = (entries: JsonObject, name: string | undefined): JsonObject =>
  Object.fromEntries(Object.entries(entries).filter(([other]) => other !== name));

function seedOf(template: CompiledTemplate): Pick<OverrideFile, "sections" | "tools"> {
  const { sections, tools } = targetsOf(template);
  return {
    sections: Object.fromEntries(
      [...sections].flatMap(([path, { text }]) =>
        text === undefined ? [] : [[path, { expected_hash: text.hash, body: text.written }]],
      ),
    ),
    tools: Object.fromEntries(
      [...tools].flatMap(([name, { tool, hash }]) =>
        hash === undefined ? [] : [[name, toolEntry(hash, tool.description, seededParams(tool.parameters))]],
      ),
    ),
  };
}

function seededParams(parameters: JsonObject): JsonObject {
  const described = [...paramDescriptions(parameters)];
  return Object.fromEntries(described.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

const toolEntry = (hash: string, description: string | null, params: JsonObject): JsonObject => ({
  expected_contract_hash: hash,
  description,
  param_descriptions: params,
});

function withChange(template: CompiledTemplate, file: OverrideFile, change: OverrideChange): OverrideFile {
  requireTarget(template, file, change);
  if ("section" in change) {
    const { section, body, hash = targetsOf(template).sections.get(section)?.text?.hash ?? "" } = change;
    const next = { ...file, sections: { ...file.sections, [section]: { expected_hash: hash, body } } };
    refuseProblems(next, judgeSection(template, next, section).problems);
    return next;
  }
  const { tool, params = {} } = change;
  const { hash = targetsOf(template).tools.get(tool)?.hash ?? "" } = change;
  const next = { ...file, tools: { ...file.tools, [tool]: changedTool(file.tools[tool], hash, change) } };
  const { problems } = judgeTool(template, next, tool);
  // a text for another param was there before: it is kept like all that nobody reads
  const own = problems.filter(({ param }) => param === undefined || Object.hasOwn(params, param));
  refuseProblems(next, own);
  return next;
}

/** A name that the template does not have is a slip of whoever gives it: nothing is wrong with the file. */
function requireTarget(template: CompiledTemplate, file: OverrideFile, change: OverrideChange): void {
  const { sections, tools } = targetsOf(template);
  const [kind, name] = "section" in change ? (["section", change.section] as const) : (["tool", change.tool] as const);
  const known = [...(kind === "section" ? sections : tools).keys()];
  if (known.includes(name)) return;
  const [near = known[0] ?? "…"] = suggest(name, known);
  throw new WinkError("OVERRIDES_INVALID", {
    at: idText(file),
    problem: `There is no ${kind} "${name}" in the prompt`,
    expected: known.length === 0 ? `no ${kind}: the prompt has none` : `one of ${known.join(", ")}`,
    received: JSON.stringify(name),
    fix: didYouMean(name, known) || remedies.unknown,
    example: kind === "section" ? `{ section: "${near}", body: "…" }` : `{ tool: "${near}", description: "…" }`,
    details: { kind: "unknown", [kind]: name },
  });
}

/** Texts for another contract than today's do not stay: they were not read for this one. */
function changedTool(
  before: unknown,
  hash: string,
  { description, params }: Extract<OverrideChange, { tool: string }>,
): JsonObject {
  const fields = isJsonObject(before) && before.expected_contract_hash === hash ? before : {};
  const texts = isJsonObject(fields.param_descriptions) ? fields.param_descriptions : {};
  const kept = typeof fields.description === "string" ? fields.description : null;
  return toolEntry(hash, description ?? kept, { ...texts, ...params });
}

/** In a file such problems are told and passed over; whoever is about to write one can still mend it. */
function refuseProblems(file: OverrideFile, problems: readonly OverrideProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const { kind, section, tool = "", expected, found, message } = first;
  throw overridesInvalid(file.at, section === undefined ? ["tools", tool] : ["sections", section], {
    problem: message,
    expected: found === undefined ? "what the template has and lets be replaced" : `hash ${found}`,
    received: expected === undefined ? kind : `hash ${expected}`,
    fix: remedies[kind],
    example:
      section === undefined ? '{ tool: "read_file", description: "…" }' : '{ section: "style.naming", body: "…" }',
    details: section === undefined ? { kind, tool } : { kind, section },
  });
}

const remedies: Readonly<Record<OverrideProblem["kind"], string>> = {
  stale: "Read what stands in the code now, and write the text for that.",
  unknown: "Name a section by its keys from the root joined by dots, or a tool by its name.",
  "not-overridable": "Change the code: `overridable: false`, or a body made from state, keeps overrides away.",
  "unknown-param": "Name a param of the tool.",
};
