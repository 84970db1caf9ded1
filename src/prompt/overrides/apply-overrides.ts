import type { Prompt } from "../bind.ts";
import type { CompiledTemplate, SectionNode } from "../compiled-template.ts";
import { examplesText } from "../examples-text.ts";
import { fillSections, fixedText } from "../fill-text.ts";
import type { MatchedOverrides } from "./match-overrides.ts";

type Replacements = Pick<MatchedOverrides, "sections" | "tools">;

/**
 * Gives the prompt with these texts in the place of those in the code. What an earlier call put there is gone; rendering
 * costs the same; `bind` on it keeps the texts.
 */
export function applyOverrides<Output, Params>(
  prompt: Prompt<Output, Params>,
  replacements: Replacements,
): Prompt<Output, Params> {
  const original = prompt.template.original ?? prompt.template;
  const { sections, tools } = replacements;
  const template = sections.size + tools.size === 0 ? original : overridden(original, replacements);
  return template === prompt.template ? prompt : withTemplate(prompt, template);
}

/** Values and resources stay as they are: overrides change neither params nor what tools borrow. */
function withTemplate<Output, Params>(
  prompt: Prompt<Output, Params>,
  template: CompiledTemplate,
): Prompt<Output, Params> {
  const texts = fillSections(template.nodes, prompt.values);
  const code = prompt["~code"] ?? prompt; // so that applying again and again does not pile up
  return {
    ...prompt,
    template,
    texts,
    bind: (params, options) => withTemplate(code.bind(params, options), template),
    "~code": code,
  };
}

/** Its hash stays that of the code: what overrides say is told beside it. */
const overridden = (original: CompiledTemplate, replacements: Replacements): CompiledTemplate => ({
  ...original,
  nodes: original.nodes.map((node) => replaced(node, replacements)),
  original,
});

function replaced(node: SectionNode, { sections, tools }: Replacements): SectionNode {
  const text = sections.get(node.path);
  const own = node.section.tools;
  const brings = own.some(({ name }) => tools.has(name)) ? own.map((tool) => tools.get(tool.name) ?? tool) : own;
  if (text === undefined && brings === own) return node;
  const body = text === undefined ? node.section.body : ({ kind: "parts", ...text } as const);
  const examples = brings === own ? node.examples : examplesText(brings);
  const next = { ...node, examples, section: { ...node.section, body, tools: brings } };
  return { ...next, text: fixedText(next) };
}
