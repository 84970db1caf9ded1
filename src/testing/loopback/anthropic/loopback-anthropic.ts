import type { Protocol } from "../protocol.ts";
import { type LoopbackOptions, type LoopbackServer, startLoopback } from "../server.ts";
import { messagesEndpoint } from "./messages-endpoint.ts";

const errorTypes = new Map([
  [401, "authentication_error"],
  [402, "billing_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [504, "timeout_error"],
  [529, "overloaded_error"],
]);

/**
 * Starts a server on 127.0.0.1 that speaks Anthropic's Messages, also as streams.
 * It checks all that it is sent, answers by a script or function, and fails in the ways that servers fail.
 * A request that breaks the protocol is answered with status 400 and its violations. Thinking that it gave must come
 * back unchanged; what stands before a cache point is counted as written once, then as read.
 */
export function loopbackAnthropic(options: LoopbackOptions): Promise<LoopbackServer> {
  const requestId = (index: number | undefined): string =>
    index === undefined ? "req_loopback" : `req_loopback_${index}`;
  const protocol: Protocol = {
    basePath: "",
    endpoints: new Map([["/v1/messages", messagesEndpoint()]]),
    refusal(headers, apiKey) {
      // The SDK sends `Authorization` since its version 1, and `x-api-key` before; where both are sent, that counts.
      const key = headers["x-api-key"] ?? headers.authorization?.replace("Bearer ", "");
      return key === apiKey ? undefined : { status: 401, error: { message: "invalid x-api-key" } };
    },
    unknownModel: (model) => ({ status: 404, error: { message: `model: ${model}` } }),
    headers: (index) => ({ "request-id": requestId(index) }),
    errorBody(status, error, index) {
      const type = errorTypes.get(status) ?? (status >= 500 ? "api_error" : "invalid_request_error");
      return { type: "error", error: { type, message: `status ${status}`, ...error }, request_id: requestId(index) };
    },
  };
  return startLoopback(options, protocol);
}
