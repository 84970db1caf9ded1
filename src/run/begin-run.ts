/** The first steps of a run: its journal is begun, the prompt is rendered, the slices are installed. */
import type { JsonValue } from "../base/index.ts";
import type { JournalWriter } from "../journal/index.ts";
import type { UserMessage } from "../model/index.ts";
import { type OverrideStore, renderPrompt, resolveOverrides } from "../prompt/index.ts";
import { createBreathing } from "./breathe.ts";
import type { Frame } from "./frame.ts";
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
export interface Beginning
  extends Pick<
    Frame,
    | "prompt"
    | "model"
    | "session"
    | "resources"
    | "spending"
    | "wrapUp"
    | "runId"
    | "feed"
    | "clock"
    | "logger"
    | "signal"
  > {
  readonly writer: JournalWriter;
  readonly overrides: OverrideChoice | undefined;
}

/** Takes the first steps and gives the frame that all others use. */
export async function beginRun({ writer, overrides, ...parts }: Beginning): Promise<Frame> {
  const { model, session, feed, clock, runId } = parts;
  await writer.append({
    type: "run/started",
    prompt: parts.prompt.name,
    definition: parts.prompt.template.hash(),
    params: parts.prompt.params as JsonValue, // as: what is not JSON is refused when the entry is written
    session: { id: session.id, events: session.history().length },
    model: { provider: model.provider, name: model.name },
  });
  feed.add({
    type: "run/started",
    at: clock.now(),
    runId,
    prompt: parts.prompt.name,
    model: `${model.provider}/${model.name}`,
  });
  await abortable(parts.resources.start(), parts.signal);
  const resolved = overrides && (await resolveOverrides(parts.prompt, { ...overrides, ...parts }));
  const { prompt } = resolved ?? parts;
  const applied = resolved && {
    tag: resolved.tag,
    ...resolved.applied,
    problems: resolved.problems.map(({ message }) => message),
  };
  const rendered = renderPrompt(prompt, { session });
  session.install(rendered.slices);
  const first: UserMessage = { role: "user", content: [{ type: "text", text: rendered.first }] };
  const transcript = new Transcript();
  transcript.add(first);
  const tools = new Map(rendered.tools.map((tool) => [tool.name, tool]));
  await writer.append({
    type: "prompt/rendered",
    system: rendered.system,
    first,
    tools: rendered.tools.map(specOf),
    sections: rendered.sections.map(({ path }) => path),
    summaries: rendered.sections.flatMap(({ path, visibility }) => (visibility === "summary" ? [path] : [])),
    output: rendered.output?.jsonSchema ?? null,
    overrides: applied,
  });
  feed.add({
    type: "prompt/rendered",
    at: clock.now(),
    sections: rendered.sections.map(({ path }) => path),
    tools: [...tools.keys()],
    characters: rendered.system.length + rendered.first.length,
    overrides: applied,
  });
  return { ...parts, prompt, rendered, tools, transcript, journal: writer, breathe: createBreathing(clock) };
}
