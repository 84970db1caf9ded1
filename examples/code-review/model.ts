import { WinkError } from "weakincentives";
import type { Model } from "weakincentives/model";
import { anthropicModel } from "weakincentives/model/anthropic";
import { litellmModel } from "weakincentives/model/litellm";
import { offlineModel } from "weakincentives/model/offline";
import { openaiModel, openaiResponsesModel } from "weakincentives/model/openai";
import { reviewPlan } from "./offline/plan.ts";
import type { Options, Provider } from "./options.ts";

/** The first line of the demo while no real model is asked for. */
export const offlineHint =
  "The offline model is at work: a table of rules, not a language model. For a real one: npm run demo -- --model NAME, with OPENAI_API_KEY (and OPENAI_BASE_URL for Ollama, vLLM, LiteLLM …) in the environment.";

type Env = Readonly<Record<string, string | undefined>>;

/** What the client of a provider is made of; the run asks again by itself, so the client does not. */
interface ClientOptions {
  readonly apiKey: string;
  readonly baseURL?: string;
  readonly timeout: number;
  readonly maxRetries: 0;
  readonly logLevel: "off";
}

interface Named extends Pick<Options, "outputFormat"> {
  readonly model: string;
  readonly client: ClientOptions;
}

const openai = async (client: ClientOptions) => new (await import("openai")).OpenAI(client);

/** Each driver over the client of its provider's own package. */
const makers: Readonly<Record<Provider, (named: Named) => Promise<Model>>> = {
  openai: async ({ model, client, outputFormat }) =>
    openaiModel({ client: await openai(client), model, settings: { outputFormat } }),
  "openai-responses": async ({ model, client, outputFormat }) =>
    openaiResponsesModel({ client: await openai(client), model, settings: { outputFormat } }),
  litellm: async ({ model, client, outputFormat }) =>
    litellmModel({ client: await openai(client), model, settings: { outputFormat } }),
  async anthropic({ model, client, outputFormat }) {
    const { Anthropic } = await import("@anthropic-ai/sdk");
    // it has no form of answer between a schema and none
    const settings = { outputFormat: outputFormat === "json-object" ? "none" : outputFormat } as const;
    return anthropicModel({ client: new Anthropic(client), model, settings });
  },
};

/** The model that the user asked for. Nothing goes over the network unless one was named. */
export async function chooseModel(options: Options, env: Env): Promise<Model> {
  const { model, provider, outputFormat, timeout } = options;
  if (model === undefined) return offlineModel({ plan: reviewPlan });
  const variables = provider === "anthropic" ? "ANTHROPIC" : provider === "litellm" ? "LITELLM" : "OPENAI";
  const [keyName, addressName] = [`${variables}_API_KEY`, `${variables}_BASE_URL`];
  const apiKey = env[keyName]?.trim() || undefined;
  const baseURL = env[addressName]?.trim() || undefined;
  if (baseURL === undefined && (apiKey === undefined || provider === "litellm")) {
    throw new WinkError("INPUT_INVALID", {
      at: `--model ${model}`,
      problem: "There is neither a key nor an address for this model",
      expected: `${keyName}, or ${addressName} for a server of your own, in the environment`,
      fix: "Set one of them, or leave --model out to use the offline model.",
    });
  }
  if (baseURL !== undefined && !URL.canParse(baseURL)) {
    throw new WinkError("INPUT_INVALID", {
      at: addressName,
      problem: "This is not an address",
      expected: "something like http://localhost:11434/v1",
      received: JSON.stringify(baseURL),
      fix: "",
    });
  }
  const client: ClientOptions = {
    apiKey: apiKey ?? "none", // a server of one's own often wants no key, but the clients insist on a text
    ...(baseURL === undefined ? {} : { baseURL }),
    timeout: timeout * 1000,
    maxRetries: 0,
    logLevel: "off",
  };
  return makers[provider]({ model, client, outputFormat });
}
