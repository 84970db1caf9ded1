import { isJsonObject } from "../../base/index.ts";
import { type Service, toldError } from "../provider/index.ts";
import { provider } from "./messages.ts";

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
  advise(about) {
    if (/max_(completion_)?tokens/.test(about))
      return "Set `maxTokensField` in the settings to the name that the server knows.";
    if (/response_format|json_schema/.test(about))
      return "Set `outputFormat` in the settings to what the server knows.";
    return undefined;
  },
};

/** The Responses API, as errors speak of it. */
export const responsesService: Service = {
  ...chatService,
  answer: "a response of the Responses API",
  failureIn: ({ status: code }) =>
    code === "failed" || code === "cancelled" ? toldError({ code, message: `the response is ${code}` }) : undefined,
  advise(about) {
    if (/reasoning\.encrypted_content|encrypted content/i.test(about))
      return "Set `extra: { include: [] }` in the settings: this model does not give its reasoning in encrypted form.";
    if (/text\.format|json_schema/.test(about)) return "Set `outputFormat` in the settings to what the server knows.";
    return undefined;
  },
};
