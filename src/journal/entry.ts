/** What a journal holds: plain, versioned data, one entry a step. */
import type { JsonObject, JsonValue } from "../base/index.ts";
import type { RunLimit, Usage, WrapUpStage } from "../limits/index.ts";
import type { AssistantMessage, Finish, ToolResultPart, ToolSpec, UserMessage } from "../model/index.ts";
import type { Effects } from "../tool/index.ts";

/** The version of the entries written by this release. */
export const entryVersion = 1;

/** A run began. */
export interface RunStarted {
  readonly type: "run/started";
  readonly prompt: string;
  /** Changes when sections, schemas, tool contracts or slice versions do. */
  readonly definition: string;
  readonly params: JsonValue;
  readonly session: { readonly id: string; readonly events: number };
  readonly model: { readonly provider: string; readonly name: string };
  /** Words by which runs are found and pruned. */
  readonly tags?: readonly string[] | undefined;
}

/** The prompt was rendered. `messages[0]` of the transcript is `first`. */
export interface PromptRendered {
  readonly type: "prompt/rendered";
  readonly system: string;
  readonly first: UserMessage;
  readonly tools: readonly ToolSpec[];
  /** Paths of the sections that are shown. */
  readonly sections: readonly string[];
  /** Paths of those of them that show only their summary. */
  readonly summaries: readonly string[];
  readonly output: JsonObject | null;
  /** What became of stored overrides; missing when the run was given none. */
  readonly overrides?: AppliedOverrides | undefined;
}

/** Which texts of a rendered prompt came from stored overrides, and which entries did not apply. */
export interface AppliedOverrides {
  readonly tag: string;
  /** Paths. */
  readonly sections: readonly string[];
  /** Names. */
  readonly tools: readonly string[];
  /** Why an entry did not apply, one sentence each. */
  readonly problems: readonly string[];
}

/** Tools of sections that the model opened joined at the end of the list. */
export interface ToolsJoined {
  readonly type: "tools/joined";
  /** The turn whose calls opened the sections; the next one has the tools. */
  readonly turn: number;
  readonly tools: readonly ToolSpec[];
}

/** The model is about to be asked with the first `messages` messages of the transcript. */
export interface ModelRequested {
  readonly type: "model/requested";
  readonly turn: number;
  readonly messages: number;
  /** SHA-256 over the transcript so far: of the hash before and the newest message. */
  readonly digest: string;
}

/** The model answered; the answer is the transcript's next message. */
export interface ModelResponded {
  readonly type: "model/responded";
  readonly turn: number;
  readonly message: AssistantMessage;
  readonly finish: Finish;
  readonly usage: Usage;
}

/** The model could not be asked, or gave no answer. */
export interface ModelFailed {
  readonly type: "model/failed";
  readonly turn: number;
  readonly error: JsonObject;
}

/** A handler is about to run. */
export interface ToolIntended {
  readonly type: "tool/intended";
  readonly turn: number;
  /** The place of the call in its turn. */
  readonly index: number;
  readonly call: string;
  readonly name: string;
  readonly effects: Effects;
  readonly arguments: JsonValue;
  readonly key: string;
  /** The name of each transactional resource's snapshot. */
  readonly snapshots: Readonly<Record<string, string>>;
}

/** How a call ended. `refused`: its handler never ran. */
export type CallStatus = "committed" | "failed" | "unknown" | "refused";

/** A call ended; its result is part of the transcript's next tool message. */
export interface ToolFinished {
  readonly type: "tool/finished";
  readonly turn: number;
  readonly index: number;
  readonly call: string;
  readonly name: string;
  readonly status: CallStatus;
  readonly result: ToolResultPart;
  /** The events to commit, or, when the call failed, those that `log` slices keep. */
  readonly events: readonly { readonly type: string; readonly payload: JsonValue }[];
  /** What changed in each transactional resource; for files, the paths. */
  readonly changes: Readonly<Record<string, readonly JsonObject[]>>;
  readonly milliseconds: number;
}

/** An `undo` ended. */
export interface ToolUndone {
  readonly type: "tool/undone";
  readonly call: string;
  readonly name: string;
  readonly ok: boolean;
  readonly error?: string | undefined;
}

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

/** A run ended. */
export interface RunFinished {
  readonly type: "run/finished";
  readonly status: "completed" | "partial" | "suspended" | "refused" | "failed" | "aborted";
  readonly turns: number;
  readonly usage: Usage;
  readonly output?: JsonValue | undefined;
  readonly text?: string | undefined;
  readonly reason?: string | undefined;
  readonly error?: JsonObject | undefined;
}

/** One step of a run. */
export type JournalStep =
  | RunStarted
  | PromptRendered
  | ToolsJoined
  | ModelRequested
  | ModelResponded
  | ModelFailed
  | ToolIntended
  | ToolFinished
  | ToolUndone
  | RepairRequested
  | WrapUpBegun
  | RunFinished;

/** A step as it stands in a journal. */
export type JournalEntry = JournalStep & {
  /** The version of the entry's form. */
  readonly v: number;
  /** Counted from 0 in its run, without gaps. */
  readonly seq: number;
  /** Which opening of the journal wrote it. */
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly at: number;
};
