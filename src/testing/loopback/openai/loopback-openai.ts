import type { Protocol } from "../protocol.ts";
import { type LoopbackOptions, type LoopbackServer, startLoopback } from "../server.ts";
import { textPieces } from "../spoken.ts";
import { type ChatDialect, chatEndpoint } from "./chat-endpoint.ts";
import { openaiErrorBody, refusedKey } from "./openai-errors.ts";
import { responsesEndpoint } from "./responses-endpoint.ts";

/**
 * Starts a server on 127.0.0.1 that speaks OpenAI's Chat Completions and Responses, also as streams.
 * It checks all that it is sent, answers by a script or function, and fails in the ways that servers fail.
 * A request that breaks the protocol is answered with status 400 and its violations.
 */
export function loopbackOpenAI(options: LoopbackOptions): Promise<LoopbackServer> {
  const protocol: Protocol = {
    basePath: "/v1",
    endpoints: new Map([
      ["/v1/chat/completions", chatEndpoint(openaiChat)],
      ["/v1/responses", responsesEndpoint()],
    ]),
    refusal: refusedKey,
    unknownModel: (model) => ({
      status: 404,
      error: {
        message: `The model \`${model}\` does not exist or you do not have access to it.`,
        code: "model_not_found",
      },
    }),
    headers: (index) => ({ "x-request-id": index === undefined ? "req_loopback" : `req_loopback_${index}` }),
    errorBody: openaiErrorBody,
  };
  return startLoopback(options, protocol);
}

const none: ReadonlySet<string> = new Set();

/** OpenAI keeps thoughts to itself; those of compatible servers are written, as drivers must know them. */
export const openaiChat: ChatDialect = {
  fields: { ofBody: none, ofMessages: none },
  answering: (model: string) => model,
  thoughtFields: (thinking: string) => ({ reasoning_content: thinking }),
  thoughtPieces: (thinking: string) => textPieces(thinking).map((piece) => ({ reasoning_content: piece })),
  thoughtProblems: () => [],
};
