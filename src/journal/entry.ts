/** What a journal holds: plain, versioned data, one entry a step. */
import type { JsonObject, JsonValue } from "../base/index.ts";
import type { Usage } from "../limits/index.ts";
import type { AssistantMessage, Finish, ToolResultPart, ToolSpec, UserMessage } from "../model/index.ts";
import type { SessionDump } from "../session/index.ts";
import type { Effects } from "../tool/index.ts";
import type { ModelName } from "./model-name.ts";
import type { TokensAtMost } from "./tokens-at-most.ts";
import type { ContextDropped, ContextSummarised, RepairRequested, WrapUpBegun, WrapUpLifted } from "./told-entry.ts";

/** The version of the entries written by this release. Version 1 lacks what a run needs to go on elsewhere: `dump`, `resources`, contents. */
export const entryVersion = 2;

/** A run began. */
export interface RunStarted {
  readonly type: "run/started";
  readonly prompt: string;
  /** Changes when sections, schemas, tool contracts or slice versions do. */
  readonly definition: string;
  readonly params: JsonValue;
  readonly session: {
    readonly id: string;
    readonly events: number;
    /** The session as it was; missing in a journal that nobody asked for. */
    readonly dump?: SessionDump | undefined;
  };
  readonly model: ModelName;
  /** For finding runs and for keeping them longer. */
  readonly tags?: readonly string[] | undefined;
  /** The call that this run is the work of, when it is that of a subagent. */
  readonly parent?: { readonly run: string; readonly call: string } | undefined;
  /** The run that this one was branched from, and behind how many of its turns. */
  readonly branched?: { readonly run: string; readonly turns: number } | undefined;
}

/** What was in the resources that can be taken back, by token, before the first call: contents by name, or where they lie. */
export interface ResourcesSaved {
  readonly type: "resources/saved";
  readonly resources: Readonly<Record<string, JsonObject>>;
}

/** A content that later entries name, written once. */
export interface ContentKept {
  readonly type: "content/kept";
  /** SHA-256 of the bytes. */
  readonly name: string;
  /** UTF-8 text, or the bytes as base64. */
  readonly text?: string | undefined;
  readonly base64?: string | undefined;
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
  /** What each section that takes part said of itself, by path; missing in version 1. */
  readonly answers?: Readonly<Record<string, "full" | "summary">> | undefined;
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
  /** Who is asked, when it is not the model that the run began with. */
  readonly model?: ModelName | undefined;
}

/** The model answered; the answer is the transcript's next message. */
export interface ModelResponded {
  readonly type: "model/responded";
  readonly turn: number;
  readonly message: AssistantMessage;
  readonly finish: Finish;
  readonly usage: Usage;
  /** What the provider says that it cost, when it does. */
  readonly cost?: number | undefined;
  /** The provider's own name of the model that answered, when it told one. */
  readonly answeredBy?: string | undefined;
  /** What it may have used at most; only when the provider did not tell all of that, and the run had a budget or a price to count it for. */
  readonly atMost?: TokensAtMost | undefined;
}

/** The model could not be asked, or gave no answer. */
export interface ModelFailed {
  readonly type: "model/failed";
  readonly turn: number;
  readonly error: JsonObject;
  /** Which attempt of this model at the answer it was, from 1; missing in journals of before. */
  readonly attempt?: number | undefined;
  /** Milliseconds until the model is asked again; missing when it is not. */
  readonly waitMs?: number | undefined;
  /** The model that stands in from here on; missing when none does. */
  readonly fallback?: ModelName | undefined;
  /** What it may have used at most, which counts in a budget; missing when that is nothing, when the run had neither a budget nor a price to count it for, and in journals of before. */
  readonly atMost?: TokensAtMost | undefined;
  /** Which summary it was asked for after the turn, and who was; missing when it was asked for the answer of the turn. */
  readonly summary?: { readonly messages: number; readonly model: ModelName } | undefined;
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
  /** Its text is empty when `content` stands for it. */
  readonly result: ToolResultPart;
  /** The name of the content that is the text of the result, when it is long. */
  readonly content?: string | undefined;
  /** The events to commit, or, when the call failed, those that `log` slices keep. */
  readonly events: readonly { readonly type: string; readonly payload: JsonValue }[];
  /** What changed in each transactional resource; for files, the paths, and the names of their contents. */
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

/** A call waits for an answer from outside; the run ends `suspended` when its other calls have. */
export interface QuestionAsked {
  readonly type: "question/asked";
  readonly turn: number;
  readonly index: number;
  readonly call: string;
  readonly name: string;
  /** Its own id: that of the call, `/` and its number in the call, from 1. */
  readonly question: string;
  /** `ask`: what the handler asks. `outcome`: whether the call, of which it is not known, took effect. */
  readonly kind: "ask" | "outcome";
  /** What is asked, for people. */
  readonly ask: JsonValue;
  /** The form of the answer. */
  readonly schema: JsonObject;
  /** Milliseconds since 1970; null for never. */
  readonly expires: number | null;
}

/** Somebody answered. The first answer counts. */
export interface QuestionAnswered {
  readonly type: "question/answered";
  readonly question: string;
  readonly answer: JsonValue;
}

/** An answer did not have the form that was asked for, so the question is open again. */
export interface AnswerRefused {
  readonly type: "answer/refused";
  readonly question: string;
  readonly problem: string;
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
  /** The limit in numbers, when one ended the run; missing in journals of before. */
  readonly problem?: string | undefined;
  readonly error?: JsonObject | undefined;
}

/** One step of a run. */
export type JournalStep =
  | RunStarted
  | ResourcesSaved
  | ContentKept
  | PromptRendered
  | ToolsJoined
  | ModelRequested
  | ModelResponded
  | ModelFailed
  | ToolIntended
  | ToolFinished
  | ToolUndone
  | QuestionAsked
  | QuestionAnswered
  | AnswerRefused
  | RepairRequested
  | WrapUpBegun
  | WrapUpLifted
  | ContextDropped
  | ContextSummarised
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
