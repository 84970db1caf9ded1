/** How a run keeps its requests within the context window of its model. */
import { aFlag, aFunction, anything, checkOptions, shownValue, WinkError } from "../../base/index.ts";
import type { CountTokens, FactsOf } from "../../limits/index.ts";
import type { Model } from "../../model/index.ts";
import { RequestCounter } from "./request-counter.ts";

/** What is done when the conversation grows towards the model's context window. */
export interface ContextOptions {
  /** Tokens that a request and its answer may have together; what `facts` knows of the model unless given. */
  readonly window?: number | undefined;
  /** The share of the room for requests above which something is done; 0.8 unless told. */
  readonly actAbove?: number | undefined;
  /** The share down to which it is brought, so that what a provider has cached changes seldom; 0.5 unless told. */
  readonly downTo?: number | undefined;
  /** How many of the newest turns stay whole as long as there is room for them; 2 unless told. */
  readonly keepTurns?: number | undefined;
  /** Whether the model is asked to sum up turns for which there is no room; true unless told. A list of calls stands for them in any case. */
  readonly summaries?: boolean | undefined;
  /** A tokenizer; the model's own counter unless given, else what the provider said of the request before. */
  readonly countTokens?: CountTokens | undefined;
}

/** What a model has room for, in tokens of a request. */
export interface ContextRoom {
  /** The whole window. */
  readonly window: number;
  /** What it has beside its longest answer. */
  readonly most: number;
  readonly actAbove: number;
  readonly downTo: number;
}

/** The options of one run with their defaults, and its counter. */
export interface ContextWindow {
  readonly keepTurns: number;
  readonly summaries: boolean;
  readonly counter: RequestCounter;
  /** What a model has room for; undefined when nobody knows its window. */
  roomOf(model: Model, maxOutputTokens: number | undefined): ContextRoom | undefined;
}

const kinds = {
  window: anything,
  actAbove: anything,
  downTo: anything,
  keepTurns: anything,
  summaries: aFlag,
  countTokens: aFunction,
};

/** Gives each option its default; undefined when nobody can know a window. `asked` is the longest answer that models are asked for, 0 unless known. Throws `INPUT_INVALID`. */
export function contextWindow(
  options: ContextOptions = {},
  facts?: FactsOf,
  asked: number = 0,
): ContextWindow | undefined {
  checkOptions("context", options, kinds);
  const { window, actAbove = 0.8, downTo = 0.5, keepTurns = 2, summaries = true, countTokens } = options;
  if (window !== undefined && !(Number.isSafeInteger(window) && window > 0))
    throw wrong("window", "a whole number of tokens, more than 0", window, "200_000");
  if (window !== undefined && window <= asked)
    throw wrong("window", `more than the longest answer, ${asked} tokens`, window, `${4 * asked}`);
  if (!(actAbove > 0 && actAbove <= 1)) throw wrong("actAbove", "a share, more than 0 and at most 1", actAbove, "0.8");
  if (!(downTo > 0 && downTo <= actAbove))
    throw wrong("downTo", `a share, more than 0 and at most ${actAbove}, as \`actAbove\` says`, downTo, "0.5");
  if (!Number.isSafeInteger(keepTurns) || keepTurns < 1)
    throw wrong("keepTurns", "a whole number from 1 on", keepTurns, "2");
  if (window === undefined && facts === undefined) return undefined;
  return {
    keepTurns,
    summaries,
    counter: new RequestCounter(countTokens),
    roomOf(model, longest = 0) {
      const known = window ?? facts?.(model)?.window;
      if (known === undefined) return undefined;
      const maxOutputTokens = Number.isFinite(longest) ? longest : 0;
      // the longest answer that facts know may fill the window: it is not sent, and a quarter is for the request
      const most = Math.max(known - maxOutputTokens, known / 4);
      return { window: known, most, actAbove: most * actAbove, downTo: most * downTo };
    },
  };
}

function wrong(name: string, expected: string, received: unknown, example: string): WinkError {
  return new WinkError("INPUT_INVALID", {
    at: `context, ${name}`,
    problem: "The context window cannot be kept by this",
    expected,
    received: shownValue(received),
    example: `context: { ${name}: ${example} }`,
  });
}
