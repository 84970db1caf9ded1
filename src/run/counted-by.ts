import { shownValue, WinkError } from "../base/index.ts";
import { isAmount } from "../limits/index.ts";
import type { Model, ModelRequest } from "../model/index.ts";
import { shownName } from "./model-line.ts";

/** The tokens of a request by the model's own counter; undefined when it has none. Throws `INPUT_INVALID` when that gives no count. */
export function countedBy(model: Model, request: ModelRequest): number | undefined {
  const tokens = model.countTokens?.(request);
  if (tokens === undefined || isAmount(tokens)) return tokens;
  throw new WinkError("INPUT_INVALID", {
    at: `model ${shownName(model)}, countTokens`,
    problem: "The counter of the model gives no count",
    expected: "a number from 0 on",
    received: shownValue(tokens),
  });
}
