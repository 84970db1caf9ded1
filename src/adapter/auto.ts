/** A model, or an adapter over it, for newcomers: by its name, over the provider's package that is installed. */
import {
  aName,
  anObject,
  anything,
  checkKind,
  checkOptions,
  hideSecretsOf,
  kind,
  messageFrom,
  type OptionKinds,
  oneOf,
  shownValue,
  WinkError,
} from "../base/index.ts";
import { anthropicModel } from "../model/anthropic/index.ts";
import type { Model } from "../model/index.ts";
import { litellmModel } from "../model/litellm/index.ts";
import { openaiModel, openaiResponsesModel } from "../model/openai/index.ts";
import type { RunOptions } from "../run/index.ts";
import type { Adapter } from "./adapter.ts";
import { modelAdapter } from "./model-adapter.ts";

/** What {@link autoModel} takes. */
export interface AutoModelOptions {
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
  /** How long the client waits for one answer, in milliseconds; as the client has it unless told. */
  readonly timeoutMs?: number | undefined;
  /** How the form of an answer is asked for, as the driver's settings have it; `anthropic` knows no `json-object`. */
  readonly outputFormat?: "json-schema" | "json-object" | "none" | undefined;
}

/** What {@link autoAdapter} takes. */
export interface AutoAdapterOptions extends AutoModelOptions {
  /** Stand where a run does not say otherwise. */
  readonly defaults?: RunOptions | undefined;
}

/** A driver that {@link autoModel} makes. */
export type AutoProvider = "openai" | "openai-responses" | "anthropic" | "litellm";

/** What a client is made of; its own attempts are off, because the run asks again by itself, and it writes to no console. */
interface ClientOptions {
  readonly apiKey: string;
  readonly baseURL?: string;
  readonly timeout?: number;
  readonly maxRetries: 0;
  readonly logLevel: "off";
}

/** What a driver is made of. */
interface Parts {
  readonly model: string;
  readonly options: ClientOptions;
  readonly outputFormat: AutoModelOptions["outputFormat"];
}

/** How a driver is made. */
interface Maker {
  /** How its variables begin. */
  readonly variables: string;
  readonly make: (parts: Parts) => Promise<Model>;
}

/** A driver over the client of the `openai` package. */
const overOpenAI = (variables: string, driver: typeof openaiModel | typeof openaiResponsesModel): Maker => ({
  variables,
  async make({ model, options, outputFormat }) {
    const { OpenAI } = await installed("openai", "openai 7", () => import("openai"));
    return driver({ client: new OpenAI(options), model, settings: { outputFormat } });
  },
});

const makers: Readonly<Record<AutoProvider, Maker>> = {
  openai: overOpenAI("OPENAI", openaiModel),
  "openai-responses": overOpenAI("OPENAI", openaiResponsesModel),
  anthropic: {
    variables: "ANTHROPIC",
    async make({ model, options, outputFormat }) {
      if (outputFormat === "json-object")
        throw wrong(model, "json-schema or none", '"json-object"', "No such form of an answer");
      const load = () => import("@anthropic-ai/sdk");
      const { Anthropic } = await installed("@anthropic-ai/sdk", "@anthropic-ai/sdk 1", load);
      return anthropicModel({ client: new Anthropic(options), model, settings: { outputFormat } });
    },
  },
  litellm: overOpenAI("LITELLM", litellmModel),
};

/** The drivers that {@link autoModel} makes, by the names that it takes. */
export const autoProviders: readonly AutoProvider[] = Object.keys(makers) as AutoProvider[]; // as: its keys are just these

/**
 * Makes a model over the provider's package that is installed. Throws `MODEL_MISSING` when it is not, `INPUT_INVALID` when neither key
 * nor address is given, or the address is none of the web.
 */
export async function autoModel(options: AutoModelOptions): Promise<Model> {
  return await make("autoModel", options);
}

const kinds = {
  model: kind("the provider's name for the model", aName.fits),
  env: kind("an environment, usually `process.env`", anObject.fits),
  provider: anything,
  timeoutMs: kind("a number of milliseconds, at least 1", (value) => Number.isFinite(value) && Number(value) >= 1),
  outputFormat: oneOf("json-schema", "json-object", "none"),
} satisfies OptionKinds;

function checkAuto(at: string, options: AutoModelOptions, more: OptionKinds): void {
  checkOptions(at, options, { ...kinds, ...more });
  for (const name of ["model", "env"] as const)
    if (options[name] === undefined) checkKind(`${at}, ${name}`, undefined, kinds[name], "It is missing");
}

/** Hides what an environment keeps secret, before an error could show it. That of a value that is no text shows no value. */
function hideEnv(at: string, env: AutoModelOptions["env"]): void {
  if (!anObject.fits(env)) return; // that is told with all options
  for (const [name, value] of Object.entries<unknown>(env)) {
    if (value === undefined || typeof value === "string") continue;
    throw new WinkError("INPUT_INVALID", {
      at: `${at}, env, ${name}`,
      problem: "This cannot be used",
      expected: "text",
      received: value === null ? "null" : typeof value,
    });
  }
  hideSecretsOf(env); // for good: nobody says when the model is used for the last time
}

async function make(at: string, options: AutoModelOptions, more: OptionKinds = {}): Promise<Model> {
  hideEnv(at, options?.env);
  checkAuto(at, options, more);
  const { model, provider = "openai", env, timeoutMs, outputFormat } = options;
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
  if (baseURL !== undefined && !/^https?:$/.test(URL.parse(baseURL)?.protocol ?? "")) {
    const expected = `an address in ${addressName}, such as http://localhost:4000/v1`;
    throw wrong(model, expected, shownValue(baseURL), "No address");
  }
  return await maker.make({
    model,
    outputFormat,
    options: {
      apiKey: apiKey ?? "none", // a server of one's own often wants no key, but the clients insist on a text
      ...(baseURL !== undefined && { baseURL }),
      ...(timeoutMs !== undefined && { timeout: timeoutMs }),
      maxRetries: 0,
      logLevel: "off",
    },
  });
}

/** Makes an adapter over the model that {@link autoModel} makes. Throws as that does. */
export async function autoAdapter(options: AutoAdapterOptions): Promise<Adapter> {
  return modelAdapter(await make("autoAdapter", options, { defaults: anything }), options.defaults);
}

const wrong = (model: string, expected: string, received: string, problem = "No key"): WinkError =>
  new WinkError("INPUT_INVALID", {
    at: `model "${model}"`,
    problem,
    expected,
    received,
    fix: "Set it and try again.",
  });

async function installed<Module>(name: string, expected: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new WinkError("MODEL_MISSING", {
      at: `package \`${name}\``,
      problem: "It is not installed",
      expected,
      received: messageFrom(cause, 200),
      fix: `Install it: npm install ${name}`,
      cause,
    });
  }
}
