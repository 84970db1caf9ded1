/** Sections: the nodes of a prompt. Each carries its text and everything that belongs to it. */
import type { RawText } from "./body.ts";
import type { Known } from "./checked-text.ts";
import { compileSection, type LooseSection } from "./compile-section.ts";
import type { ParamsOf, Section, SectionDefinition, Simplify } from "./section-definition.ts";

/** Defines a section. Throws `PROMPT_INVALID` for a bad key, title, text or placeholder. */
export function section<
  In extends object = {},
  Out extends object = {},
  const Body extends string | RawText = RawText,
  const Summary extends string | RawText = "",
  Children extends readonly Section[] = readonly [],
>(definition: SectionDefinition<In, Out, Body, Summary, Children>): Section<Simplify<Known<In> & ParamsOf<Children>>> {
  return compileSection(definition as LooseSection); // as: what the types check is for the caller only
}
