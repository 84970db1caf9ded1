/** Rendering: a bound prompt and a session become the text, tools and output form that go to a model. */
import { once } from "../base/index.ts";
import type { CountTokens } from "../limits/index.ts";
import { createSession, type Slice } from "../session/index.ts";
import type { Tool } from "../tool/index.ts";
import type { Prompt } from "./bind.ts";
import type { CompiledTemplate, SectionNode } from "./compiled-template.ts";
import { disclosureTools } from "./disclosure.ts";
import type { RenderedPrompt, RenderedSection } from "./rendered-prompt.ts";
import { askSections, type SectionState, type SessionView, statesOf } from "./section-states.ts";
import { sectionText } from "./section-text.ts";
import { countPromptTokens } from "./tokens.ts";
import { type Visibility, visibility } from "./visibility.ts";

/** What {@link renderPrompt} takes; all of it may be left out. */
export interface RenderOptions {
  /** What functions of sections look at; an empty session unless given. */
  readonly session?: SessionView | undefined;
  /** Shows sections, by path, otherwise than session and section say. */
  readonly visibility?: Readonly<Record<string, Visibility>> | undefined;
  /** Counts tokens as the model does. */
  readonly countTokens?: CountTokens | undefined;
}

/** What the first user message says when all sections are stable. */
const begin = "Begin.";

/** Renders a prompt. Throws `RENDER_FAILED` naming the section whose function threw, `PARAMS_INVALID` for a missing param. */
export function renderPrompt(prompt: Prompt, options: RenderOptions = {}): RenderedPrompt {
  const { session = createSession(), countTokens } = options;
  const { nodes, leading, summaries, output } = prompt.template;
  const answers = askSections(prompt, session, options.visibility);
  const states = withoutUselessExamples(prompt.template, statesOf(nodes, answers));
  const texts = { system: "", first: "" };
  const sections: RenderedSection[] = [];
  const tools: Tool[] = [];
  const slices: Slice[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const state = states[index] as SectionState; // as: there is one state a node
    if (state === "off") continue;
    const { section, path, number } = nodes[index] as SectionNode; // as: index is below the length
    for (const slice of section.slices) slices.push(slice);
    if (state === "hidden") continue;
    const part = index < leading ? "system" : "first";
    const before = texts[part] === "" ? "" : "\n\n";
    const start = texts[part].length + before.length;
    texts[part] += before + sectionText(prompt, index, states, session);
    const own = state === "full" ? section.tools : [];
    for (const tool of own) tools.push(tool);
    const names = own.map(({ name }) => name);
    sections.push({ path, number, visibility: state, part, start, end: texts[part].length, tools: names });
  }
  if (summaries) {
    tools.push(...disclosureTools(prompt, answers, states));
    slices.push(visibility);
  }
  const { system } = texts;
  const first = texts.first === "" ? begin : texts.first;
  const tokens = countTokens && once(() => countPromptTokens({ system, first, sections, tools, output }, countTokens));
  return {
    system,
    first,
    sections,
    tools,
    slices,
    output,
    answers,
    get tokens() {
      return tokens?.();
    },
  };
}

/** Switches off examples of tasks that use a tool which is not offered: the model could not follow them. */
function withoutUselessExamples(
  { nodes, taskExamples }: CompiledTemplate,
  states: readonly SectionState[],
): readonly SectionState[] {
  if (taskExamples.length === 0) return states;
  const offered = new Set<string>();
  for (const [index, { section }] of nodes.entries()) {
    if (states[index] === "full") for (const { name } of section.tools) offered.add(name);
  }
  const useless = taskExamples.filter(
    (index) => !nodes[index]?.section.taskExample?.steps.every(({ tool }) => offered.has(tool.name)),
  );
  return states.map((state, index) => (useless.includes(index) ? "off" : state));
}
