import type { ModelRequest, ToolResultPart } from "../../model/index.ts";
import { readDroppedName } from "../../prompt/index.ts";
import type { Frame } from "../frame.ts";
import { requestNow } from "../request-now.ts";
import type { ContextRoom, ContextWindow } from "./context-window.ts";
import { readResultTool } from "./read-result.ts";
import type { TokenCount } from "./request-counter.ts";

/** What is counted, and for what there is room. */
export interface Fitting {
  readonly frame: Frame;
  readonly window: ContextWindow;
  readonly room: ContextRoom;
  /** The request as it is now. */
  request: ModelRequest;
  count: TokenCount;
}

/** Counts again when something was left out. */
export function countAgain(fitting: Fitting): void {
  const { frame, window } = fitting;
  fitting.request = requestNow(fitting.request, frame);
  fitting.count = window.counter.count(frame.models.current, fitting.request);
}

/** How many tokens there are for each that we reckon. */
export const perReckoned = ({ window, request, count }: Fitting): number =>
  count.tokens / Math.max(1, window.counter.reckon(request));

/** Offers the tool that reads dropped results, and gives it when it was not offered before. */
export function joinReader({ tools, transcript }: Frame): ReturnType<typeof readResultTool> | undefined {
  if (tools.has(readDroppedName)) return undefined;
  const tool = readResultTool(transcript.messages);
  tools.set(tool.name, tool);
  return tool;
}

/** What stands for a result that is left out. */
export const standIn = ({ id, text }: ToolResultPart): string =>
  `[${text.length} characters are left out here, to make room. ${readDroppedName} gives them again, with call: ${JSON.stringify(id)}]`;

/** Where the newest turns begin in a list of messages: at their first answer. */
export function placeOfNewest(messages: readonly { readonly role: string }[], turns: number): number {
  let left = turns;
  let place = messages.length;
  while (left > 0 && place > 0) if (messages[--place]?.role === "assistant") left--;
  return place;
}
