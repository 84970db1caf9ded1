/** Entries by which the model is told something beside results, or is sent less: repairs, wrap-ups, the context window. */
import type { RunLimit, Usage, WrapUpStage } from "../limits/index.ts";
import type { ToolSpec, UserMessage } from "../model/index.ts";
import type { ModelName } from "./model-name.ts";
import type { TokensAtMost } from "./tokens-at-most.ts";

/** The model was asked once more because its answer did not parse. `message` is the transcript's next message. */
export interface RepairRequested {
  readonly type: "repair/requested";
  readonly message: UserMessage;
}

/** A limit came near: a stage of the wrap-up began. `message` is the transcript's next message. */
export interface WrapUpBegun {
  readonly type: "wrap-up/begun";
  /** The turn after which it began. */
  readonly turn: number;
  readonly stage: WrapUpStage;
  /** The limit that decided. */
  readonly limit: RunLimit;
  /** The whole of the limit, by its own measure: tokens, money, model calls, milliseconds. */
  readonly most: number;
  readonly left: number;
  readonly message: UserMessage;
}

/** A run that was wrapped up went on with more room. `message` is the transcript's next message. */
export interface WrapUpLifted {
  readonly type: "wrap-up/lifted";
  /** The turn after which it did. */
  readonly turn: number;
  /** The stage that holds from now on; null for none. */
  readonly stage: WrapUpStage | null;
  readonly message: UserMessage;
}

/** Results of calls are left out of what the model is sent from now on, to make room in its window. The journal keeps them. */
export interface ContextDropped {
  readonly type: "context/dropped";
  /** The turn after which it was done; 0 before the first. */
  readonly turn: number;
  /** The ids of the calls. */
  readonly calls: readonly string[];
  /** The tool by which the model reads them again, when it joined with this step. */
  readonly tools?: readonly ToolSpec[] | undefined;
  /** The tokens of the request before, and those that the model has room for. */
  readonly tokens: number;
  readonly most: number;
}

/** A summary is sent from now on in the place of what was said first. */
export interface ContextSummarised {
  readonly type: "context/summarised";
  /** The turn after which it was done. */
  readonly turn: number;
  /** How many messages of the transcript it stands for, from the first, which itself is sent as it was. */
  readonly messages: number;
  readonly message: UserMessage;
  /** Who wrote it, and what that took; missing when it is a list of calls alone. */
  readonly model?: ModelName | undefined;
  readonly usage?: Usage | undefined;
  readonly cost?: number | undefined;
  readonly answeredBy?: string | undefined;
  /** What it may have used at most, told as of an answer. */
  readonly atMost?: TokensAtMost | undefined;
  readonly milliseconds?: number | undefined;
  /** The tool by which the model reads the results of those turns, when it joined with this step. */
  readonly tools?: readonly ToolSpec[] | undefined;
  /** The tokens of the request before, and those that the model has room for. */
  readonly tokens: number;
  readonly most: number;
}
