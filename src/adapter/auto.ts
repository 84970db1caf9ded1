/** An adapter for newcomers: names a model, and imports the provider's package that is installed. */
import { hideSecretsOf, WinkError } from "../base/index.ts";
import { openaiModel } from "../model/openai/index.ts";
import type { RunOptions } from "../run/index.ts";
import type { Adapter } from "./adapter.ts";
import { modelAdapter } from "./model-adapter.ts";

/** What {@link autoAdapter} takes. */
export interface AutoAdapterOptions {
  /** The provider's name for the model, like `gpt-5.2` or, behind Ollama, `qwen3`. */
  readonly model: string;
  /**
   * Where key and address are looked up, usually `process.env`: `OPENAI_API_KEY`, `OPENAI_BASE_URL`. Its secrets are hidden
   * from errors, logs and events from now on, as `hideSecretsOf` does it.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Stand where a run does not say otherwise. */
  readonly defaults?: RunOptions | undefined;
}

/**
 * Makes an adapter over the installed `openai` package. It serves OpenAI itself and any server of its protocol.
 * Throws `MODEL_MISSING` when the package is not installed, `INPUT_INVALID` when neither key nor address is given.
 */
export async function autoAdapter({ model, env, defaults }: AutoAdapterOptions): Promise<Adapter> {
  hideSecretsOf(env); // for good: nobody says when the adapter is used for the last time
  const apiKey = env.OPENAI_API_KEY?.trim() || undefined;
  const baseURL = env.OPENAI_BASE_URL?.trim() || undefined;
  if (apiKey === undefined && baseURL === undefined) {
    throw new WinkError("INPUT_INVALID", {
      problem: `No key for the model "${model}"`,
      expected: "OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, in the environment",
      received: "neither",
      fix: "Set one of them and try again.",
    });
  }
  const OpenAI = await importClient();
  // a server of one's own often wants no key, but the client insists on a text; the run asks again by itself
  const client = new OpenAI({ apiKey: apiKey ?? "none", maxRetries: 0, ...(baseURL === undefined ? {} : { baseURL }) });
  return modelAdapter(openaiModel({ client, model }), defaults);
}

async function importClient(): Promise<typeof import("openai").OpenAI> {
  try {
    return (await import("openai")).OpenAI;
  } catch (cause) {
    throw new WinkError("MODEL_MISSING", {
      problem: "The package `openai` is not installed",
      expected: "openai 7",
      fix: "Install it: npm install openai",
      cause,
    });
  }
}
