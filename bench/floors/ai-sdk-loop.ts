/** Floor of a run on a model of the AI SDK: the SDK's own loop of tools, `generateText`, with the same tool and form of the answer. */
import { registerHooks } from "node:module";
import type { LanguageModel } from "ai";
import type { z } from "zod";
import type { params as addition } from "./turn.ts";

// The SDK uses a package that has an export condition `source`, as this one has, for TypeScript that Node does not run there.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith("eventsource-parser")
      ? next(specifier, { ...context, conditions: context.conditions.filter((condition) => condition !== "source") })
      : next(specifier, context),
});
const { generateText, isStepCount, Output, tool } = await import("ai");
const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");

/** A model of the SDK over HTTP. */
export const sdkModel = (baseURL: string) =>
  createOpenAICompatible({ name: "bench", baseURL, apiKey: "bench", supportsStructuredOutputs: true })("bench");

/** One run of as many steps as there are turns. */
export async function sdkLoop(
  model: LanguageModel,
  steps: number,
  params: typeof addition,
  output: z.ZodType,
  call: (params: z.output<typeof addition>) => object,
): Promise<unknown> {
  const add = tool({ description: "Add two numbers.", inputSchema: params, execute: async (given) => call(given) });
  const { output: answer } = await generateText({
    model,
    maxRetries: 0,
    instructions: "Add numbers with the tool, then answer.",
    prompt: "Begin.",
    tools: { add },
    stopWhen: isStepCount(steps),
    output: Output.object({ schema: output }),
  });
  return answer;
}
