/** Runs: one evaluation of a prompt over a model, from render to end. */
import { shownValue, silentLogger, systemClock, systemIds, systemRandom, WinkError } from "../base/index.ts";
import { type Journal, memoryJournal } from "../journal/index.ts";
import { type FactsOf, factsFor, type ThrottlePolicy, throttlePolicy } from "../limits/index.ts";
import type { Model } from "../model/index.ts";
import type { Prompt } from "../prompt/index.ts";
import { createSession, type Session } from "../session/index.ts";
import { checkLimiter, checkRunOptions, type GoingOn } from "./check-run-options.ts";
import { contextWindow } from "./context/context-window.ts";
import { EventFeed } from "./event-feed.ts";
import { brokenOutcome, type Continued, execute, type Started } from "./execute.ts";
import { ModelLine, nameOf, shownName } from "./model-line.ts";
import type { Outcome } from "./outcome.ts";
import type { RunEvent } from "./run-event.ts";
import type { RunOptions } from "./run-options.ts";
import { Spending } from "./spending.ts";

/** A run under way. It goes on whether or not anybody watches, and nothing has to be closed. */
export interface Run<Output> {
  readonly id: string;
  /** The session that the run holds, or held: the one given, or its own. */
  readonly session: Session;
  /** The journal that the run writes: the one given, or its own in memory. */
  readonly journal: Journal;
  /** The steps of the run from its first, for watching; each reader gets all. Ends when the run does. */
  events(): AsyncIterable<RunEvent>;
  /** How the run ended; never rejects. */
  readonly outcome: Promise<Outcome<Output>>;
  /** Ends the run: waits are cut short, a call in flight is taken back, the journal is closed whole. */
  abort(reason?: string): void;
}

/**
 * Begins a run of a prompt over a model. Throws `BUDGET_INVALID` and `BUDGET_UNBOUNDED` for a budget that cannot be kept,
 * `INPUT_INVALID` for a model that is none, a name that is no option, and a wrong value of one.
 */
export function startRun<Output>(prompt: Prompt<Output>, model: Model, options: RunOptions = {}): Run<Output> {
  checkRunOptions(model, options);
  return beginOrResume(prompt, model, options, undefined);
}

/** Begins a run, or goes on with one. */
export function beginOrResume<Output>(
  prompt: Prompt<Output>,
  model: Model,
  options: RunOptions,
  continued: Continued | undefined,
): Run<Output> {
  const { clock = systemClock, ids = systemIds, logger = silentLogger } = options;
  const { session = createSession({ ids }), journal = memoryJournal({ clock }), runId = ids.next("run") } = options;
  const feed = new EventFeed();
  const controller = new AbortController();
  const started: Started = {
    prompt,
    ...settingsOf(model, options, options.maxOutputTokens ?? model?.maxOutputTokens),
    session,
    journal,
    runId,
    feed,
    clock,
    random: options.random ?? systemRandom,
    logger,
    controller,
    continued,
  };
  const outcome = execute(started, options)
    .catch((thrown) => brokenOutcome(started, thrown))
    .finally(() => feed.end());
  return {
    id: runId,
    session,
    journal,
    events: () => feed.read(),
    outcome: outcome as Promise<Outcome<Output>>, // as: the output was parsed by the prompt's own schema
    abort: (reason = "aborted") => controller.abort(new AbortReason(reason)),
  };
}

/** Throws as {@link startRun} does, before there is a run, or one goes on. */
export function checkStart(model: Model, options: RunOptions, how?: GoingOn): void {
  checkRunOptions(model, options, how);
  settingsOf(model, options, options.maxOutputTokens);
}

/** What the options say of the models and of how they are asked; `asked` is the longest answer that is asked for, as far as it stands. */
function settingsOf(
  model: Model,
  options: RunOptions,
  asked: number | undefined,
): Pick<Started, "models" | "spending" | "throttle" | "idleTimeoutMs" | "limiterOf" | "context"> {
  const models = new ModelLine(model, options.fallbacks);
  const facts = options.facts && onceEach(options.facts);
  return {
    models,
    spending: new Spending(models, { ...options, facts }),
    throttle: policyOf(options),
    idleTimeoutMs: idleTimeoutOf(options),
    limiterOf: limiterOf(model, options),
    context: options.context === false ? undefined : contextWindow(options.context, facts, asked),
  };
}

/** Asks for the facts of each model once: a list may take long to look through. */
function onceEach(facts: FactsOf): FactsOf {
  const known = new Map<string, ReturnType<FactsOf>>();
  return (model) => {
    const name = shownName(model);
    if (!known.has(name)) known.set(name, factsFor(nameOf(model), facts));
    return known.get(name);
  };
}

function idleTimeoutOf({ idleTimeoutMs }: RunOptions): number | undefined {
  if (idleTimeoutMs === undefined || (Number.isFinite(idleTimeoutMs) && idleTimeoutMs > 0)) return idleTimeoutMs;
  throw new WinkError("INPUT_INVALID", {
    at: "idleTimeoutMs",
    problem: "No answer could come in that time",
    expected: "milliseconds, more than 0",
    received: shownValue(idleTimeoutMs),
    example: "idleTimeoutMs: 60_000",
  });
}

const policyOf = ({ throttle }: RunOptions): ThrottlePolicy | undefined =>
  throttle === false ? undefined : throttlePolicy(throttle);

function limiterOf(own: Model, { limiter }: RunOptions): Started["limiterOf"] {
  if (typeof limiter === "function") return (model) => checkLimiter(model, limiter(model));
  if (limiter === undefined) return limiter;
  return (model) => (model === own ? limiter : undefined);
}

/** Carries the reason of an abort through signals. */
class AbortReason extends Error {
  override readonly name = "AbortError";
}
