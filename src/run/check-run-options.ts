/** What the options of a run must be, so that a wrong one is told before there is a run. */
import {
  aClock,
  aFunction,
  anObject,
  anything,
  aText,
  checkKind,
  checkOptions,
  from0,
  from1,
  having,
  kind,
  type OptionKind,
  type OptionKinds,
  oneOf,
} from "../base/index.ts";
import type { ModelName } from "../journal/index.ts";
import type { RateLimiter } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import { shownName } from "./model-line.ts";
import type { RunOptions } from "./run-options.ts";

const generating = having("generate");

const aModel = kind("a model, as a driver makes it: an object with name, provider and generate", (value) => {
  if (!generating.fits(value)) return false;
  const { name, provider } = value as Model; // as: an object, of which nothing is taken for true
  return typeof name === "string" && typeof provider === "string";
});

const listOf = (what: string, { fits }: OptionKind): OptionKind =>
  kind(`a list of ${what}`, (value) => Array.isArray(value) && value.every(fits));

const orFalse = (what: OptionKind): OptionKind =>
  kind(`${what.expected}, or false`, (value) => value === false || what.fits(value));

const aLimiter = having("acquire", "slowDown");

export const runKinds: Readonly<Record<keyof RunOptions, OptionKind>> = {
  session: kind("a session, as createSession makes it", having("hold", "history", "fork").fits),
  journal: kind("a journal, as memoryJournal makes it", having("open", "read").fits),
  deadline: kind(
    "a deadline, as deadlineAfter makes it: an object whose `at` is a finite number",
    // as: an object, of which nothing is taken for true
    (value) => anObject.fits(value) && Number.isFinite((value as { at?: unknown }).at),
  ),
  signal: kind("an AbortSignal", having("addEventListener", "throwIfAborted").fits),
  maxTurns: from1,
  budget: anObject,
  maxOutputTokens: from1,
  prices: aFunction,
  facts: aFunction,
  throttle: orFalse(anObject),
  idleTimeoutMs: anything,
  fallbacks: listOf("models", aModel),
  context: orFalse(anObject),
  limiter: kind(
    `a limiter, as rateLimiter makes it, or a function`,
    (value) => aLimiter.fits(value) || aFunction.fits(value),
  ),
  runId: aText,
  tags: listOf("texts", aText),
  parent: anObject,
  overrides: kind(
    "an object with a store",
    // as: an object, of which nothing is taken for true
    (value) => anObject.fits(value) && anObject.fits((value as { store?: unknown }).store),
  ),
  clock: aClock,
  ids: having("next"),
  random: aFunction,
  logger: having("log"),
  telemetry: having("start"),
};

/** How a run is gone on with. */
export type GoingOn = "resume" | "branch";

const { journal: _journal, tags: _tags, runId, parent, ...kept } = runKinds;

/** What a caller may give for a run that goes on: in which journal that is, and the like, is no choice any more. */
const goingOnKinds: Readonly<Record<GoingOn, OptionKinds>> = {
  // `agentTool` tells the parent again: a run that was cut off before its first entry does not know it
  resume: { ...kept, parent, onChange: oneOf("continue", "restart", "branch", "refuse") },
  branch: { ...kept, at: from0, runId },
};

/**
 * Throws `INPUT_INVALID` for a model that is none, for a name that is no option, and for a value that is of another kind. What goes
 * on may have the options of new runs as well, which an adapter has for defaults.
 */
export function checkRunOptions(model: Model, options: RunOptions, how?: GoingOn): void {
  checkKind("model", model, aModel);
  if (how === undefined) checkOptions("options of the run", options, runKinds);
  else checkOptions(`options of ${how}`, options, { ...runKinds, ...goingOnKinds[how] });
}

/** Throws `INPUT_INVALID` for what a caller gives for a run that goes on, when it is wrong or would change nothing. */
export function checkGoingOn(options: RunOptions, how: GoingOn): void {
  checkOptions(`options of ${how}`, options, goingOnKinds[how]);
}

/** Gives the limiter that a function knows for a model. Throws `INPUT_INVALID` for what is none. */
export function checkLimiter(model: ModelName, limiter: RateLimiter | undefined): RateLimiter | undefined {
  if (limiter !== undefined) checkKind(`limiter of ${shownName(model)}`, limiter, aLimiter);
  return limiter;
}
