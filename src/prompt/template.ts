/** Prompt templates: the immutable blueprint of an agent, compiled once. */
// any: a template of unknown types must accept every template
import {
  canonicalJson,
  inputJsonSchema,
  isJsonObject,
  type JsonValue,
  type Problem,
  type Schema,
  WinkError,
} from "../base/index.ts";
import type { Binding } from "../resources/index.ts";
import type { Slice } from "../session/index.ts";
import type { Tool } from "../tool/index.ts";
import { type BindOptions, bindPrompt, type Prompt } from "./bind.ts";
import type { CompiledTemplate, SectionNode } from "./compiled-template.ts";
import { definitionHash } from "./definition-hash.ts";
import { compileOutput } from "./output.ts";
import type { ParamsOf, Section, Simplify } from "./section.ts";

type Never<Params> = { [K in keyof Params]-?: [Params[K]] extends [never] ? K : never }[keyof Params];

/** The arguments of `bind`: the params, which may be left out when none is required. */
export type BindArguments<Params> = [Params] extends [never]
  ? [params: Problem<"two sections declare a param with values that exclude each other">]
  : [Never<Params>] extends [never]
    ? {} extends Params
      ? [params?: Params, options?: BindOptions]
      : [params: Params, options?: BindOptions]
    : [
        params: Problem<`param '${Never<Params> & string}' has different types in two sections; use one type or two names`>,
      ];

/** A blueprint of an agent. `bind` gives the prompt that can be run. */
export interface PromptTemplate<Params = any, Output = any> {
  readonly ns: string;
  readonly key: string;
  /** Checks the params and gives a prompt. Throws `PARAMS_INVALID`, `RESOURCE_MISSING`. */
  bind(...args: BindArguments<Params>): Prompt<Output, Params>;
  readonly compiled: CompiledTemplate;
}

/** What {@link definePrompt} takes. */
export interface PromptDefinition<Sections extends readonly Section[], Output> {
  /** Where the prompt belongs, like `examples` or `webapp/agents`. */
  readonly ns: string;
  readonly key: string;
  /** The form of the final answer: a schema of an object or of a list; free text unless told. */
  readonly output?: Schema<any, Output>;
  readonly sections: readonly [...Sections];
  /** What tools borrow. Those of `bind` win over these, these over those of sections. */
  readonly resources?: readonly Binding[];
}

/** Defines a prompt. Throws `PROMPT_INVALID`, `SLICE_CONFLICT`; what is checked here costs nothing at a render. */
export function definePrompt<Sections extends readonly Section[], Output extends object | undefined = undefined>(
  definition: PromptDefinition<Sections, Output>,
): PromptTemplate<Simplify<ParamsOf<Sections>>, Output> {
  const { ns, key } = definition;
  const name = `${ns}:${key}`;
  const at = `prompt "${name}"`;
  const segment = /^[a-z0-9][a-z0-9._-]{0,63}$/;
  if (![...ns.split("/"), key].every((part) => segment.test(part))) {
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: "`ns` or `key` is not well formed",
      expected:
        '1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit; `ns` may have several parts joined by "/"',
      received: JSON.stringify({ ns, key }),
    });
  }
  const nodes = number(definition.sections, at);
  checkTools(nodes, at);
  checkSlices(nodes, at);
  checkParams(nodes, at);
  let hash: string | undefined;
  const compiled: CompiledTemplate = {
    ns,
    key,
    name,
    nodes,
    resources: definition.resources ?? [],
    output: definition.output === undefined ? undefined : compileOutput(name, definition.output, at),
    hash: () => (hash ??= definitionHash(compiled)),
  };
  return {
    ns,
    key,
    compiled,
    bind: (params?: object, options?: BindOptions) => bindPrompt(compiled, params ?? {}, options ?? {}),
  } as PromptTemplate<Simplify<ParamsOf<Sections>>, Output>; // as: BindArguments decides what callers may give
}

/** The deepest nesting; deeper trees are a mistake, and would overflow the stack. */
const deepestSection = 32;

function number(sections: readonly Section[], at: string): readonly SectionNode[] {
  const nodes: SectionNode[] = [];
  const visit = (siblings: readonly Section[], parent: string, prefix: string, depth: number): number => {
    if (depth > deepestSection)
      throw new WinkError("PROMPT_INVALID", {
        at,
        problem: `Sections are nested deeper than ${deepestSection} levels`,
        received: parent,
      });
    const keys = new Set<string>();
    let count = 0;
    for (const [index, section] of siblings.entries()) {
      const path = parent === "" ? section.key : `${parent}.${section.key}`;
      if (keys.has(section.key)) {
        throw new WinkError("PROMPT_INVALID", {
          at,
          problem: `Two sections have the path "${path}"`,
          expected: "one section a key among siblings",
          details: { path },
        });
      }
      keys.add(section.key);
      const own = `${prefix}${index + 1}`;
      const place = nodes.length;
      const heading = `${"#".repeat(Math.min(6, depth + 2))} ${own}. ${section.title} (${path})`;
      nodes.push({ section, path, number: own, depth, descendants: 0, heading });
      const descendants = visit(section.sections, path, `${own}.`, depth + 1);
      nodes[place] = { section, path, number: own, depth, descendants, heading };
      count += descendants + 1;
    }
    return count;
  };
  visit(sections, "", "", 0);
  return nodes;
}

function checkTools(nodes: readonly SectionNode[], at: string): void {
  const seen = new Map<string, { readonly tool: Tool; readonly path: string }>();
  for (const { section, path } of nodes) {
    for (const tool of section.tools) {
      const known = seen.get(tool.name);
      if (known !== undefined) {
        throw new WinkError("PROMPT_INVALID", {
          at,
          problem: `Two tools are called "${tool.name}", in sections "${known.path}" and "${path}"`,
          expected: "one tool a name",
          details: { tool: tool.name, sections: [known.path, path] },
        });
      }
      seen.set(tool.name, { tool, path });
    }
  }
}

function checkSlices(nodes: readonly SectionNode[], at: string): void {
  const seen = new Map<string, { readonly slice: Slice; readonly path: string }>();
  for (const { section, path } of nodes) {
    for (const slice of section.slices) {
      const known = seen.get(slice.name);
      if (known !== undefined && known.slice !== slice) {
        throw new WinkError("SLICE_CONFLICT", {
          at,
          problem: `Sections "${known.path}" and "${path}" bring different slices called "${slice.name}"`,
          expected: "one slice object a name",
          details: { slice: slice.name, sections: [known.path, path] },
        });
      }
      seen.set(slice.name, { slice, path });
    }
  }
}

function checkParams(nodes: readonly SectionNode[], at: string): void {
  const seen = new Map<string, { readonly schema: string; readonly path: string }>();
  for (const { section, path } of nodes) {
    if (section.params === undefined) continue;
    const { properties, $defs } = inputJsonSchema(section.params);
    if (!isJsonObject(properties)) continue;
    for (const [name, property] of Object.entries(properties)) {
      const schema = comparable(property, $defs);
      const known = seen.get(name);
      if (known !== undefined && known.schema !== schema) {
        throw new WinkError("PROMPT_INVALID", {
          at,
          problem: `The param "${name}" has different schemas in sections "${known.path}" and "${path}"`,
          expected: known.schema,
          received: schema,
          fix: "Share one schema, or use two names.",
          details: { param: name, sections: [known.path, path] },
        });
      }
      seen.set(name, { schema, path });
    }
  }
}

/** What a property accepts, as text: notes for readers and defaults may differ, since `bind` gives each section its own. */
function comparable(property: JsonValue, definitions: JsonValue | undefined): string {
  if (!isJsonObject(property)) return canonicalJson(property);
  const { title: _title, description: _description, examples: _examples, default: _default, ...accepts } = property;
  const text = canonicalJson(accepts);
  return definitions !== undefined && text.includes('"$ref"') ? `${text} with ${canonicalJson(definitions)}` : text;
}
