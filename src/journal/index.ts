/** Journals: the durable record of runs. */
export {
  type AnswerRefused,
  type AppliedOverrides,
  type CallStatus,
  type ContentKept,
  entryVersion,
  type JournalEntry,
  type JournalStep,
  type ModelFailed,
  type ModelRequested,
  type ModelResponded,
  type PromptRendered,
  type QuestionAnswered,
  type QuestionAsked,
  type ResourcesSaved,
  type RunFinished,
  type RunStarted,
  type ToolFinished,
  type ToolIntended,
  type ToolsJoined,
  type ToolUndone,
} from "./entry.ts";
export type { Journal, JournalAddress, JournalStat, JournalWriter } from "./journal.ts";
export { type JsonlJournalOptions, jsonlJournal } from "./jsonl.ts";
export { memoryJournal } from "./memory.ts";
export type { ModelName } from "./model-name.ts";
export { type PrunedRun, type PruneOptions, type PruneReason, type PruneResult, pruneRuns } from "./prune.ts";
export type { TokensAtMost } from "./tokens-at-most.ts";
export type { ContextDropped, ContextSummarised, RepairRequested, WrapUpBegun, WrapUpLifted } from "./told-entry.ts";
