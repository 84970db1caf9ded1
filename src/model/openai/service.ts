import { isJsonObject } from "../../base/index.ts";
import { type Service, toldError } from "../provider/index.ts";
import { provider } from "./messages.ts";

const outputAdvice = "Set `outputFormat` in the settings to what the server knows.";

/** Chat Completions, as errors speak of it. */
export const chatService: Service = {
  provider,
  answer: "a chat completion",
  keyFrom: "the client's `apiKey`, by default from OPENAI_API_KEY",
  addressFrom: "`baseURL`, OPENAI_BASE_URL",
  failureIn({ choices }) {
    const [choice] = Array.isArray(choices) ? choices : [];
    if (!isJsonObject(choice)) return undefined;
    const { error, finish_reason: code } = choice;
    return (
      toldError(error) ?? (code === "error" ? toldError({ code, message: "the answer ended with it" }) : undefined)
    );
  },
  advice: [
    [/max_(?:completion_)?tokens/, "Set `maxTokensField` in the settings to the name that the server knows."],
    [/response_format|json_schema/, outputAdvice],
  ],
};

/** The Responses API, as errors speak of it. */
export const responsesService: Service = {
  ...chatService,
  answer: "a response of the Responses API",
  failureIn: ({ status: code }) =>
    code === "failed" || code === "cancelled" ? toldError({ code, message: `the response is ${code}` }) : undefined,
  advice: [
    [
      /^include\b|reasoning\.encrypted_content|encrypted content/i,
      "Set `extra: { include: [] }` in the settings: this model does not give its reasoning in encrypted form.",
    ],
    [/text\.format|json_schema/, outputAdvice],
  ],
};
