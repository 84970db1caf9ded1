/** Binds the prompt of a run that is in a journal: with the params that are given, else with those that the run had. */
import { isJsonObject } from "../base/index.ts";
import type { Prompt, PromptTemplate } from "../prompt/index.ts";
import type { RunRecord } from "../run/index.ts";
import type { Io } from "./io.ts";
import { loadPrompt, templateOf } from "./load-prompt.ts";
import { withParamsExample } from "./params-example.ts";
import { readParams } from "./read-params.ts";

/** The options of a command that needs the prompt of a run. */
export interface PromptOptions {
  /** `FILE#EXPORT`. */
  readonly prompt: string;
  readonly params?: string;
}

/** Makes a prompt of what a file exports. */
export type Bind = (loaded: PromptTemplate | Prompt, params: object) => Prompt;

/** A template is bound with the params; a prompt that is bound already changes only in those that are given. */
export const bindForRun: Bind = (loaded, params) => loaded.bind(params);

/** Loads the prompt and binds it. Throws `INPUT_INVALID`, `PARAMS_INVALID`, `RESOURCE_MISSING`. */
export async function bindRecorded(
  { prompt, params }: PromptOptions,
  { started }: RunRecord,
  io: Io,
  bind: Bind,
): Promise<Prompt> {
  const given = params === undefined ? undefined : readParams(params, io.cwd);
  const loaded = await loadPrompt(prompt, io);
  const recorded = isJsonObject(started?.params) ? started.params : {};
  try {
    return bind(loaded, given ?? ("compiled" in loaded ? recorded : {}));
  } catch (error) {
    throw withParamsExample(error, templateOf(loaded).nodes);
  }
}
