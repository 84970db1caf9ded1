import { shownValue, WinkError } from "../base/index.ts";
import type { ModelName } from "../journal/index.ts";
import type { Budget, Price } from "../limits/index.ts";
import { shownName } from "./model-line.ts";

/** What is known of a model: the tokens of its longest answer, and its price. */
interface KnownOf {
  readonly longest: number | undefined;
  readonly price: Price | undefined;
}

/** What a budget must know of a model, what is known, and how it is given. */
interface Missing {
  readonly expected: string;
  readonly received: string;
  readonly example: string;
}

/** The limits that the length of an answer counts for. */
const byAnswers: readonly (keyof Budget)[] = ["outputTokens", "totalTokens", "cost"];

/** Throws `BUDGET_UNBOUNDED` for a model of which is not known what a budget with these limits must know, all of it named. */
export function requireBounded(limits: ReadonlySet<keyof Budget>, model: ModelName, { longest, price }: KnownOf): void {
  const missing: Missing[] = [];
  if (!(Number(longest) > 0) && byAnswers.some((name) => limits.has(name)))
    missing.push({
      expected: "its longest answer, as `maxOutputTokens` among the options or of the model, or from `facts`",
      received: shownValue(longest),
      example: "maxOutputTokens: 4_096",
    });
  if (price === undefined && limits.has("cost"))
    missing.push({
      expected: "its price, from `prices` or `facts`",
      received: "no price",
      example: "prices: () => ({ input: 1.25, output: 10 })",
    });
  if (missing.length === 0) return;
  throw new WinkError("BUDGET_UNBOUNDED", {
    at: `model ${shownName(model)}`,
    problem: "The budget cannot be kept",
    expected: missing.map(({ expected }) => expected).join("; and "),
    received: missing.map(({ received }) => received).join("; and "),
    example: `{ budget, ${missing.map(({ example }) => example).join(", ")} }`,
  });
}
