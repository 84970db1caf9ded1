/** An adapter for newcomers: names a model, and imports the provider's package that is installed. */
import { hideSecretsOf, shownValue, WinkError } from "../base/index.ts";
import { anthropicModel } from "../model/anthropic/index.ts";
import type { Model } from "../model/index.ts";
import { litellmModel } from "../model/litellm/index.ts";
import { openaiModel, openaiResponsesModel } from "../model/openai/index.ts";
import type { RunOptions } from "../run/index.ts";
import type { Adapter } from "./adapter.ts";
import { modelAdapter } from "./model-adapter.ts";

/** What {@link autoAdapter} takes. */
export interface AutoAdapterOptions {
  /** The provider's name for the model, like `gpt-5.2` or, behind Ollama, `qwen3`. */
  readonly model: string;
  /**
   * The driver: `openai` serves OpenAI and any server of its Chat Completions, and is taken unless told; `openai-responses` OpenAI's
   * newer API; `anthropic`; `litellm` a LiteLLM proxy.
   */
  readonly provider?: AutoProvider | undefined;
  /**
   * Where key and address are looked up, usually `process.env`: `OPENAI_API_KEY` and `OPENAI_BASE_URL`, `ANTHROPIC_API_KEY` and
   * `ANTHROPIC_BASE_URL`, `LITELLM_API_KEY` and `LITELLM_BASE_URL`. Its secrets are hidden from errors, logs and events from now on,
   * as `hideSecretsOf` does it.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Stand where a run does not say otherwise. */
  readonly defaults?: RunOptions | undefined;
}

/** A driver that {@link autoAdapter} makes. */
export type AutoProvider = "openai" | "openai-responses" | "anthropic" | "litellm";

/** What a client is made of; its own attempts are off, because the run asks again by itself. */
interface ClientOptions {
  readonly apiKey: string;
  readonly baseURL?: string;
  readonly maxRetries: 0;
}

/** How a driver is made. */
interface Maker {
  /** How its variables begin. */
  readonly variables: string;
  readonly make: (model: string, options: ClientOptions) => Promise<Model>;
}

const openaiClient = async (options: ClientOptions) => {
  const { OpenAI } = await installed("openai", "openai 7", () => import("openai"));
  return new OpenAI(options);
};

const makers: Readonly<Record<AutoProvider, Maker>> = {
  openai: {
    variables: "OPENAI",
    make: async (model, options) => openaiModel({ client: await openaiClient(options), model }),
  },
  "openai-responses": {
    variables: "OPENAI",
    make: async (model, options) => openaiResponsesModel({ client: await openaiClient(options), model }),
  },
  anthropic: {
    variables: "ANTHROPIC",
    async make(model, options) {
      const { Anthropic } = await installed(
        "@anthropic-ai/sdk",
        "@anthropic-ai/sdk 1",
        () => import("@anthropic-ai/sdk"),
      );
      return anthropicModel({ client: new Anthropic(options), model });
    },
  },
  litellm: {
    variables: "LITELLM",
    make: async (model, options) => litellmModel({ client: await openaiClient(options), model }),
  },
};

/** The drivers that {@link autoAdapter} makes, by the names that it takes. */
export const autoProviders: readonly AutoProvider[] = Object.keys(makers) as AutoProvider[]; // as: its keys are just these

/**
 * Makes an adapter over the provider's package that is installed. Throws `MODEL_MISSING` when it is not, `INPUT_INVALID` when neither
 * key nor address is given, or the address is none.
 */
export async function autoAdapter(options: AutoAdapterOptions): Promise<Adapter> {
  const { model, provider = "openai", env, defaults } = options;
  hideSecretsOf(env); // for good: nobody says when the adapter is used for the last time
  const maker = Object.hasOwn(makers, provider) ? makers[provider] : undefined;
  if (maker === undefined)
    throw wrong(model, autoProviders.join(", "), shownValue(provider), "There is no such provider");
  const [keyName, addressName] = [`${maker.variables}_API_KEY`, `${maker.variables}_BASE_URL`];
  const apiKey = env[keyName]?.trim() || undefined;
  const baseURL = env[addressName]?.trim() || undefined;
  if (provider === "litellm" && baseURL === undefined)
    throw wrong(model, `the address of the proxy in ${addressName}`, "nothing", "No address"); // else its key went to OpenAI
  if (apiKey === undefined && baseURL === undefined)
    throw wrong(model, `${keyName}, or ${addressName} for a server of your own, in the environment`, "neither");
  if (baseURL !== undefined && !/^https?:$/.test(URL.parse(baseURL)?.protocol ?? ""))
    throw wrong(
      model,
      `an address in ${addressName}, such as http://localhost:4000/v1`,
      shownValue(baseURL),
      "No address",
    );
  // a server of one's own often wants no key, but the clients insist on a text
  const client = { apiKey: apiKey ?? "none", maxRetries: 0, ...(baseURL !== undefined && { baseURL }) } as const;
  return modelAdapter(await maker.make(model, client), defaults);
}

const wrong = (model: string, expected: string, received: string, problem = "No key"): WinkError =>
  new WinkError("INPUT_INVALID", {
    problem: `${problem} for the model "${model}"`,
    expected,
    received,
    fix: "Set it and try again.",
  });

async function installed<Module>(name: string, expected: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new WinkError("MODEL_MISSING", {
      problem: `The package \`${name}\` is not installed`,
      expected,
      fix: `Install it: npm install ${name}`,
      cause,
    });
  }
}
