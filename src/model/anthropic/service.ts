import type { Service } from "../provider/index.ts";
import { provider } from "./messages.ts";

/** The status that each type of error comes with when it comes as an answer of its own. */
const statuses: ReadonlyMap<string, number> = new Map([
  ["invalid_request_error", 400],
  ["authentication_error", 401],
  ["billing_error", 402],
  ["permission_error", 403],
  ["not_found_error", 404],
  ["conflict_error", 409],
  ["request_too_large", 413],
  ["rate_limit_error", 429],
  ["api_error", 500],
  ["timeout_error", 504],
  ["overloaded_error", 529],
]);

const outputAdvice = 'Set `outputFormat` in the settings to "tool" or "none".';

/** The Messages API, as errors speak of it. */
export const messagesService: Service = {
  provider,
  answer: "a message",
  keyFrom: "the client's `apiKey`, by default from ANTHROPIC_API_KEY",
  addressFrom: "`baseURL`, ANTHROPIC_BASE_URL",
  statusOf: (type) => statuses.get(type) ?? 500,
  advice: [
    [
      /\b(?:temperature|top_p|top_k)\b/,
      "Leave `temperature`, `topP` and `topK` out of the settings: newer models do not take them.",
    ],
    [/\bthinking\b|budget_tokens/, "Set `thinking` in the settings to what the model knows."],
    [/\beffort\b/, "Leave `effort` out of the settings."],
    [/output_config(?!\.effort)|output_format|json_schema/, outputAdvice],
  ],
  sayings: [
    [/\bmax_tokens: \d+ > \d+/, "Set `maxOutputTokens` in the settings to no more than the model gives."],
    [
      /when tool_choice forces/,
      'Set `toolChoice` to "auto" and `outputFormat` to "json-schema", or `thinking` to "disabled".',
    ],
    [/output_config\.format\.schema/, outputAdvice],
  ],
};
