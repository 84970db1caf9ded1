/** What bounds a run: deadlines, usage, budgets, and how often and how fast a model is asked. */
export { type Amount, measured, noAmount } from "./amount.ts";
export { type Budget, checkBudget } from "./budget.ts";
export type { CountTokens } from "./count-tokens.ts";
export { type Deadline, deadlineAfter, deadlineSignal, remaining } from "./deadline.ts";
export { type FactsRow, factsTable } from "./facts-table.ts";
export { type GenaiPricesOptions, type GenaiPricesPackage, genaiPrices } from "./genai-prices.ts";
export { BudgetLedger, type Reservation, type Room } from "./ledger.ts";
export { type FactsOf, factsFor, type ModelFacts, type PriceSources, priceOf } from "./model-facts.ts";
export {
  costOf,
  inputCost,
  mostCost,
  type Price,
  type Prices,
  type PriceTier,
  type Rates,
  ratesOf,
} from "./price.ts";
export { type Lease, type RateLimiter, type RateLimiterOptions, rateLimiter } from "./rate-limiter.ts";
export {
  delayRange,
  isPassing,
  type NextAttempt,
  nextAttempt,
  retryAfterOf,
  type ThrottlePolicy,
  throttlePolicy,
} from "./throttle.ts";
export { addUsage, countable, isAmount, type Usage } from "./usage.ts";
export {
  type Decision,
  hasRoom,
  isEarlier,
  type LimitState,
  nextStage,
  type RunLimit,
  shareOf,
  type WrapUpStage,
} from "./wrap-up-stage.ts";
