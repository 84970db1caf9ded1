import type { Journal } from "../../src/journal/index.ts";
import type { World } from "./durable-agent.ts";
import type { Told } from "./durable-life.ts";

/** What is wrong with a run that was cut off and gone on with, beside one that was not; nothing when nothing is. */
export async function problemsOf(told: Told, whole: Told, world: World, journal: Journal): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const name of ["status", "output", "turns", "notes"] as const) {
    const [is, was] = [told, whole].map((one) => JSON.stringify(one[name]));
    if (is !== was) problems.push(`${name}: ${is}, and it should be ${was}`);
  }
  const lines = world.lines();
  const asked = lines.filter((line) => line.startsWith("model "));
  const repeated = asked.length - new Set(asked).size;
  if (repeated > 1) problems.push(`${repeated} answers of the model were paid for twice`);
  // what was done outside has a key of its own for each call, so a line that is there twice was done twice
  const once = lines.filter((line) => /^(mail|ship|pay|approved) /.test(line));
  if (new Set(once).size < once.length)
    problems.push(`done twice: ${once.filter((line, index) => once.indexOf(line) < index)}`);
  for (const runId of await journal.runs()) {
    const ends = (await journal.read(runId)).flatMap((entry) => (entry.type === "tool/finished" ? [entry.call] : []));
    if (new Set(ends).size < ends.length) problems.push(`${runId}: a call has two results`);
  }
  return problems;
}
