/** Which sections take part in a run and how much of each is shown: asked once, when the run begins. */
import { didYouMean, messageFrom, WinkError } from "../base/index.ts";
import type { SessionAccess } from "../session/index.ts";
import type { Prompt } from "./bind.ts";
import type { RenderContext } from "./body.ts";
import type { CompiledTemplate, SectionNode } from "./compiled-template.ts";
import type { Section } from "./section-definition.ts";
import { type Visibility, visibilityIn } from "./visibility.ts";

/** What a section says of itself, whatever it stands in. */
export type Answer = "off" | Visibility;

/** What is shown of a section in its place: `hidden` stands in a section that shows only its summary. */
export type SectionState = "off" | "hidden" | Visibility;

/** What a session is asked for by functions of sections. */
export type SessionView = Pick<SessionAccess, "query">;

/** Asks each section whether it takes part and how much it shows. `chosen` wins over the session, that over the section. */
export function askSections(
  prompt: Prompt,
  session: SessionView,
  chosen: Readonly<Record<string, Visibility>> = {},
): readonly Answer[] {
  const { nodes } = prompt.template;
  const answers: Answer[] = new Array(nodes.length).fill("off"); // those below a section that is off are not asked
  const wins = winning(prompt.template, session, chosen);
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index] as SectionNode; // as: index is below the length
    if (!isEnabled(prompt, index, session)) index += node.descendants;
    else answers[index] = (wins.size > 0 && wins.get(node.path)) || ownVisibility(prompt, index, session);
  }
  return answers;
}

/** Works out what is shown of each section in its place. */
export function statesOf(nodes: readonly SectionNode[], answers: readonly Answer[]): readonly SectionState[] {
  const states: SectionState[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const { parent } = nodes[index] as SectionNode; // as: index is below the length
    const answer = answers[index] as Answer; // as: there is one answer a node
    states.push(answer === "off" || parent === -1 || states[parent] === "full" ? answer : "hidden");
  }
  return states;
}

/** What is shown of each section in its place, without examples of tasks that could not be followed. */
export function shownStates(template: CompiledTemplate, answers: readonly Answer[]): readonly SectionState[] {
  return withoutUselessExamples(template, statesOf(template.nodes, answers));
}

/** The params of a section; throws `PARAMS_INVALID` where `bind` was not given them. */
export function paramsOf({ values }: Prompt, index: number): object {
  const value = values[index] as object; // as: there is one value a node
  if (value instanceof WinkError) throw value;
  return value;
}

/** What functions of a section are given. Its params are looked at only when the function does. */
export function contextOf(prompt: Prompt, index: number, session: SessionView): RenderContext<unknown> {
  const params = prompt.values[index];
  if (!(params instanceof WinkError)) return { params, session };
  return {
    session,
    get params(): never {
      throw params;
    },
  };
}

/** What is set from outside for sections, by path. Throws `RENDER_FAILED` for what no section can show. */
function winning(
  { name, places, nodes, summaries }: CompiledTemplate,
  session: SessionView,
  chosen: Readonly<Record<string, Visibility>>,
): ReadonlyMap<string, Visibility> {
  const given = Object.entries(chosen);
  if (!summaries && given.length === 0) return none;
  const wins = new Map<string, Visibility>();
  for (const [path, visibility] of visibilityIn(session, name)) {
    // a session may be older than the template: what it keeps for sections without a summary, or gone, is left alone
    if (nodes[places.get(path) ?? -1]?.section.summary !== undefined) wins.set(path, visibility);
  }
  for (const [path, visibility] of given) {
    const known = nodes[places.get(path) ?? -1]?.section;
    const isShowable = visibility === "full" || (visibility === "summary" && known?.summary !== undefined);
    if (known === undefined || !isShowable) {
      const able = nodes.filter(({ section }) => section.summary !== undefined).map((node) => node.path);
      throw new WinkError("RENDER_FAILED", {
        at: `prompt "${name}", section "${path}"`,
        problem:
          known === undefined ? "There is no such section" : "The section cannot be shown so: it has no such text",
        expected: able.length === 0 ? "no visibility: no section has a summary" : `one of ${able.join(", ")}`,
        received: `${JSON.stringify(path)}: ${JSON.stringify(visibility)}`,
        fix: didYouMean(path, known === undefined ? places.keys() : able) || undefined,
        example: `visibility: { ${JSON.stringify(able[0] ?? [...places.keys()][0] ?? "rules")}: "full" }`,
        details: { section: path },
      });
    }
    wins.set(path, visibility);
  }
  return wins;
}

const none: ReadonlyMap<string, Visibility> = new Map();

function isEnabled(prompt: Prompt, index: number, session: SessionView): boolean {
  const { section, path } = prompt.template.nodes[index] as SectionNode; // as: index is that of a node
  const { enabled } = section;
  if (enabled === undefined) return true;
  const asked = calling(path, "enabled", () => enabled(contextOf(prompt, index, session)));
  if (typeof asked === "boolean") return asked;
  throw wrongKind(path, "enabled", "true or false, at once", asked, "enabled: ({ params }) => params.strict");
}

function ownVisibility(prompt: Prompt, index: number, session: SessionView): Visibility {
  const { section, path } = prompt.template.nodes[index] as SectionNode; // as: index is that of a node
  const { visibility } = section;
  if (typeof visibility !== "function") return visibility;
  const asked = calling(path, "visibility", () => visibility(contextOf(prompt, index, session)));
  if (asked === "full" || asked === "summary") return asked;
  throw wrongKind(path, "visibility", '"full" or "summary", at once', asked, 'visibility: () => "summary"');
}

/** Calls a function of a section; throws `RENDER_FAILED` naming the section when it throws. */
export function calling<Value>(path: string, what: string, call: () => Value): Value {
  try {
    return call();
  } catch (cause) {
    if (WinkError.is(cause, "PARAMS_INVALID")) throw cause; // says more: which param was not given
    throw new WinkError("RENDER_FAILED", {
      at: `section "${path}"`,
      problem: `The function for ${what} threw: ${messageFrom(cause)}`,
      expected: "a function that only looks at params and session, and gives its answer",
      received: "an exception",
      fix: "Mend the function that the message names.",
      example: `${what}: ({ params, session }) => …`,
      details: { section: path },
      cause,
    });
  }
}

/** The error for a function of a section that gave something of another kind. */
export function wrongKind(path: string, what: string, expected: string, value: unknown, example: string): WinkError {
  if (value instanceof Promise) value.catch(() => undefined); // its end does not matter any more, but must not be an unhandled rejection
  return new WinkError("RENDER_FAILED", {
    at: `section "${path}"`,
    problem: `The function for ${what} gave something else`,
    expected,
    received: value instanceof Promise ? "a promise" : typeof value === "string" ? JSON.stringify(value) : typeof value,
    fix: value instanceof Promise ? "Wait for it before the prompt is defined." : undefined,
    example,
    details: { section: path },
  });
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
  const useless = new Set(
    taskExamples.filter(
      (index) => !nodes[index]?.section.taskExample?.steps.every(({ tool }) => offered.has(tool.name)),
    ),
  );
  const parentOf = (index: number): number => (nodes[index] as SectionNode).parent; // as: examples are nodes
  const kept = new Set(taskExamples.filter((index) => !useless.has(index)).map(parentOf));
  for (const parent of [...useless].map(parentOf)) {
    // a section of examples and nothing else goes with the last of them
    if (!kept.has(parent) && holdsOnlyExamples(nodes[parent]?.section)) useless.add(parent);
  }
  return states.map((state, index) => (useless.has(index) ? "off" : state));
}

const holdsOnlyExamples = (section: Section | undefined): boolean =>
  section?.body.kind === "parts" &&
  section.body.parts.join("") === "" &&
  section.tools.length + section.slices.length === 0 &&
  section.summary === undefined &&
  section.sections.every(({ taskExample }) => taskExample !== undefined);
