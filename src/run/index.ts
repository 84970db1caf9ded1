/** Runs: the turn loop over a model, and the one road of a tool call. */

export { type AnswerOptions, answer, openQuestions, passAnswer } from "./answer.ts";
export { type BranchOptions, branchRun } from "./branch.ts";
export { runBehind } from "./call-scope.ts";
export { checkGoingOn, type GoingOn } from "./check-run-options.ts";
export type { ContextOptions } from "./context/context-window.ts";
export type { ContinueOptions } from "./continue-run.ts";
export { type CallCost, type CostOptions, costsOf, type RunCosts, type SectionCost } from "./costs.ts";
export { shownName } from "./model-line.ts";
export type {
  AbortedOutcome,
  CompletedOutcome,
  FailedOutcome,
  OpenQuestion,
  Outcome,
  OutcomeBase,
  PartialOutcome,
  RefusedOutcome,
  SuspendedOutcome,
} from "./outcome.ts";
export type { Recorded } from "./record/recorded.ts";
export { type RecordedCall, RunRecord } from "./record/run-record.ts";
export { type Replayed, type ReplayOptions, replayRun } from "./replay.ts";
export { type OnChange, type ResumeOptions, resumeRun } from "./resume.ts";
export { checkStart, type Run, startRun } from "./run.ts";
export type {
  CallFinishedEvent,
  CallStartedEvent,
  CallSuspendedEvent,
  ContextDroppedEvent,
  ContextSummarisedEvent,
  FinishedEvent,
  ProgressEvent,
  RenderedEvent,
  RepairEvent,
  ReplacedEvent,
  RequestedEvent,
  RespondedEvent,
  ResumedEvent,
  RetriedEvent,
  RunEvent,
  StartedEvent,
  ToolsJoinedEvent,
  WrapUpEvent,
  WrapUpLiftedEvent,
} from "./run-event.ts";
export type { RunOptions } from "./run-options.ts";
