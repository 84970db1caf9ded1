/** What a run has cost, told from its journal: by call, by turn, and by section of the prompt. */
import { WinkError } from "../base/index.ts";
import type { JournalEntry, ModelName } from "../journal/index.ts";
import { costOf, inputCost, type Price, type PriceSources, priceOf, ratesOf, type Usage } from "../limits/index.ts";
import { textOf } from "../model/index.ts";
import type { PromptTokens, RenderedPrompt } from "../prompt/index.ts";
import { RunRecord } from "./record/run-record.ts";
import { isRefused } from "./spending.ts";

/** What {@link costsOf} takes; all of it may be left out. What providers have told of costs needs none of it. */
export interface CostOptions extends PriceSources {
  /** The prompt as the run was begun with it, rendered with `countTokens`, to tell what its sections cost. */
  readonly rendered?: RenderedPrompt | undefined;
}

/** What one time that a model was asked has cost. */
export interface CallCost {
  readonly turn: number;
  /** From 1, in its turn or at its summary. */
  readonly attempt: number;
  /** `summary`: it summed up older turns, after that turn. */
  readonly purpose: "answer" | "summary";
  readonly model: ModelName;
  /** Undefined when there was no answer. */
  readonly usage: Usage | undefined;
  /** As the provider said, or by the price. 0 for a request that was refused; undefined when nobody knows. */
  readonly cost: number | undefined;
}

/** What one section has cost in all requests of a run. */
export interface SectionCost {
  readonly path: string;
  /** Of its text and its tools, in one request, as counted. */
  readonly tokens: number;
  readonly cost: number | undefined;
}

/** What a run has cost; undefined where nobody knows. `total` is the sum of its turns, and of sections, conversation and answers. */
export interface RunCosts {
  /** Of all answers. What calls without one have cost nobody tells, so it is not in it. */
  readonly total: number | undefined;
  readonly calls: readonly CallCost[];
  /** The turns that were answered, each with the summary that was made after it. */
  readonly turns: readonly { readonly turn: number; readonly cost: number | undefined }[];
  /** Those that were shown when the run began; empty unless the rendered prompt is given. */
  readonly sections: readonly SectionCost[];
  /** The rest of the requests: answers and results of before, what was summed up, and what belongs to no section. */
  readonly conversation: number | undefined;
  /** What came back. */
  readonly answers: number | undefined;
}

/**
 * Tells what the run of a journal has cost. A cost that a provider told counts before one by price. Throws `INPUT_INVALID` for a
 * rendered prompt that is not the run's, or without tokens; `JOURNAL_INVALID`.
 */
export function costsOf(entries: readonly JournalEntry[], options: CostOptions = {}): RunCosts {
  const record = new RunRecord(entries);
  const tokens = tokensOf(record, options);
  const own = record.started?.model ?? { provider: "", name: "" };
  const calls: CallCost[] = [];
  const turns: RunCosts["turns"][number][] = [];
  let total: number | undefined = 0;
  let shares: readonly number[] | undefined = [];
  const count = (call: Omit<CallCost, "cost"> & { usage: Usage }, told: number | undefined): number | undefined => {
    const price = isWhole(call.usage) ? priceOf(call.model, options) : undefined;
    const reckoned = price && costOf(call.usage, price, nothingMore);
    const cost = told ?? reckoned;
    calls.push({ ...call, cost });
    total = plus(total, cost);
    const parts = price && partsOf(call.usage, price, tokens, call.purpose);
    shares = added(shares, parts && scaled(parts, cost ?? 0, reckoned ?? 0));
    return cost;
  };
  for (const turn of record.requests.keys()) {
    const answer = record.responses.get(turn);
    for (const [index, { requested, failed }] of record.attempts.of(turn).entries()) {
      const call = { turn, attempt: index + 1, purpose: "answer", model: requested.model ?? own } as const;
      if (answer !== undefined && index === record.attempts.of(turn).length - 1) {
        turns.push({ turn, cost: count({ ...call, usage: answer.usage }, answer.cost) });
        continue;
      }
      const cost = failed !== undefined && isRefused(failed.error) ? 0 : undefined;
      calls.push({ ...call, usage: undefined, cost });
    }
    for (const { summary, error, attempt = 1 } of record.summaries.after(turn)) {
      const cost = isRefused(error) ? 0 : undefined;
      calls.push({ turn, attempt, purpose: "summary", model: summary.model, usage: undefined, cost });
    }
    for (const step of record.contexts.get(turn) ?? []) {
      if (step.type !== "context/summarised" || step.model === undefined || step.usage === undefined) continue;
      const { model, usage } = step;
      const attempt = record.summaries.of(step).length + 1;
      const cost = count({ turn, attempt, purpose: "summary", model, usage }, step.cost);
      turns.push({ turn, cost: plus(turns.pop()?.cost, cost) });
    }
  }
  const { sections } = tokens;
  const costAt = (place: number): number | undefined => shares && (shares[place] ?? 0);
  return {
    total,
    calls,
    turns,
    sections: sections.map(({ path, text, tools }, index) => ({ path, tokens: text + tools, cost: costAt(index) })),
    conversation: costAt(sections.length),
    answers: costAt(sections.length + 1),
  };
}

const nothingMore = { inputTokens: 0, outputTokens: 0 };

const isWhole = ({ inputTokens, outputTokens }: Usage): boolean =>
  Number.isFinite(inputTokens) && Number.isFinite(outputTokens);

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

const added = (
  sums: readonly number[] | undefined,
  parts: readonly number[] | undefined,
): readonly number[] | undefined => sums && parts?.map((part, index) => part + (sums[index] ?? 0));

/** Makes parts sum up to what a call has cost by its provider; undefined when they are all free and that is not. */
function scaled(parts: readonly number[], cost: number, reckoned: number): readonly number[] | undefined {
  if (cost === reckoned) return parts;
  return reckoned === 0 ? undefined : parts.map((part) => (part * cost) / reckoned);
}

/**
 * The cost of a call by sections, conversation and answer. What a provider's cache holds is the beginning of a request, which are the
 * tools, then the texts of the prompt. What was counted of them is shortened when the provider counts less for the whole request.
 */
function partsOf(
  usage: Usage,
  price: Price,
  { sections, rest, total }: PromptTokens,
  purpose: CallCost["purpose"],
): readonly number[] {
  const { inputTokens = 0, outputTokens = 0 } = usage;
  const rates = ratesOf(price, inputTokens);
  const costUpTo = inputCost(usage, inputTokens, rates);
  const shown = purpose === "answer" ? Math.min(1, inputTokens / (total || 1)) : 0;
  const parts = Array<number>(sections.length + 2).fill(0);
  let end = 0;
  const give = (place: number, count: number): void => {
    const begin = costUpTo(end);
    end = Math.min(end + count, inputTokens);
    parts[place] = (parts[place] ?? 0) + (costUpTo(end) - begin) / 1e6;
  };
  for (const [index, { tools }] of sections.entries()) give(index, tools * shown);
  give(sections.length, rest * shown);
  for (const [index, { text }] of sections.entries()) give(index, text * shown);
  give(sections.length, inputTokens);
  parts[sections.length + 1] = (outputTokens * rates.output) / 1e6;
  return parts;
}

/** The counted tokens of the run's prompt. */
function tokensOf({ rendered: known }: RunRecord, { rendered }: CostOptions): PromptTokens {
  if (rendered === undefined || known === undefined) return { total: 0, sections: [], rest: 0 };
  const isSame = known.system === rendered.system && textOf(known.first) === rendered.first;
  if (isSame && rendered.tokens !== undefined) return rendered.tokens;
  throw new WinkError("INPUT_INVALID", {
    at: "rendered",
    problem: "It does not tell the tokens of the run's prompt",
    expected: "the prompt as the run was begun with it, with `countTokens`",
    received: isSame ? "it, without counts" : "another text",
    fix: "Render it with the same params, overrides and session: renderPrompt(prompt, { session, countTokens }).",
  });
}
