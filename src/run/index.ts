/** Runs: the turn loop over a model, and the one road of a tool call. */
export type {
  AbortedOutcome,
  CompletedOutcome,
  FailedOutcome,
  Outcome,
  OutcomeBase,
  PartialOutcome,
  RefusedOutcome,
  SuspendedOutcome,
} from "./outcome.ts";
export { type Run, type RunOptions, startRun } from "./run.ts";
export type {
  CallFinishedEvent,
  CallStartedEvent,
  FinishedEvent,
  RenderedEvent,
  RepairEvent,
  RequestedEvent,
  RespondedEvent,
  RunEvent,
  StartedEvent,
  ToolsJoinedEvent,
  WrapUpEvent,
} from "./run-event.ts";
export { checkSpending } from "./spending.ts";
