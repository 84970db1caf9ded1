import { aList, checkKind, checkOptions, namesOnly, shownValue, WinkError } from "../base/index.ts";
import type { FactsOf, ModelFacts } from "./model-facts.ts";
import { checkPrice } from "./price.ts";

/** What one row of a table knows of a model, or of a family of models. */
export interface FactsRow extends ModelFacts {
  /** The driver, `anthropic`; any one unless given. */
  readonly provider?: string | undefined;
  /** The name of a model, or how names begin and `*`. */
  readonly match: string;
  /** The day on which somebody looked. */
  readonly asOf: string;
}

/**
 * Makes facts of a table of your own. Of the rows that match, the longest `match` holds: a name before a beginning, a row of one
 * provider before one of any. Throws `INPUT_INVALID` for a row that cannot be true, and for two that match the same.
 */
export function factsTable(rows: readonly FactsRow[]): FactsOf {
  checkKind("factsTable", rows, aList);
  const seen = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    checkRow(row, `rows[${index}]`);
    const key = JSON.stringify([row.provider, row.match]);
    const before = seen.get(key);
    if (before !== undefined) throw wrong(`rows[${index}]`, `a match that rows[${before}] has not`, row.match);
    seen.set(key, index);
  }
  const known = rows
    .map(({ provider, match, ...facts }) => ({ provider, match, beginning: beginningOf(match), facts }))
    .sort((a, b) => rank(b) - rank(a));
  return ({ provider, name }) =>
    known.find(
      (row) =>
        (row.provider ?? provider) === provider &&
        (row.beginning === undefined ? name === row.match : name.startsWith(row.beginning)),
    )?.facts;
}

const beginningOf = (match: string): string | undefined => (match.endsWith("*") ? match.slice(0, -1) : undefined);

const rank = ({ provider, match, beginning }: { provider: unknown; match: string; beginning: string | undefined }) =>
  (beginning ?? match).length * 4 + (beginning === undefined ? 2 : 0) + (provider === undefined ? 0 : 1);

function checkRow(row: FactsRow, at: string): void {
  checkOptions(at, row, rowKinds);
  const { provider, match, asOf, window, maxOutputTokens, price } = row;
  if (provider !== undefined && typeof provider !== "string")
    throw wrong(`${at}, provider`, "the name of a driver", provider);
  if (typeof match !== "string" || !/^([^*]+|[^*]*\*)$/.test(match))
    throw wrong(`${at}, match`, 'a name, or how names begin and `*`, as "gpt-5*"', match);
  if (!isDay(asOf)) throw wrong(`${at}, asOf`, 'a day, as "2026-11-27"', asOf);
  for (const [name, tokens] of Object.entries({ window, maxOutputTokens }))
    if (tokens !== undefined && !isTokens(tokens)) throw wrong(`${at}, ${name}`, "a whole number of tokens", tokens);
  if (price !== undefined) checkPrice(price, `${at}, price`, problem);
}

const rowKinds = namesOnly("provider", "match", "asOf", "window", "maxOutputTokens", "price");

const isTokens = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0;

/** A calendar takes the 31st of any month. */
function isDay(value: unknown): boolean {
  const day = typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isFinite(day) && new Date(day).toISOString().slice(0, 10) === value;
}

const problem = "The table of facts is wrong";

const wrong = (at: string, expected: string, received: unknown): WinkError =>
  new WinkError("INPUT_INVALID", {
    at,
    problem,
    expected,
    received: shownValue(received),
  });
