import { autoModel } from "weakincentives/adapter/auto";
import type { Model } from "weakincentives/model";
import { offlineModel } from "weakincentives/model/offline";
import { reviewPlan } from "./offline/plan.ts";
import type { Options } from "./options.ts";

/** The first line of the demo while no real model is asked for. */
export const offlineHint =
  "The offline model is at work: a table of rules, not a language model. For a real one: npm run demo -- --model NAME, with OPENAI_API_KEY (and OPENAI_BASE_URL for Ollama, vLLM, LiteLLM …) in the environment.";

/** The model that the user asked for. Nothing goes over the network unless one was named. */
export async function chooseModel(
  { model, provider, outputFormat, timeout }: Options,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Model> {
  if (model === undefined) return offlineModel({ plan: reviewPlan });
  return await autoModel({ model, provider, env, outputFormat, timeoutMs: timeout * 1000 });
}
