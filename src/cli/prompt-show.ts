/** `wink prompt show`: renders a prompt as its first turn would, and tells what each section does in it. */
import { didYouMean, WinkError } from "../base/index.ts";
import {
  type CompiledTemplate,
  findHints,
  type RenderOptions,
  type ResolvedOverrides,
  renderPrompt,
  resolveOverrides,
  type SectionNode,
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
  const { tag, open = [] } = options;
  const params = readParams(options.params, io.cwd);
  const countTokens = options.counter === undefined ? undefined : await loadCounter(options.counter, io);
  const loaded = await loadPrompt(address, io);
  const template = templateOf(loaded);
  const visibility = opened(template, open);
  const store = findStore(options, io);
  try {
    const prompt = bindForShow(loaded, params);
    const nothing = { prompt, tag, applied: { sections: [], tools: [] }, problems: [] };
    const resolved = store === undefined ? nothing : await resolveOverrides(prompt, { store, tag });
    const page = pageOf(resolved, { visibility, countTokens });
    report(io, options.json, page, promptPage(page));
    for (const { path, shown } of page.sections) {
      if (shown === "off" && open.includes(path)) io.err(`wink: section "${path}" is off: there is nothing to open\n`);
    }
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
function opened({ nodes }: CompiledTemplate, paths: readonly string[]): Readonly<Record<string, Visibility>> {
  const chosen: Record<string, Visibility> = {};
  for (const path of paths) {
    const way = wayTo(nodes, path);
    if (!way.some(hasSummary)) throw notOpenable(nodes, path);
    for (const node of way) chosen[node.path] = "full";
  }
  return chosen;
}

/** A section behind those that it stands in; nothing when there is none with the path. */
function wayTo(nodes: readonly SectionNode[], path: string): readonly SectionNode[] {
  const way = nodes.filter((node) => `${path}.`.startsWith(`${node.path}.`));
  return way.at(-1)?.path === path ? way : [];
}

const hasSummary = ({ section }: SectionNode): boolean => section.summary !== undefined;

function notOpenable(nodes: readonly SectionNode[], path: string): WinkError {
  const openable = nodes.map((node) => node.path).filter((one) => wayTo(nodes, one).some(hasSummary));
  const isThere = nodes.some((node) => node.path === path);
  return new WinkError("INPUT_INVALID", {
    at: "--open",
    problem: isThere ? "The section has no summary to open" : "There is no such section",
    expected: openable.length === 0 ? "no --open: no section has a summary" : `one of ${openable.join(", ")}`,
    received: `"${path}"`,
    fix: isThere ? "" : didYouMean(path, openable) || undefined,
    example: openable.length === 0 ? undefined : `--open ${openable[0]}`,
  });
}
