import type { ModelRequest } from "../model/index.ts";
import type { Frame } from "./frame.ts";

/** The request with the messages that are sent by now, and the tools that are offered. */
export const offering = (request: ModelRequest, { transcript, wrapUp, tools }: Frame): ModelRequest => ({
  ...request,
  messages: transcript.sent,
  tools: wrapUp.offered(tools.values()),
});

/** The same; the request itself, which a driver may know, when messages were only added. */
export const requestNow = (request: ModelRequest, frame: Frame): ModelRequest =>
  request.messages === frame.transcript.sent ? request : offering(request, frame);
