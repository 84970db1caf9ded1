/** What bounds a run: deadlines, usage, budgets. */
export type { Budget } from "./budget.ts";
export type { CountTokens } from "./count-tokens.ts";
export { type Deadline, deadlineAfter, deadlineSignal, remaining } from "./deadline.ts";
export { addUsage, type Usage } from "./usage.ts";
