/** The wrap-up of a run that nears a limit: the model is told what is left, costly tools go, the last answer is asked for. */
import type { Clock } from "../base/index.ts";
import { type Deadline, type LimitState, remaining, type WrapUpStage } from "../limits/index.ts";
import type { ToolSpec } from "../model/index.ts";
import type { Tool } from "../tool/index.ts";
import { specOf } from "./tool-spec.ts";

/** The limits that a run has whatever its budget. */
interface RunLimits {
  readonly maxTurns: number;
  readonly deadline?: Deadline | undefined;
}

/** The longest that one model call took, and one turn with its tools; in milliseconds. */
export interface LongestTimes {
  readonly call: number;
  readonly turn: number;
}

/** How far the wrap-up of one run has come, and what that forbids. Made when the run begins, so that time is counted from there. */
export class WrapUp {
  readonly #maxTurns: number;
  readonly #deadline: Deadline | undefined;
  readonly #clock: Clock;
  /** Milliseconds from the beginning to the deadline. */
  readonly #time: number;
  #stage: WrapUpStage | undefined;

  constructor({ maxTurns, deadline }: RunLimits, clock: Clock) {
    this.#maxTurns = maxTurns;
    this.#deadline = deadline;
    this.#clock = clock;
    this.#time = deadline === undefined ? 0 : remaining(deadline, clock);
  }

  /** The stage that has begun last. */
  get stage(): WrapUpStage | undefined {
    return this.#stage;
  }

  /** Begins a stage; from now on calls that it forbids are refused. Undefined lifts what was forbidden. */
  begin(stage: WrapUpStage | undefined): void {
    this.#stage = stage;
  }

  /** How the run's own limits stand after a turn. */
  standings(turn: number, longest: LongestTimes): readonly LimitState[] {
    const turns: LimitState = {
      limit: "maxTurns",
      most: this.#maxTurns,
      used: turn,
      left: this.#maxTurns - turn,
      call: 1,
      turn: 1,
    };
    if (this.#deadline === undefined) return [turns];
    const left = Math.max(0, remaining(this.#deadline, this.#clock));
    // a call is made however little time there is; but the answer comes after one more turn, and takes its time too
    const time = { limit: "deadline", most: this.#time, used: this.#time - left, left, call: 0 } as const;
    return [turns, { ...time, turn: longest.turn + longest.call }];
  }

  /** Why a call is not begun, as a sentence for the model; undefined when it may be. */
  refusal({ name, costly }: Pick<Tool, "name" | "costly">): string | undefined {
    if (this.#stage === "last-answer") {
      return "The call was not begun: a limit is near, and there is only room for your answer. Give it now.";
    }
    if (this.#stage !== "costly-gone" || !costly) return undefined;
    return `The call was not begun: a limit is near, and ${name} can no longer be used. Go on without it.`;
  }

  /** The tools that a model is offered. One at least stays: providers refuse calls in a conversation whose tools are gone. */
  offered(tools: Iterable<Tool>): readonly ToolSpec[] {
    const all = [...tools];
    const cheap = this.#stage === "costly-gone" ? all.filter(({ costly }) => !costly) : all;
    return (cheap.length === 0 ? all : cheap).map(specOf);
  }
}
