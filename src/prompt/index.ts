/** Prompts: typed sections, their binding and rendering, and the parsing of the answer. */
export type { BindOptions, Prompt } from "./bind.ts";
export { type RawText, type RenderContext, raw, type StateText } from "./body.ts";
export type { CheckedText, Known, TextProblem } from "./checked-text.ts";
export type { CompiledTemplate, SectionNode } from "./compiled-template.ts";
export type { CompiledOutput } from "./output.ts";
export { type RenderedPrompt, type RenderedSection, renderPrompt } from "./render.ts";
export {
  type CompiledBody,
  type ParamsOf,
  type Section,
  type SectionDefinition,
  type Simplify,
  section,
} from "./section.ts";
export { type ParsedOutput, parseOutput } from "./structured-output.ts";
export { type BindArguments, definePrompt, type PromptDefinition, type PromptTemplate } from "./template.ts";
