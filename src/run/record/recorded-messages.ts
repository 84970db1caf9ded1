import type { Message, ToolResultPart } from "../../model/index.ts";
import { toolCalls } from "../transcript.ts";
import type { RunRecord } from "./run-record.ts";

/** The conversation that the model was asked with in a turn, put together from the record. */
export function recordedMessages(record: RunRecord, turn: number): readonly Message[] {
  const messages: Message[] = record.rendered === undefined ? [] : [record.rendered.first];
  for (let before = 1; before < turn; before++) {
    const message = record.responses.get(before)?.message;
    if (message === undefined) break;
    messages.push(message);
    const calls = toolCalls(message);
    if (calls.length > 0) {
      const content = calls
        .map((_call, index) => record.call(before, index).finished?.result)
        .filter((result): result is ToolResultPart => result !== undefined);
      messages.push({ role: "tool", content });
    } else if (record.repair !== undefined) messages.push(record.repair.message);
    const wrapUp = record.wrapUps.get(before);
    if (wrapUp !== undefined) messages.push(wrapUp.message);
    const lift = record.lifts.get(before);
    if (lift !== undefined) messages.push(lift.message);
  }
  return messages;
}
