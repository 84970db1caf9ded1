/** Prompt templates: the immutable blueprint of an agent, compiled once. */
// any: a template of unknown types must accept every template
import { once, type Problem, type Schema, WinkError } from "../base/index.ts";
import { type Binding, collectResources } from "../resources/index.ts";
import { type BindOptions, bindPrompt, type Prompt } from "./bind.ts";
import { checkTaskExamples } from "./check-task-examples.ts";
import type { Borrowing, CompiledTemplate, SectionNode } from "./compiled-template.ts";
import { definitionHash } from "./definition-hash.ts";
import { findHints, type PromptHint } from "./hints.ts";
import { numberSections } from "./number-sections.ts";
import { compileOutput } from "./output.ts";
import type { ParamsOf, Section, Simplify } from "./section-definition.ts";
import { stableNodes } from "./stable.ts";
import { checkParams, checkSlices, checkTools } from "./template-checks.ts";

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
  /** What could be better about the order of its sections; empty when nothing could. */
  readonly hints: readonly PromptHint[];
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
  const compiled = compileTemplate(definition);
  const hints = once(() => findHints(compiled));
  return {
    ns: compiled.ns,
    key: compiled.key,
    compiled,
    get hints() {
      return hints();
    },
    bind: (params?: object, options?: BindOptions) => bindPrompt(compiled, params ?? {}, options ?? {}),
  } as PromptTemplate<Simplify<ParamsOf<Sections>>, Output>; // as: BindArguments decides what callers may give
}

function compileTemplate(definition: PromptDefinition<readonly Section[], object | undefined>): CompiledTemplate {
  const { ns, key } = definition;
  const name = `${ns}:${key}`;
  const at = `prompt "${name}"`;
  checkName(ns, key, at);
  const nodes = numberSections(definition.sections, at);
  const output = definition.output === undefined ? undefined : compileOutput(name, definition.output, at);
  const summaries = nodes.some(({ section }) => section.summary !== undefined);
  const stable = stableNodes(nodes);
  checkTools(nodes, summaries, at);
  checkSlices(nodes, at);
  checkParams(nodes, at);
  checkTaskExamples(nodes, output, at);
  const compiled: CompiledTemplate = {
    ns,
    key,
    name,
    nodes,
    places: new Map(nodes.map(({ path }, index) => [path, index])),
    stable,
    leading: stable.includes(false) ? stable.indexOf(false) : nodes.length,
    summaries,
    taskExamples: [...nodes.keys()].filter((index) => nodes[index]?.section.taskExample !== undefined),
    resources: [
      ...collectResources([...nodes.map(({ section }) => section.resources), definition.resources ?? []]).values(),
    ],
    borrowings: borrowingsOf(nodes),
    output,
    hash: once(() => definitionHash(compiled)),
  };
  return compiled;
}

function checkName(ns: string, key: string, at: string): void {
  const segment = /^[a-z0-9][a-z0-9._-]{0,63}$/;
  if ([...String(ns).split("/"), key].every((part) => segment.test(part))) return;
  throw new WinkError("PROMPT_INVALID", {
    at,
    problem: "`ns` or `key` is not well formed",
    expected:
      '1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit; `ns` may have several parts joined by "/"',
    received: JSON.stringify({ ns, key }),
    example: '{ ns: "webapp/agents", key: "code-review" }',
  });
}

function borrowingsOf(nodes: readonly SectionNode[]): readonly Borrowing[] {
  return nodes.flatMap(({ section, path }) =>
    section.tools.flatMap((tool) =>
      Object.values(tool.resources).map((token) => ({ token, borrower: `tool "${tool.name}" of section "${path}"` })),
    ),
  );
}
