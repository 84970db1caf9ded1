/** Rendering: a bound prompt and a session become the text, tools and output form that go to a model. */
import { once } from "../base/index.ts";
import type { CountTokens } from "../limits/index.ts";
import { createSession, type Slice } from "../session/index.ts";
import type { Tool } from "../tool/index.ts";
import { type Prompt, requirePrompt } from "./bind.ts";
import type { SectionNode } from "./compiled-template.ts";
import { disclosureTools } from "./disclosure.ts";
import type { RenderedPrompt, RenderedSection } from "./rendered-prompt.ts";
import { askSections, type SectionState, type SessionView, shownStates } from "./section-states.ts";
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
  requirePrompt(prompt);
  const { session = emptySession(), countTokens } = options;
  const { nodes, leading, summaries, output } = prompt.template;
  const answers = askSections(prompt, session, options.visibility);
  const states = shownStates(prompt.template, answers);
  const system = new Part("system");
  const first = new Part("first");
  const sections: RenderedSection[] = [];
  const tools: Tool[] = [];
  const slices: Slice[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const state = states[index] as SectionState; // as: there is one state a node
    if (state === "off") continue;
    const node = nodes[index] as SectionNode; // as: index is below the length
    for (const slice of node.section.slices) slices.push(slice);
    if (state === "hidden") continue;
    const part = index < leading ? system : first;
    sections.push(part.add(node, state, sectionText(prompt, index, states, session)));
    if (state === "full") for (const tool of node.section.tools) tools.push(tool);
  }
  if (summaries) {
    tools.push(...disclosureTools(prompt, answers, states));
    slices.push(visibility);
  }
  const texts = { system: system.text(), first: first.text() || begin };
  const tokens = countTokens && once(() => countPromptTokens({ ...texts, sections, tools, output }, countTokens));
  return {
    ...texts,
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

const emptySession = once(() => createSession({ id: "none" }));

/** One of the two texts, as it grows section by section. */
class Part {
  readonly #name: RenderedSection["part"];
  readonly #texts: string[] = [];
  #end = 0;

  constructor(name: RenderedSection["part"]) {
    this.#name = name;
  }

  /** Adds the text of a section and tells where it stands. */
  add({ path, number, toolNames }: SectionNode, visibility: Visibility, text: string): RenderedSection {
    const start = this.#texts.length === 0 ? 0 : this.#end + between.length;
    this.#texts.push(text);
    this.#end = start + text.length;
    const tools = visibility === "full" ? [...toolNames] : [];
    return { path, number, visibility, part: this.#name, start, end: this.#end, tools };
  }

  text(): string {
    return this.#texts.join(between);
  }
}

/** What stands between two sections. */
const between = "\n\n";
