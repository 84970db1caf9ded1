/** What runs prompts: adapters over models, the runs they begin, and how runs end. */

export type {
  AbortedOutcome,
  CallFinishedEvent,
  CallStartedEvent,
  CompletedOutcome,
  FailedOutcome,
  FinishedEvent,
  Outcome,
  OutcomeBase,
  PartialOutcome,
  RefusedOutcome,
  RenderedEvent,
  RepairEvent,
  RequestedEvent,
  RespondedEvent,
  Run,
  RunEvent,
  RunOptions,
  StartedEvent,
  SuspendedOutcome,
  ToolsJoinedEvent,
  WrapUpEvent,
} from "../run/index.ts";
export type { Adapter, RunResult } from "./adapter.ts";
export { modelAdapter } from "./model-adapter.ts";
