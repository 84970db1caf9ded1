/** Prompts: typed sections, their binding and rendering, and the parsing of the answer. */
export { type BindOptions, type Prompt, requirePrompt } from "./bind.ts";
export { type RawText, type RenderContext, raw, type StateText } from "./body.ts";
export type { CheckedText, Known, TextProblem } from "./checked-text.ts";
export type { CompiledTemplate, SectionNode } from "./compiled-template.ts";
export { closedTool, disclosureTools, openSectionsName, openTools, readDroppedName } from "./disclosure.ts";
export { findHints, type PromptHint } from "./hints.ts";
export type { CompiledOutput } from "./output.ts";
export {
  applyOverrides,
  type DeleteOptions,
  deleteOverrides,
  describeTemplate,
  type EditOptions,
  findOverridesRoot,
  type LocalOverridesOptions,
  localOverrides,
  memoryOverrides,
  type Overridable,
  type OverrideChange,
  type OverrideFile,
  type OverrideId,
  type OverrideProblem,
  type OverrideStatus,
  type OverrideStore,
  type OverrideStoreOptions,
  type OverrideSummary,
  overrideStatus,
  type PromptDescriptor,
  type ResolvedOverrides,
  type ResolveOptions,
  resolveOverrides,
  type SectionDescriptor,
  seedOverrides,
  setOverrides,
  type ToolDescriptor,
} from "./overrides/index.ts";
export { matchOverrides } from "./overrides/match-overrides.ts";
export { plainSchema } from "./plain-schema.ts";
export { type RenderOptions, renderPrompt } from "./render.ts";
export type { PromptTokens, RenderedPrompt, RenderedSection } from "./rendered-prompt.ts";
export { section } from "./section.ts";
export type { CompiledBody, ParamsOf, Section, SectionDefinition, Simplify } from "./section-definition.ts";
export { type Answer, shownStates } from "./section-states.ts";
export { type ParsedOutput, parseOutput } from "./structured-output.ts";
export {
  type TaskExampleDefinition,
  type TaskExamplesDefinition,
  taskExample,
  taskExamples,
} from "./task-example-section.ts";
export { step, type TaskStep } from "./task-step.ts";
export { type BindArguments, definePrompt, type PromptDefinition, type PromptTemplate } from "./template.ts";
export { type SectionVisibility, type Visibility, VisibilityCleared, VisibilitySet, visibility } from "./visibility.ts";
