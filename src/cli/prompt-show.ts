/** `wink prompt show`: renders a prompt as its first turn would, and tells what each section does in it. */
import { didYouMean, WinkError } from "../base/index.ts";
import {
  type CompiledTemplate,
  findHints,
  type RenderOptions,
  type ResolvedOverrides,
  renderPrompt,
  resolveOverrides,
  type Visibility,
} from "../prompt/index.ts";
import { type Io, report } from "./io.ts";
import { loadCounter } from "./load-counter.ts";
import { bindForShow, loadPrompt, templateOf } from "./load-prompt.ts";
import { findStore, type OverridesOptions } from "./overrides-store.ts";
import { withParamsExample } from "./params-example.ts";
import { type PromptPage, promptPage } from "./prompt-page.ts";
import { promptTree } from "./prompt-tree.ts";
import { readParams } from "./read-params.ts";

/** The options of the command. */
export interface PromptShowOptions extends OverridesOptions {
  readonly params?: string;
  readonly open?: readonly string[];
  readonly counter?: string;
}

/** Runs the command. Throws `INPUT_INVALID`, `PARAMS_INVALID`, `RENDER_FAILED`, `OVERRIDES_INVALID`. */
export async function promptShow(address: string, options: PromptShowOptions, io: Io): Promise<number> {
  const { tag } = options;
  const params = readParams(options.params, io.cwd);
  const countTokens = options.counter === undefined ? undefined : await loadCounter(options.counter, io.cwd);
  const loaded = await loadPrompt(address, io.cwd);
  const template = templateOf(loaded);
  const visibility = opened(template, options.open ?? []);
  const store = findStore(options, io);
  try {
    const prompt = bindForShow(loaded, params);
    const nothing = { prompt, tag, applied: { sections: [], tools: [] }, problems: [] };
    const resolved = store === undefined ? nothing : await resolveOverrides(prompt, { store, tag });
    const page = pageOf(resolved, { visibility, countTokens });
    report(io, options.json, page, promptPage(page));
    return 0;
  } catch (error) {
    throw withParamsExample(error, template.nodes);
  }
}

function pageOf(resolved: ResolvedOverrides<unknown, unknown>, options: RenderOptions): PromptPage {
  const { prompt, tag, applied, problems } = resolved;
  const { name, template } = prompt;
  const rendered = renderPrompt(prompt, options);
  const { system, first, tokens } = rendered;
  const hints = findHints(template);
  return {
    prompt: name,
    overrides: { tag, applied, problems },
    sections: promptTree(rendered, template, applied),
    cachePoint: template.leading,
    tools: rendered.tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    output: rendered.output?.jsonSchema ?? null,
    ...(tokens === undefined ? {} : { tokens }),
    hints,
    system,
    first,
  };
}

/** Opens the sections with these paths, and those that they stand in. */
function opened({ places, nodes }: CompiledTemplate, paths: readonly string[]): Readonly<Record<string, Visibility>> {
  const chosen: Record<string, Visibility> = {};
  for (const path of paths) {
    if (!places.has(path)) {
      throw new WinkError("INPUT_INVALID", {
        at: "--open",
        problem: `There is no section "${path}"`,
        expected: `one of ${nodes.map((node) => node.path).join(", ")}`,
        fix: didYouMean(path, places.keys()) || undefined,
        example: `--open ${nodes[0]?.path ?? ""}`,
      });
    }
    for (const node of nodes) if (`${path}.`.startsWith(`${node.path}.`)) chosen[node.path] = "full";
  }
  return chosen;
}
