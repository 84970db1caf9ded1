/** The events of a response that comes as a stream. */
import type { JsonObject } from "../../../base/index.ts";
import { objectsIn } from "../checks.ts";
import type { Frame } from "../protocol.ts";
import { textPieces } from "../spoken.ts";

type Emit = (type: string, fields: JsonObject, more?: true) => void;

/** All events of a response, in the order in which the API sends them. */
export function responsesFrames(response: JsonObject, items: readonly JsonObject[]): readonly Frame[] {
  const frames: Frame[] = [];
  const emit: Emit = (type, fields, more) => {
    const data = { type, sequence_number: frames.length, ...fields };
    frames.push({ event: type, data, ...(more && { more }) });
  };
  const begun = { ...response, status: "in_progress", incomplete_details: null, output: [], usage: null };
  emit("response.created", { response: begun });
  emit("response.in_progress", { response: begun });
  for (const [index, item] of items.entries()) emitItem(item, index, emit);
  emit(response.status === "incomplete" ? "response.incomplete" : "response.completed", { response });
  return frames;
}

function emitItem(item: JsonObject, index: number, emit: Emit): void {
  const at = { item_id: item.id ?? null, output_index: index };
  const added = (empty: JsonObject): void =>
    emit("response.output_item.added", { output_index: index, item: { ...item, ...empty } });
  const status = "in_progress";
  if (item.type === "reasoning") {
    added({ summary: [] });
    for (const [number, part] of objectsIn(item.summary).entries())
      emitSummary(part, { ...at, summary_index: number }, emit);
  } else if (item.type === "message") {
    added({ status, content: [] });
    for (const [number, part] of objectsIn(item.content).entries())
      emitPart(part, { ...at, content_index: number }, emit);
  } else {
    added({ status, arguments: "" });
    const args = String(item.arguments);
    for (const delta of textPieces(args)) emit("response.function_call_arguments.delta", { ...at, delta }, true);
    emit("response.function_call_arguments.done", { ...at, name: item.name ?? null, arguments: args });
  }
  emit("response.output_item.done", { output_index: index, item });
}

function emitSummary(part: JsonObject, at: JsonObject, emit: Emit): void {
  const text = String(part.text);
  emit("response.reasoning_summary_part.added", { ...at, part: { ...part, text: "" } });
  for (const delta of textPieces(text)) emit("response.reasoning_summary_text.delta", { ...at, delta }, true);
  emit("response.reasoning_summary_text.done", { ...at, text });
  emit("response.reasoning_summary_part.done", { ...at, part });
}

function emitPart(part: JsonObject, at: JsonObject, emit: Emit): void {
  if (part.type === "refusal") {
    const refusal = String(part.refusal);
    emit("response.content_part.added", { ...at, part: { ...part, refusal: "" } });
    for (const delta of textPieces(refusal)) emit("response.refusal.delta", { ...at, delta }, true);
    emit("response.refusal.done", { ...at, refusal });
  } else {
    const text = String(part.text);
    emit("response.content_part.added", { ...at, part: { ...part, text: "" } });
    for (const delta of textPieces(text)) emit("response.output_text.delta", { ...at, delta, logprobs: [] }, true);
    emit("response.output_text.done", { ...at, text, logprobs: [] });
  }
  emit("response.content_part.done", { ...at, part });
}
