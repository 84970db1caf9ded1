/** The first steps of a run: its journal is begun, the prompt is rendered, the slices are installed. */
import type { JsonValue } from "../base/index.ts";
import type { JournalWriter } from "../journal/index.ts";
import type { UserMessage } from "../model/index.ts";
import { renderPrompt } from "../prompt/index.ts";
import { createBreathing } from "./breathe.ts";
import type { Frame } from "./frame.ts";
import { specOf } from "./tool-spec.ts";
import { Transcript } from "./transcript.ts";

/** What is there before the first step. */
export interface Beginning
  extends Pick<Frame, "prompt" | "model" | "session" | "runId" | "feed" | "clock" | "logger" | "signal"> {
  readonly writer: JournalWriter;
}

/** Takes the first steps and gives the frame that all others use. */
export async function beginRun({ writer, ...parts }: Beginning): Promise<Frame> {
  const { prompt, model, session, feed, clock, runId } = parts;
  await writer.append({
    type: "run/started",
    prompt: prompt.name,
    definition: prompt.template.hash(),
    params: prompt.params as JsonValue, // as: what is not JSON is refused when the entry is written
    session: { id: session.id, events: session.ledger().length },
    model: { provider: model.provider, name: model.name },
  });
  feed.add({
    type: "run/started",
    at: clock.now(),
    runId,
    prompt: prompt.name,
    model: `${model.provider}/${model.name}`,
  });
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
  });
  feed.add({
    type: "prompt/rendered",
    at: clock.now(),
    sections: rendered.sections.map(({ path }) => path),
    tools: [...tools.keys()],
    characters: rendered.system.length + rendered.first.length,
  });
  return { ...parts, rendered, tools, transcript, journal: writer, breathe: createBreathing(clock) };
}
