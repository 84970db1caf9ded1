/** Overrides: texts that replace those in the code, each valid only for the hash it was written against. */
export { applyOverrides } from "./apply-overrides.ts";
export {
  describeTemplate,
  type Overridable,
  type PromptDescriptor,
  type SectionDescriptor,
  type ToolDescriptor,
} from "./descriptor.ts";
export {
  type DeleteOptions,
  deleteOverrides,
  type EditOptions,
  type OverrideChange,
  seedOverrides,
  setOverrides,
} from "./edit-overrides.ts";
export { findOverridesRoot } from "./find-overrides-root.ts";
export type { EntryState, OverrideProblem } from "./judge-entry.ts";
export { type LocalOverridesOptions, localOverrides } from "./local-overrides.ts";
export type { MatchedOverrides } from "./match-overrides.ts";
export { memoryOverrides } from "./memory-overrides.ts";
export { formatOverrideFile, type OverrideFile, parseOverrideFile } from "./override-file.ts";
export { contentHash, contractHash, type ToolContract } from "./override-hash.ts";
export type { OverrideId } from "./override-id.ts";
export { type OverrideStatus, overrideStatus } from "./override-status.ts";
export type { OverrideStore, OverrideStoreOptions, OverrideSummary } from "./override-store.ts";
export { type ResolvedOverrides, type ResolveOptions, resolveOverrides } from "./resolve-overrides.ts";
