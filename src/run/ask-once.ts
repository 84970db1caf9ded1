/** One request to a model. */
import type { Model, ModelRequest, ModelResponse } from "../model/index.ts";
import type { Frame } from "./frame.ts";
import type { AskedFor } from "./run-spans.ts";
import { abortable } from "./signals.ts";
import { watchProgress } from "./watch-progress.ts";

/** Asks once. */
export function answerOf(frame: Frame, model: Model, request: ModelRequest, asked: AskedFor): Promise<ModelResponse> {
  const ask = (): Promise<ModelResponse> => generate(frame, model, request, asked.turn);
  return frame.spans === undefined ? ask() : frame.spans.ask({ model, request, ...asked }, ask);
}

/** Within `idleTimeoutMs`; without it nothing is watched, and costs nothing. */
async function generate(frame: Frame, model: Model, request: ModelRequest, turn: number): Promise<ModelResponse> {
  const { signal, idleTimeoutMs } = frame;
  if (idleTimeoutMs === undefined) return abortable(model.generate(request, { signal }), signal);
  using watch = watchProgress(frame, turn, idleTimeoutMs);
  return await abortable(model.generate(request, watch), watch.signal);
}
