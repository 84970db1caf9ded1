import { WinkError } from "weakincentives";
import type { Model } from "weakincentives/model";
import { offlineModel } from "weakincentives/model/offline";
import { openaiModel } from "weakincentives/model/openai";
import { reviewPlan } from "./offline/plan.ts";
import type { Options } from "./options.ts";

/** The first line of the demo while no real model is asked for. */
export const offlineHint =
  "The offline model is at work: a table of rules, not a language model. For a real one: npm run demo -- --model NAME, with OPENAI_API_KEY (and OPENAI_BASE_URL for Ollama, vLLM, LiteLLM …) in the environment.";

/** The model that the user asked for. Nothing goes over the network unless one was named. */
export async function chooseModel(options: Options, env: Readonly<Record<string, string | undefined>>): Promise<Model> {
  const { model, outputFormat, timeout } = options;
  if (model === undefined) return offlineModel({ plan: reviewPlan });
  const apiKey = env.OPENAI_API_KEY?.trim() || undefined;
  const baseURL = env.OPENAI_BASE_URL?.trim() || undefined;
  if (apiKey === undefined && baseURL === undefined) {
    throw new WinkError("INPUT_INVALID", {
      at: `--model ${model}`,
      problem: "There is neither a key nor an address for this model",
      expected: "OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, in the environment",
      fix: "Set one of them, or leave --model out to use the offline model.",
    });
  }
  if (baseURL !== undefined && !URL.canParse(baseURL)) {
    throw new WinkError("INPUT_INVALID", {
      at: "OPENAI_BASE_URL",
      problem: "This is not an address",
      expected: "something like http://localhost:11434/v1",
      received: JSON.stringify(baseURL),
      fix: "",
    });
  }
  const { OpenAI } = await import("openai");
  const client = new OpenAI({
    apiKey: apiKey ?? "none", // a server of one's own often wants no key, but the client insists on a text
    ...(baseURL === undefined ? {} : { baseURL }),
    timeout: timeout * 1000,
    maxRetries: 0, // the run asks again by itself
    logLevel: "off",
  });
  return openaiModel({ client, model, settings: { outputFormat } });
}
