/**
 * Progressive disclosure: tools by which a model opens or reads what is summarised. Opening is an ordinary call whose result
 * is the text; the tools of what was opened are offered from the next turn on, and a later run renders it in its place.
 */
import { didYouMean } from "../base/index.ts";
import { fail, ok, type Tool, type ToolContext, type ToolResult, tool } from "../tool/index.ts";
import type { Prompt } from "./bind.ts";
import type { SectionNode } from "./compiled-template.ts";
import { plainSchema } from "./plain-schema.ts";
import { type Answer, type SectionState, type SessionView, shownStates } from "./section-states.ts";
import { bringsTools, sectionText } from "./section-text.ts";
import { VisibilitySet, visibilityIn } from "./visibility.ts";

/** The tool by which a model opens sections. */
export const openSectionsName = "open_sections";

/** The names of the library's own tools: a prompt with summaries may have none of its own under them. */
export const disclosureNames: readonly string[] = [openSectionsName, "read_section"];

/** The tool by which models read results that were dropped from their context; no prompt has another one of that name. */
export const readDroppedName = "read_dropped_result";

const openParams = plainSchema<{ readonly section_keys: readonly string[]; readonly reason: string }>({
  type: "object",
  properties: {
    section_keys: {
      type: "array",
      items: { type: "string" },
      minItems: 1,
      description: 'Paths of the sections to open, like "policy.eu".',
    },
    reason: { type: "string", description: "Why they are needed." },
  },
  required: ["section_keys", "reason"],
  additionalProperties: false,
});

const readParams = plainSchema<{ readonly section_key: string }>({
  type: "object",
  properties: { section_key: { type: "string", description: 'The path of the section to read, like "policy.eu".' } },
  required: ["section_key"],
  additionalProperties: false,
});

/** So many sections are opened at once, at most: each that is wrong is compared with all there are. */
const mostKeys = 50;

/** The tools for what is summarised at first: `open_sections` where it brings tools, `read_section` where it does not. */
export function disclosureTools(
  prompt: Prompt,
  answers: readonly Answer[],
  states: readonly SectionState[],
): readonly Tool[] {
  const { nodes } = prompt.template;
  const summarised = states.flatMap((state, index) => (state === "summary" ? [index] : []));
  const withTools = summarised.filter((index) => bringsTools(nodes, index, states));
  const offered: Tool[] = [];
  if (withTools.length > 0) offered.push(openSections(prompt, answers));
  if (withTools.length < summarised.length) offered.push(readSection(prompt, answers));
  return offered;
}

/** The tools of sections that are shown in full by now, by what the session keeps. */
export function openTools(prompt: Prompt, answers: readonly Answer[], session: SessionView): readonly Tool[] {
  const states = statesNow(prompt, answers, session);
  return prompt.template.nodes.flatMap(({ section }, index) => (states[index] === "full" ? section.tools : []));
}

/** Says of a tool that is not offered how it would be; undefined when no section that takes part in the run brings it. */
export function closedTool(prompt: Prompt, answers: readonly Answer[], name: string): string | undefined {
  const { nodes } = prompt.template;
  const index = nodes.findIndex(({ toolNames }) => toolNames.includes(name));
  const state = shownStates(prompt.template, answers)[index];
  if (state === undefined || state === "off") return undefined;
  return `${name} comes with section "${nodes[index]?.path}": open that first, and call ${name} in a later turn.`;
}

function openSections(prompt: Prompt, answers: readonly Answer[]): Tool {
  return tool({
    name: openSectionsName,
    description: "Open summarised sections: gives their full text, and their tools from the next turn on.",
    effects: "none",
    overridable: false,
    params: openParams,
    handler: ({ section_keys: keys }, { session }) => open(prompt, answers, [...new Set(keys)], session),
  });
}

function readSection(prompt: Prompt, answers: readonly Answer[]): Tool {
  return tool({
    name: "read_section",
    description: "Read the full text of one summarised section.",
    effects: "none",
    overridable: false,
    params: readParams,
    handler: ({ section_key: key }, { session }) => {
      const states = statesNow(prompt, answers, session);
      const found = findSummarised(prompt, states, key);
      if (typeof found === "string") return fail(`${found} ${closedText(prompt, states)}`);
      const own = answersNow(prompt, answers, session).with(found, "full");
      return ok(subtreeText(prompt, found, statesBelow(prompt, own, found), session));
    },
  });
}

function open(
  prompt: Prompt,
  answers: readonly Answer[],
  keys: readonly string[],
  session: ToolContext["session"],
): ToolResult<string> {
  const { nodes, name } = prompt.template;
  if (keys.length > mostKeys) return fail(`That are ${keys.length} sections at once. Open at most ${mostKeys}.`);
  const before = statesNow(prompt, answers, session);
  const opened = new Set<number>();
  const problems: string[] = [];
  for (const key of keys) {
    const found = findSummarised(prompt, before, key);
    if (typeof found === "string") problems.push(found);
    else for (const index of withSummarisedAbove(nodes, before, found)) opened.add(index);
  }
  if (problems.length > 0) return fail(`${problems.slice(0, 5).join(" ")} ${closedText(prompt, before)}`);
  const order = [...opened].sort((a, b) => a - b);
  for (const index of order) {
    session.dispatch(VisibilitySet({ prompt: name, section: nodes[index]?.path ?? "", visibility: "full" }));
  }
  const after = statesNow(prompt, answers, session);
  // what stands in another opened section is part of its text
  const roots = order.filter((index) => !isWithin(nodes, index, opened));
  const texts = roots.map((index) => subtreeText(prompt, index, after, session));
  const tools = nodes.flatMap(({ section }, index) =>
    after[index] === "full" && before[index] !== "full" ? section.tools.map((tool) => tool.name) : [],
  );
  const said = tools.length === 0 ? "" : `From the next turn on there are: ${tools.join(", ")}.`;
  return ok(texts.join("\n\n"), said);
}

/** The place of a section that is not shown in full, or a sentence for the model that says why there is none. */
function findSummarised({ template }: Prompt, states: readonly SectionState[], key: string): number | string {
  const closed = template.nodes.filter((_node, index) => states[index] === "summary" || states[index] === "hidden");
  const known = closed.map(({ path }) => path);
  const index = template.places.get(key);
  const state = index === undefined ? undefined : states[index];
  if (index !== undefined && (state === "summary" || state === "hidden")) return index;
  const shown = JSON.stringify(key.length > 100 ? `${key.slice(0, 99)}…` : key);
  const problem =
    state === undefined
      ? `There is no section ${shown}. ${meantBy(key, known)}`
      : state === "full"
        ? `Section ${shown} is shown in full already: its text stands above.`
        : `Section ${shown} is switched off in this run.`;
  return problem.trim();
}

/** The sections that are not shown in full, for a model that named another. */
function closedText({ template }: Prompt, states: readonly SectionState[]): string {
  const known = template.nodes.flatMap(({ path }, index) =>
    states[index] === "summary" || states[index] === "hidden" ? [path] : [],
  );
  return known.length === 0
    ? "No section is summarised any more."
    : `Summarised are: ${known.slice(0, 50).join(", ")}.`;
}

/** What was likely meant: a section of that key elsewhere in the tree, or one of a similar path. */
function meantBy(key: string, known: readonly string[]): string {
  const [inner, ...others] = known.filter((path) => path.endsWith(`.${key}`));
  return inner !== undefined && others.length === 0 ? `Did you mean ${JSON.stringify(inner)}?` : didYouMean(key, known);
}

/** What each section says by now: a session that a call has changed wins over what was said when the run began. */
function answersNow({ template }: Prompt, answers: readonly Answer[], session: SessionView): readonly Answer[] {
  const kept = visibilityIn(session, template.name);
  return answers.map((answer, index) =>
    answer !== "off" && kept.get(template.nodes[index]?.path ?? "") === "full" ? "full" : answer,
  );
}

const statesNow = (prompt: Prompt, answers: readonly Answer[], session: SessionView): readonly SectionState[] =>
  shownStates(prompt.template, answersNow(prompt, answers, session));

/** What would be shown of a section and those below it if all that it stands in were open. */
function statesBelow({ template }: Prompt, own: readonly Answer[], index: number): readonly SectionState[] {
  const opened = [...own];
  for (let above = template.nodes[index]?.parent ?? -1; above !== -1; above = template.nodes[above]?.parent ?? -1) {
    opened[above] = "full";
  }
  return shownStates(template, opened);
}

/** A section, and those that it stands in as far as they show only their summary: it could not be seen without them. */
function withSummarisedAbove(
  nodes: readonly SectionNode[],
  states: readonly SectionState[],
  index: number,
): readonly number[] {
  const all = [index];
  for (let above = nodes[index]?.parent ?? -1; above !== -1; above = nodes[above]?.parent ?? -1) {
    if (states[above] !== "full") all.push(above);
  }
  return all;
}

function isWithin(nodes: readonly SectionNode[], index: number, opened: ReadonlySet<number>): boolean {
  for (let above = nodes[index]?.parent ?? -1; above !== -1; above = nodes[above]?.parent ?? -1) {
    if (opened.has(above)) return true;
  }
  return false;
}

/** A section and those below it, as a render would show them. */
function subtreeText(prompt: Prompt, index: number, states: readonly SectionState[], session: SessionView): string {
  const { nodes } = prompt.template;
  const texts: string[] = [];
  for (let at = index; at <= index + (nodes[index]?.descendants ?? 0); at++) {
    if (states[at] === "full" || states[at] === "summary") texts.push(sectionText(prompt, at, states, session));
  }
  return texts.join("\n\n");
}
