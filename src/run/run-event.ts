/** What a run tells while it goes on. Texts are redacted; the journal holds what is exact. */
import type { JsonObject, JsonValue } from "../base/index.ts";
import type { AppliedOverrides, CallStatus } from "../journal/index.ts";
import type { RunLimit, Usage, WrapUpStage } from "../limits/index.ts";
import type { Finish } from "../model/index.ts";
import type { Effects } from "../tool/index.ts";
import type { OpenQuestion } from "./outcome.ts";

interface At {
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The run began. */
export interface StartedEvent extends At {
  readonly type: "run/started";
  readonly runId: string;
  readonly prompt: string;
  readonly model: string;
}

/** The prompt was rendered. */
export interface RenderedEvent extends At {
  readonly type: "prompt/rendered";
  readonly sections: readonly string[];
  readonly tools: readonly string[];
  readonly characters: number;
  /** What became of stored overrides; undefined when the run was given none. */
  readonly overrides: AppliedOverrides | undefined;
}

/** Tools of sections that the model opened are offered from now on. */
export interface ToolsJoinedEvent extends At {
  readonly type: "tools/joined";
  readonly turn: number;
  readonly tools: readonly string[];
}

/** The model is asked. */
export interface RequestedEvent extends At {
  readonly type: "model/requested";
  readonly turn: number;
  readonly messages: number;
  /** Who is asked, as `provider/name`, when it is not the model that the run began with. */
  readonly model?: string | undefined;
}

/** The model gave no answer, and is asked again. */
export interface RetriedEvent extends At {
  readonly type: "model/retried";
  readonly turn: number;
  /** Which attempt of this model has failed, from 1. */
  readonly attempt: number;
  /** Why: the code of the error, and its message. */
  readonly code: string;
  readonly problem: string;
  /** Milliseconds until it is asked again. */
  readonly waitMs: number;
}

/** The model can no longer answer, and another one stands in until the run ends. */
export interface ReplacedEvent extends At {
  readonly type: "model/replaced";
  readonly turn: number;
  /** Who can no longer answer, and who is asked from here on; as `provider/name`. */
  readonly model: string;
  readonly by: string;
  /** Why: the code of the last error, and its message. */
  readonly code: string;
  readonly problem: string;
}

/** The model's answer is coming; told once a second at most, and only with `idleTimeoutMs`. */
export interface ProgressEvent extends At {
  readonly type: "model/progress";
  readonly turn: number;
  /** Characters of text, reasoning and arguments so far. */
  readonly characters: number;
}

/** The model answered. */
export interface RespondedEvent extends At {
  readonly type: "model/responded";
  readonly turn: number;
  readonly text: string;
  readonly calls: readonly string[];
  readonly finish: Finish;
  readonly usage: Usage;
  /** What the call counts in the run's cost; missing when nobody knows. */
  readonly cost?: number | undefined;
  /** The provider's own name of the model that answered; missing when it told none. */
  readonly answeredBy?: string | undefined;
  readonly milliseconds: number;
}

/** A tool call begins. */
export interface CallStartedEvent extends At {
  readonly type: "tool/started";
  readonly turn: number;
  readonly call: string;
  readonly name: string;
  readonly effects: Effects;
  readonly arguments: JsonValue;
}

/** A tool call ended. */
export interface CallFinishedEvent extends At {
  readonly type: "tool/finished";
  readonly turn: number;
  readonly call: string;
  readonly name: string;
  /** Undefined when no tool has the name. */
  readonly effects: Effects | undefined;
  readonly status: CallStatus;
  /** What the model is told. */
  readonly text: string;
  /** The types of the events that the call dispatched, committed or rolled back with it. */
  readonly events: readonly string[];
  readonly changes: Readonly<Record<string, readonly JsonObject[]>>;
  readonly milliseconds: number;
}

/** A tool call waits for an answer from outside. */
export interface CallSuspendedEvent extends At {
  readonly type: "tool/suspended";
  readonly turn: number;
  readonly call: string;
  readonly name: string;
  readonly question: OpenQuestion;
}

/** The run goes on that an earlier process began: the steps that follow until now are those of the journal, with their own times. */
export interface ResumedEvent extends At {
  readonly type: "run/resumed";
  /** Answers of the model that are there already. */
  readonly turns: number;
  /** Finished calls whose results are there already. */
  readonly calls: number;
}

/** The answer did not parse, and the model is asked once more. */
export interface RepairEvent extends At {
  readonly type: "repair/requested";
  readonly problems: string;
}

/** A limit is near, and the model was told so; which calls are refused from now on stands at the stage. */
export interface WrapUpEvent extends At {
  readonly type: "wrap-up/begun";
  /** The turn after which it began. */
  readonly turn: number;
  readonly stage: WrapUpStage;
  /** The limit that decided. */
  readonly limit: RunLimit;
  /** The whole of the limit, by its own measure: tokens, money, model calls, milliseconds. */
  readonly most: number;
  readonly left: number;
  /** What the model is told. */
  readonly text: string;
}

/** A run that was wrapped up goes on with more room, and the model was told so. */
export interface WrapUpLiftedEvent extends At {
  readonly type: "wrap-up/lifted";
  /** The turn after which it did. */
  readonly turn: number;
  /** What the model is told. */
  readonly text: string;
}

/** Results of earlier calls are no longer sent: the model's context window has no room for them. */
export interface ContextDroppedEvent extends At {
  readonly type: "context/dropped";
  /** The turn after which it was done. */
  readonly turn: number;
  /** The ids of the calls. */
  readonly calls: readonly string[];
  /** The tokens of the request before, and those that the model has room for. */
  readonly tokens: number;
  readonly most: number;
}

/** The model wrote no summary of earlier turns: it is asked again, or a list of calls stands for them. */
export interface SummaryFailedEvent extends At {
  readonly type: "context/summary-failed";
  /** The turn after which it was asked. */
  readonly turn: number;
  /** Which attempt at the summary has failed, from 1. */
  readonly attempt: number;
  /** Why: the code of the error, and its message. */
  readonly code: string;
  readonly problem: string;
  /** Milliseconds until it is asked again; missing when it is not. */
  readonly waitMs?: number | undefined;
}

/** A summary stands for earlier turns: the model's context window has no room for them. */
export interface ContextSummarisedEvent extends At {
  readonly type: "context/summarised";
  /** The turn after which it was done. */
  readonly turn: number;
  /** What the model is told. */
  readonly text: string;
  /** Who wrote it, as `provider/name`; undefined when it is a list of calls alone. */
  readonly model?: string | undefined;
  /** What that took, told as of an answer. */
  readonly usage?: Usage | undefined;
  readonly cost?: number | undefined;
  readonly answeredBy?: string | undefined;
  readonly milliseconds?: number | undefined;
  /** The tokens of the request before, and those that the model has room for. */
  readonly tokens: number;
  readonly most: number;
}

/** The run ended. */
export interface FinishedEvent extends At {
  readonly type: "run/finished";
  readonly status: "completed" | "partial" | "suspended" | "refused" | "failed" | "aborted";
  readonly turns: number;
  readonly usage: Usage;
  readonly reason?: string | undefined;
  /** The limit in numbers, when one ended the run. */
  readonly problem?: string | undefined;
  readonly milliseconds: number;
}

/** One step of a run, for whoever watches. */
export type RunEvent =
  | StartedEvent
  | RenderedEvent
  | ToolsJoinedEvent
  | RequestedEvent
  | RetriedEvent
  | ReplacedEvent
  | ProgressEvent
  | RespondedEvent
  | CallStartedEvent
  | CallFinishedEvent
  | CallSuspendedEvent
  | ResumedEvent
  | RepairEvent
  | WrapUpEvent
  | WrapUpLiftedEvent
  | ContextDroppedEvent
  | SummaryFailedEvent
  | ContextSummarisedEvent
  | FinishedEvent;
