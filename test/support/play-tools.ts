import { modelAdapter } from "../../src/adapter/index.ts";
import type { Filesystem } from "../../src/files/index.ts";
import { callTools, say, scriptedModel } from "../../src/model/scripted/index.ts";
import { definePrompt } from "../../src/prompt/index.ts";
import { type FilesSectionOptions, filesSection } from "../../src/workspace/index.ts";

/** What a model sees of one call. */
export interface PlayedCall {
  readonly failed: boolean;
  readonly text: string;
}

/** Lets a scripted model make calls of the file tools, one turn each, in a whole run; gives what it saw of each. */
export async function playFileTools(
  fs: Filesystem,
  calls: readonly { readonly name: string; readonly arguments?: object }[],
  options: FilesSectionOptions = {},
): Promise<readonly PlayedCall[]> {
  const prompt = definePrompt({ ns: "test", key: "play", sections: [filesSection({ ...options, fs })] }).bind({});
  const model = scriptedModel([...calls.map((call) => callTools([call])), say("Done.")]);
  await modelAdapter(model).evaluate(prompt);
  model.assertComplete();
  return model.requests.slice(1).flatMap(({ messages }) => {
    const last = messages.at(-1);
    if (last?.role !== "tool") return [];
    return last.content.map(({ failed, text }) => ({ failed, text }));
  });
}
