/** Prompts of any form, for tests of what must hold for all of them. */
import { definePrompt, type PromptTemplate } from "../prompt/index.ts";
import { type Draw, flip, generateParams, givenOf, type ParamValues, schemaOf } from "./generate-params.ts";
import { type GeneratedSection, generateSection } from "./generate-section.ts";

/** A prompt template with params to bind, and what a test wants to know of it. */
export interface GeneratedPrompt {
  readonly template: PromptTemplate;
  /** What `bind` is to be given. */
  readonly params: ParamValues;
  /** All of its sections, in order of appearance. */
  readonly sections: readonly GeneratedSection[];
  /** A final answer that fits its output. */
  readonly answer: string;
}

/**
 * Generates a prompt: nested sections with params, summaries, predicates, tools and slices, with or without an output.
 * @example With fast-check, which shrinks what it finds:
 * ```ts
 * fc.assert(
 *   fc.property(fc.gen(), (g) => {
 *     const { template, params } = generatePrompt((most) => g(fc.nat, most));
 *     const { system, first } = renderPrompt(template.bind(params));
 *     expect(renderPrompt(template.bind(params))).toMatchObject({ system, first });
 *   }),
 * );
 * ```
 * @example With a seed: `generatePrompt(seededDraw(7))`
 */
export function generatePrompt(draw: Draw, options: { readonly depth?: number } = {}): GeneratedPrompt {
  const shared = generateParams(draw, "shared", 2);
  const roots = Array.from({ length: draw(4) }, (_, index) =>
    generateSection(draw, { ...options, place: `${index + 1}`, params: shared }),
  );
  const sections = roots.flatMap(inOrder);
  const output = flip(draw) ? generateParams(draw, "field", 2) : undefined;
  return {
    template: definePrompt({
      ns: "generated",
      key: "prompt",
      sections: roots.map(({ section }) => section),
      ...(output === undefined ? {} : { output: schemaOf(output) }),
    }),
    params: Object.assign({}, ...roots.map(({ given }) => given)),
    sections,
    answer: output === undefined ? "Done." : JSON.stringify(givenOf(output)),
  };
}

function inOrder(section: GeneratedSection): readonly GeneratedSection[] {
  return [section, ...section.sections.flatMap(inOrder)];
}
