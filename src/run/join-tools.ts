/** Tools of sections that the model has opened are offered from its next turn on, at the end of the list. */
import { openTools } from "../prompt/index.ts";
import type { Frame } from "./frame.ts";
import { compares } from "./mode.ts";
import { asTold, specOf } from "./tool-spec.ts";

/** Adds the tools of sections that are open by now; tells whether any joined. */
export async function joinOpenedTools(frame: Frame, turn: number): Promise<boolean> {
  const { prompt, rendered, session, tools, journal, feed, clock, record, mode } = frame;
  const joining = openTools(prompt, rendered.answers, session).filter(({ name }) => !tools.has(name));
  if (joining.length === 0) return false;
  const known = record.joined.get(turn);
  const isKnown = known !== undefined && !compares(mode);
  if (!isKnown) await journal.append({ type: "tools/joined", turn, tools: joining.map(specOf) });
  for (const tool of isKnown ? asTold(joining, known.tools) : joining) tools.set(tool.name, tool);
  feed.add({ type: "tools/joined", at: known?.at ?? clock.now(), turn, tools: joining.map(({ name }) => name) });
  return true;
}
