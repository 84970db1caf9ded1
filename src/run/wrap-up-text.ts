import { type Decision, type LimitState, shareOf } from "../limits/index.ts";

/** What is said beside the numbers. */
export interface WrapUpFacts {
  /** The tools that go with this stage. */
  readonly costly: readonly string[];
  /** Whether the answer must have a form. */
  readonly hasForm: boolean;
}

/** What a model is told when a stage of the wrap-up begins. */
export function wrapUpText({ stage, by }: Decision, { costly, hasForm }: WrapUpFacts): string {
  const answer = hasForm ? "your answer in the form asked for" : "your answer";
  switch (stage) {
    case "left-told":
      return `${leftText(by)} Finish what matters most, then give ${answer}.`;
    case "costly-gone":
      return `${leftText(by)} These tools can no longer be used: ${costly.join(", ")}. Finish without them, then give ${answer}.`;
    case "last-answer":
      return `${leftText(by)} Call no more tools: give ${answer} now, with what you have.`;
  }
}

const things = {
  inputTokens: "tokens of requests",
  outputTokens: "tokens of answers",
  totalTokens: "tokens",
  cost: "money",
  turns: "model calls",
  maxTurns: "model calls",
  deadline: "time",
} as const;

/** How a limit stands, as a sentence: `78 % of the tokens for this task are used, about 44,000 are left.` */
export function leftText(standing: LimitState): string {
  const { limit, left } = standing;
  const share = Math.min(100, Math.floor(shareOf(standing) * 100));
  const be = limit === "cost" || limit === "deadline" ? "is" : "are";
  return `${share} % of the ${things[limit]} for this task ${be} used, ${amountText(limit, left)} left.`;
}

function amountText(limit: LimitState["limit"], left: number): string {
  if (limit === "deadline") return timeText(left);
  if (limit === "maxTurns" || limit === "turns") return `${left} ${left === 1 ? "is" : "are"}`;
  return `about ${rounded.format(left)} ${limit === "cost" ? "is" : "are"}`;
}

/** Whole minutes from two on, else whole seconds. */
function timeText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds >= 120) return `about ${Math.floor(seconds / 60)} minutes are`;
  return seconds === 1 ? "about 1 second is" : `about ${seconds} seconds are`;
}

const rounded = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });
