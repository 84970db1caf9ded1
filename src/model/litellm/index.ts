/** Models behind the proxy LiteLLM, through a client of OpenAI's that the user passes in. */
export { type LiteLLMModelOptions, litellmModel } from "./litellm-model.ts";
