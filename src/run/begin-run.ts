/** The first steps of a run: its journal is begun, the prompt is rendered, the slices are installed. */
import type { JsonValue } from "../base/index.ts";
import type { RunStarted } from "../journal/index.ts";
import {
  type OverrideStore,
  type Prompt,
  type RenderedPrompt,
  renderPrompt,
  resolveOverrides,
} from "../prompt/index.ts";
import type { Tool } from "../tool/index.ts";
import { createBreathing } from "./breathe.ts";
import type { Frame } from "./frame.ts";
import { compares, runsHandlers } from "./mode.ts";
import { nameOf, shownName } from "./model-line.ts";
import { recallRendered } from "./recall-rendered.ts";
import { settleResources } from "./settle-resources.ts";
import { abortable } from "./signals.ts";
import { specOf } from "./tool-spec.ts";
import { Transcript } from "./transcript.ts";

/** Which stored overrides a run uses. */
export interface OverrideChoice {
  readonly store: OverrideStore;
  /** `latest` unless told. */
  readonly tag?: string | undefined;
}

/** What is there before the first step. */
export interface Beginning extends Omit<Frame, "rendered" | "tools" | "transcript" | "breathe" | "storedAs"> {
  readonly overrides: OverrideChoice | undefined;
  readonly tags: readonly string[] | undefined;
  readonly parent: RunStarted["parent"];
}

/** Takes the first steps, as far as the record does not hold them, and gives the frame that all others use. */
export async function beginRun({ overrides, tags, parent, ...parts }: Beginning): Promise<Frame> {
  const { session, feed, clock, runId, journal, record } = parts;
  const model = nameOf(parts.models.first);
  const known = compares(parts.mode) ? undefined : record.started;
  let begun = known?.seq ?? 0;
  if (known === undefined) {
    const dump = journal.isDurable ? session.dump() : undefined;
    begun = await journal.append({
      type: "run/started",
      prompt: parts.prompt.name,
      definition: parts.prompt.template.hash(),
      params: parts.prompt.params as JsonValue, // as: what is not JSON is refused when the entry is written
      session: { id: session.id, events: session.history().length, dump },
      model,
      ...(tags !== undefined && { tags }),
      ...(parent !== undefined && { parent }),
    });
  }
  feed.add({
    type: "run/started",
    at: record.started?.at ?? clock.now(),
    runId,
    prompt: parts.prompt.name,
    model: shownName(model),
  });
  if (known !== undefined) {
    const calls = [...record.calls()].filter(({ finished }) => finished !== undefined).length;
    const turns = record.responses.size;
    feed.add({ type: "run/resumed", at: clock.now(), turns, calls });
    if (parts.mode === "live") parts.log.write("info", "prompt_execution_resumed", { turns, calls });
  }
  if (runsHandlers(parts.mode)) await abortable(parts.resources.start(), parts.signal);
  await settleResources(parts);
  const { prompt, rendered, tools } = await renderedOrRecalled(parts, overrides);
  session.install(rendered.slices);
  const transcript = new Transcript();
  transcript.add({ role: "user", content: [{ type: "text", text: rendered.first }] });
  const storedAs = begun === 0 ? runId : `${runId}#${begun}`;
  return { ...parts, prompt, rendered, tools, transcript, storedAs, breathe: createBreathing(clock) };
}

/** What is rendered, and the tools that are offered first. */
interface Rendered {
  readonly prompt: Prompt;
  readonly rendered: RenderedPrompt;
  readonly tools: Map<string, Tool>;
}

/** Renders the prompt, or takes from the record what was rendered: a run that goes on is never rendered again. */
async function renderedOrRecalled(
  parts: Omit<Beginning, "overrides" | "tags" | "parent">,
  overrides: OverrideChoice | undefined,
): Promise<Rendered> {
  const { session, feed, clock, journal, record } = parts;
  // what is opened later is rendered of this; what was rendered is in the record
  const resolved = overrides && (await resolveOverrides(parts.prompt, { ...overrides, ...parts }));
  const { prompt } = resolved ?? parts;
  const known = compares(parts.mode) ? undefined : record.rendered;
  if (known !== undefined) {
    const rendered = recallRendered(prompt, known);
    feed.add({
      type: "prompt/rendered",
      at: known.at,
      sections: known.sections,
      tools: known.tools.map(({ name }) => name),
      characters: rendered.system.length + rendered.first.length,
      overrides: known.overrides,
    });
    return { prompt, rendered, tools: byName(rendered.tools) };
  }
  const applied = resolved && {
    tag: resolved.tag,
    ...resolved.applied,
    problems: resolved.problems.map(({ message }) => message),
  };
  const rendered = renderPrompt(prompt, { session });
  const sections = rendered.sections.map(({ path }) => path);
  await journal.append({
    type: "prompt/rendered",
    system: rendered.system,
    first: { role: "user", content: [{ type: "text", text: rendered.first }] },
    tools: rendered.tools.map(specOf),
    sections,
    summaries: rendered.sections.flatMap(({ path, visibility }) => (visibility === "summary" ? [path] : [])),
    answers: answersByPath(prompt, rendered),
    output: rendered.output?.jsonSchema ?? null,
    overrides: applied,
  });
  const tools = byName(rendered.tools);
  feed.add({
    type: "prompt/rendered",
    at: record.rendered?.at ?? clock.now(),
    sections,
    tools: [...tools.keys()],
    characters: rendered.system.length + rendered.first.length,
    overrides: applied,
  });
  return { prompt, rendered, tools };
}

const byName = (tools: readonly Tool[]): Map<string, Tool> => new Map(tools.map((tool) => [tool.name, tool]));

function answersByPath({ template }: Prompt, { answers }: RenderedPrompt): Record<string, "full" | "summary"> {
  return Object.fromEntries(
    answers.flatMap((answer, index) => (answer === "off" ? [] : [[template.nodes[index]?.path ?? "", answer]])),
  );
}
