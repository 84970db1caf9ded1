/** Binding: params and resources are checked once, and what comes out can be run any number of times. */
// any: a prompt of unknown types must accept every prompt
import { didYouMean, type FieldProblem, isJsonObject, parse, problemsText, suggest, WinkError } from "../base/index.ts";
import { type Binding, collectResources, type Resources, requireResource } from "../resources/index.ts";
import type { CompiledTemplate } from "./compiled-template.ts";
import { ownCopy } from "./own-copy.ts";

/** What `bind` takes beside the params. */
export interface BindOptions {
  /** What tools borrow; these win over those of the template and its sections. */
  readonly resources?: readonly Binding[];
}

/** A prompt with its params: what adapters run. Immutable. */
export interface Prompt<Output = any, Params = any> {
  readonly ns: string;
  readonly key: string;
  /** `ns:key`. */
  readonly name: string;
  /** Gives a new prompt with some params and resources changed. */
  bind(params: Partial<Params>, options?: BindOptions): Prompt<Output, Params>;
  readonly template: CompiledTemplate;
  /** The params as they were given: a copy. */
  readonly params: object;
  /** What each section's schema gave out, at the index of its node. */
  readonly values: readonly object[];
  readonly resources: Resources;
  readonly "~output"?: { readonly output: Output } | undefined;
}

/** Checks params and resources against a template. */
export function bindPrompt(template: CompiledTemplate, given: object, options: BindOptions): Prompt {
  const at = `bind of prompt "${template.name}"`;
  if (!isJsonObject(given)) {
    throw new WinkError("PARAMS_INVALID", {
      at,
      problem: "The params are not an object",
      expected: "one object with all params",
      received: typeof given,
    });
  }
  // what the caller does to its own objects afterwards must not change the prompt
  const params = ownCopy({ ...given }) as object; // as: the copy of an object is one
  const ownResources = [...(options.resources ?? [])];
  refuseMisspelt(template, params, at);
  const values = template.nodes.map(({ section, path }) => {
    if (section.params === undefined) return {};
    const own = section.paramNames === undefined ? params : pick(params, section.paramNames);
    const parsed = parse(section.params, own);
    if (parsed.ok) return parsed.value as object; // as: a section's schema is that of an object
    throw new WinkError("PARAMS_INVALID", {
      at: `${at}, section "${path}"`,
      problem: `The params do not fit: ${problemsText(parsed.problems)}`,
      expected:
        section.paramNames === undefined
          ? undefined
          : `params for ${section.paramNames.map((name) => `\`${name}\``).join(", ")}`,
      received: describeKeys(params),
      fix: fixFor(parsed.problems, params),
      details: {
        section: path,
        problems: parsed.problems.map(({ path: field, message }) => ({ path: field, message })),
      },
    });
  });
  const resources = collectResources([
    ...template.nodes.map(({ section }) => section.resources),
    template.resources,
    ownResources,
  ]);
  for (const { section, path } of template.nodes) {
    for (const tool of section.tools) {
      for (const token of Object.values(tool.resources))
        requireResource(resources, token, `tool "${tool.name}" of section "${path}"`);
    }
  }
  const { ns, key, name } = template;
  return {
    ns,
    key,
    name,
    template,
    params,
    values,
    resources,
    bind: (changes, more = {}) =>
      bindPrompt(
        template,
        { ...params, ...changes },
        { resources: [...collectResources([ownResources, more.resources ?? []]).values()] },
      ),
  };
}

function pick(params: object, names: readonly string[]): object {
  const wanted = new Set(names);
  return Object.fromEntries(Object.entries(params).filter(([name]) => wanted.has(name)));
}

/** A key that no section declares is an error when it looks like one that is missing; others are let pass. */
function refuseMisspelt(template: CompiledTemplate, params: object, at: string): void {
  const declared = new Set<string>();
  for (const { section } of template.nodes) {
    if (section.paramNames === undefined) return; // a schema that does not name its keys may want any
    for (const name of section.paramNames) declared.add(name);
  }
  const missing = [...declared].filter((name) => !Object.hasOwn(params, name));
  for (const key of Object.keys(params)) {
    if (declared.has(key) || suggest(key, missing).length === 0) continue;
    throw new WinkError("PARAMS_INVALID", {
      at,
      problem: `No section declares the param "${key}"`,
      expected: [...declared].map((name) => `\`${name}\``).join(", "),
      received: `\`${key}\``,
      fix: didYouMean(key, missing),
      details: { param: key, declared: [...declared] },
    });
  }
}

function fixFor(problems: readonly FieldProblem[], params: object): string | undefined {
  const first = problems[0];
  if (first === undefined || first.path === "" || Object.hasOwn(params, first.path)) return undefined;
  const [near] = suggest(first.path, Object.keys(params), { most: 1 });
  return near === undefined ? undefined : `Did you mean "${first.path}" by "${near}"?`;
}

function describeKeys(params: object): string {
  const keys = Object.keys(params);
  return keys.length === 0 ? "no params" : `params ${keys.map((key) => `\`${key}\``).join(", ")}`;
}
