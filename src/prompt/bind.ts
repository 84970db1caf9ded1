/** Binding: params and resources are checked once, and what comes out can be run any number of times. */
// any: a prompt of unknown types must accept every prompt
import {
  deepFreeze,
  didYouMean,
  type FieldProblem,
  inputJsonSchema,
  isJsonObject,
  type JsonValue,
  parse,
  problemsText,
  type Schema,
  suggest,
  WinkError,
} from "../base/index.ts";
import { type Binding, collectResources, type Resources, requireResource } from "../resources/index.ts";
import type { CompiledTemplate, SectionNode } from "./compiled-template.ts";
import { fillSections } from "./fill-text.ts";
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
  /**
   * What each section's schema gave out, at the index of its node; the error that says what is missing, where a section that
   * may be switched off was not given its params.
   */
  readonly values: readonly (object | WinkError)[];
  /** The texts of sections that the params decide, at the index of their nodes; undefined where only a render can know. */
  readonly texts: readonly (string | undefined)[];
  readonly resources: Resources;
  /** The prompt as its code defines it, where overrides were applied. */
  readonly "~code"?: Prompt<Output, Params> | undefined;
  readonly "~output"?: { readonly output: Output } | undefined;
}

/** Throws `INPUT_INVALID` for what is no prompt: where types are not checked, a template in its place is a common mistake. */
export function requirePrompt(prompt: Prompt): void {
  if (typeof prompt === "object" && prompt?.template !== undefined) return;
  throw new WinkError("INPUT_INVALID", {
    at: "prompt",
    problem: "This is no prompt",
    expected: "what `bind` gives",
    received:
      typeof prompt === "object" && prompt !== null && "compiled" in prompt ? "a prompt template" : typeof prompt,
    fix: "Bind it first.",
    example: "template.bind(params)",
  });
}

/** Checks params and resources against a template. */
export function bindPrompt(template: CompiledTemplate, given: object, options: BindOptions): Prompt {
  const at = `bind of prompt "${template.name}"`;
  if (!isJsonObject(given)) {
    throw new WinkError("PARAMS_INVALID", {
      at,
      problem: "The params are not an object",
      expected: "one object with all params",
      received: given === null ? "null" : Array.isArray(given) ? "a list" : typeof given,
      example: 'bind({ name: "acme/app" })',
    });
  }
  // what the caller does to its own objects afterwards must not change the prompt
  const params = ownCopy({ ...given }) as object; // as: the copy of an object is one
  const ownResources = [...(options.resources ?? [])];
  refuseMisspelt(template, params, at);
  const values = template.nodes.map((node) => parsedValue(node, params, at));
  const resources = collectResources([template.resources, ownResources]);
  for (const { token, borrower } of template.borrowings) requireResource(resources, token, borrower);
  const { ns, key, name } = template;
  return {
    ns,
    key,
    name,
    template,
    params,
    values,
    texts: fillSections(template.nodes, values),
    resources,
    bind: (changes, more = {}) =>
      bindPrompt(
        template,
        { ...params, ...changes },
        { resources: [...collectResources([ownResources, more.resources ?? []]).values()] },
      ),
  };
}

/**
 * What a section's schema makes of the params. A section that may be switched off can do without its params while it is, so
 * what is missing there is told when it is rendered; what is given and wrong is told at once.
 */
function parsedValue({ section, path, conditional }: SectionNode, params: object, at: string): object | WinkError {
  if (section.params === undefined) return {};
  const own = section.paramNames === undefined ? params : pick(params, section.paramNames);
  const parsed = parse(section.params, own);
  if (parsed.ok) return deepFreeze(parsed.value as object); // as: a section's schema is that of an object
  const names = section.paramNames ?? [];
  const error = new WinkError("PARAMS_INVALID", {
    at: `${at}, section "${path}"`,
    problem: `The params do not fit: ${problemsText(parsed.problems)}`,
    expected: names.length === 0 ? "what the section takes in" : `params for ${typesOf(section.params, names)}`,
    received: receivedOf(parsed.problems, params),
    fix: fixFor(parsed.problems, params),
    example: exampleOf(section.params),
    details: {
      section: path,
      problems: parsed.problems.map(({ path: field, message }) => ({ path: field, message })),
    },
  });
  const missing = parsed.problems.every(({ path: field }) => field !== "" && !Object.hasOwn(params, firstStep(field)));
  if (conditional && missing) return error;
  throw error;
}

/** The param that a path leads through: `user` of `user.name`, `tags` of `tags[1]`. */
const firstStep = (path: string): string => /^[^.[]+/.exec(path)?.[0] ?? path;

/** A call of `bind` that would fit, as far as the schema tells. */
function exampleOf(schema: Schema): string | undefined {
  const { properties, required } = inputJsonSchema(schema);
  if (!isJsonObject(properties) || !Array.isArray(required)) return undefined;
  const given = required.map((name) => `${String(name)}: ${sampleOf(properties[String(name)])}`);
  return `bind({ ${given.join(", ")} })`;
}

function sampleOf(property: JsonValue | undefined): string {
  if (!isJsonObject(property)) return "…";
  if (Array.isArray(property.enum)) return JSON.stringify(property.enum[0]);
  const samples: Readonly<Record<string, string>> = {
    string: '"…"',
    integer: "1",
    number: "1",
    boolean: "true",
    array: "[]",
  };
  return property.const === undefined ? (samples[String(property.type)] ?? "{ … }") : JSON.stringify(property.const);
}

/** The named ones of a section: looked up by name, as a prompt may have many params. */
function pick(params: object, names: readonly string[]): object {
  const given = params as Readonly<Record<string, unknown>>; // as: an object's own keys may be read
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(given, name) ? [[name, given[name]]] : [])));
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
      example: `bind({ ${suggest(key, missing)[0] ?? ""}: … })`,
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

/** Each param with its type, as far as the schema tells. */
function typesOf(schema: Schema, names: readonly string[]): string {
  const { properties } = inputJsonSchema(schema);
  const told = names.map((name) => {
    const property = isJsonObject(properties) ? properties[name] : undefined;
    const type = isJsonObject(property) && typeof property.type === "string" ? ` (${property.type})` : "";
    return `\`${name}\`${type}`;
  });
  return told.join(", ");
}

/** What came for the params that do not fit; where they are missing, what came instead. */
function receivedOf(problems: readonly FieldProblem[], params: object): string {
  const given = problems.filter(({ path }) => path !== "" && Object.hasOwn(params, firstStep(path)));
  if (given.length === 0) return describeKeys(params);
  return given.map(({ path, received }) => `\`${path}\`: ${received ?? "something else"}`).join(", ");
}

function describeKeys(params: object): string {
  const keys = Object.keys(params);
  return keys.length === 0 ? "no params" : `params ${keys.map((key) => `\`${key}\``).join(", ")}`;
}
