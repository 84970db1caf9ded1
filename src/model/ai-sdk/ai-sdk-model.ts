import {
  anObject,
  anything,
  type Clock,
  checkOptions,
  having,
  type Logger,
  shownValue,
  silentLogger,
  systemClock,
  WinkError,
} from "../../base/index.ts";
import type { GenerateOptions, Model, ModelRequest } from "../index.ts";
import { invalidAnswer } from "../provider/index.ts";
import { optionsMaker } from "./call-options.ts";
import { provider } from "./echo.ts";
import { addressFrom, failuresOf } from "./failure.ts";
import type { AiSdkLanguageModel, AiSdkModelMethods } from "./language-model.ts";
import { type FileSource, plainFile, taggedFile } from "./messages.ts";
import { responseOf } from "./response.ts";
import { type AiSdkSettings, checkSettings } from "./settings.ts";
import { readStream } from "./stream.ts";
import { warningLog } from "./warnings.ts";

/** Options of {@link aiSdkModel}. */
export interface AiSdkModelOptions {
  /** The model: `openai("gpt-5.2")`, `anthropic("claude-sonnet-4-5")` … of the AI SDK 5, 6 or 7. */
  readonly model: AiSdkLanguageModel;
  readonly settings?: AiSdkSettings | undefined;
  /** Where warnings of the model go, each once; nowhere unless told. */
  readonly logger?: Logger | undefined;
  /** Only to read dates in `Retry-After`; the machine's clock unless told. */
  readonly clock?: Clock | undefined;
}

/**
 * A model of Vercel's AI SDK, of any provider that has a package for it. Tools, turns and repairs stay the library's own.
 * Throws `MODEL_REJECTED`, `MODEL_THROTTLED` (with `details.retryAfterMs`), `MODEL_UNAVAILABLE` or
 * `MODEL_RESPONSE_INVALID`; an abort throws the signal's reason. `INPUT_INVALID` for what is no such model, and settings that none takes.
 */
export function aiSdkModel(options: AiSdkModelOptions): Model {
  checkOptions("aiSdkModel", options, {
    model: anything,
    settings: anObject,
    logger: having("log"),
    clock: having("now"),
  });
  checkSettings("aiSdkModel, settings", options.settings ?? {});
  const { model } = options;
  switch (model?.specificationVersion) {
    case "v2":
    case "v3":
      return modelOf(model, plainFile, options);
    case "v4":
      return modelOf(model, taggedFile, options);
    default:
      throw new WinkError("INPUT_INVALID", {
        at: "model",
        problem: "It is no language model of the AI SDK that this driver knows",
        expected: 'an object whose `specificationVersion` is "v2", "v3" or "v4"',
        received: shownValue(model),
        fix: 'Pass what a provider\'s package makes, such as `openai("gpt-5.2")`; a name alone is no model.',
      });
  }
}

function modelOf<File>(
  model: AiSdkModelMethods<File>,
  fileOf: (file: FileSource) => File,
  { settings = {}, logger = silentLogger, clock = systemClock }: AiSdkModelOptions,
): Model {
  const optionsOf = optionsMaker(model.provider, settings, fileOf);
  const failures = failuresOf(model, clock);
  const warn = warningLog(logger, model);
  const { provider: from, modelId } = model;
  const invalid = invalidAnswer(String, modelId, () => ({ provider: from, addressFrom }));

  async function ask(request: ModelRequest, { signal, onProgress }: GenerateOptions): Promise<unknown> {
    signal.throwIfAborted();
    const sent = optionsOf(request, signal);
    let answer: unknown;
    try {
      answer = await (onProgress === undefined ? model.doGenerate(sent) : model.doStream(sent));
    } catch (error) {
      throw signal.aborted ? signal.reason : failures.thrown(error);
    }
    if (onProgress === undefined) return answer;
    return readStream(answer, { signal, onProgress, invalid, failed: failures.told });
  }

  return {
    name: model.modelId,
    provider,
    maxOutputTokens: settings.maxOutputTokens,
    async generate(request, options) {
      const answer = await ask(request, options);
      const { brokenOff } = failures;
      const response = responseOf(answer, { request, from: model.provider, invalid, brokenOff });
      warn((answer as { readonly warnings?: unknown }).warnings); // as: an answer that was read is an object
      return response;
    },
  };
}
