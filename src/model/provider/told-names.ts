import type { ModelResponse } from "../index.ts";

/** Longer names of models are none. */
const longestName = 200;

/** What a provider calls its answer, and the model that gave it; what is no name is left out. */
export function toldNames(id: unknown, model: unknown): Pick<ModelResponse, "id" | "answeredBy"> {
  return {
    ...(isName(id) && { id }),
    ...(isName(model) && model.length <= longestName && { answeredBy: model }),
  };
}

const isName = (value: unknown): value is string => typeof value === "string" && value !== "";
