/** What runs prompts: adapters over models, the runs they begin, and how runs end. */

export type {
  AbortedOutcome,
  BranchOptions,
  CallFinishedEvent,
  CallStartedEvent,
  CallSuspendedEvent,
  CompletedOutcome,
  ContextDroppedEvent,
  ContextOptions,
  ContextSummarisedEvent,
  FailedOutcome,
  FinishedEvent,
  OnChange,
  OpenQuestion,
  Outcome,
  OutcomeBase,
  PartialOutcome,
  ProgressEvent,
  RefusedOutcome,
  RenderedEvent,
  RepairEvent,
  ReplacedEvent,
  RequestedEvent,
  RespondedEvent,
  ResumedEvent,
  ResumeOptions,
  RetriedEvent,
  Run,
  RunEvent,
  RunOptions,
  StartedEvent,
  SuspendedOutcome,
  ToolsJoinedEvent,
  WrapUpEvent,
  WrapUpLiftedEvent,
} from "../run/index.ts";
export {
  type AnswerOptions,
  answer,
  openQuestions,
  type Replayed,
  type ReplayOptions,
  replayRun as replay,
} from "../run/index.ts";
export type { Adapter, RunResult } from "./adapter.ts";
export { type AgentToolOptions, agentTool } from "./agent-tool.ts";
export { modelAdapter } from "./model-adapter.ts";
export { branch, type Continuation, resume } from "./resume.ts";
