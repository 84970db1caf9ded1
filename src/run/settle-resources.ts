/** Resources that can be taken back, when a run begins or goes on: their content is written down, or made as it was. */
import { type JsonObject, WinkError } from "../base/index.ts";
import type { Token } from "../resources/index.ts";
import type { Frame } from "./frame.ts";

/** Writes down what durable resources hold, or makes it again from the record. Throws `WORKSPACE_MISSING`. */
export async function settleResources({
  prompt,
  resources,
  journal,
  record,
  mode,
  runId,
}: Pick<Frame, "prompt" | "resources" | "journal" | "record" | "mode" | "runId">): Promise<void> {
  if (mode !== "live") return;
  const durable = [...prompt.resources.values()].filter(
    ({ token, provided }) => token.transaction?.durable !== undefined && isOfRun(provided?.scope),
  );
  const { saved } = record;
  if (saved !== undefined) {
    for (const [name, content] of Object.entries(saved.resources)) {
      const token = durable.find((binding) => binding.token.name === name)?.token;
      if (token === undefined) throw missing(runId, name);
      await token.transaction?.durable?.load(await borrowedValue(resources, token), content, record.kept);
    }
    return;
  }
  if (!journal.isDurable || durable.length === 0) return;
  const contents: Record<string, JsonObject> = {};
  for (const { token } of durable) {
    const content = await token.transaction?.durable?.save(await borrowedValue(resources, token), journal.keep);
    if (content !== undefined) contents[token.name] = content;
  }
  await journal.append({ type: "resources/saved", resources: contents });
}

/** What is made anew for each call holds nothing that must be there when the run goes on. */
const isOfRun = (scope: string | undefined): boolean => scope === undefined || scope === "singleton";

async function borrowedValue(resources: Frame["resources"], token: Token<unknown>): Promise<unknown> {
  const { value } = await resources.borrow({ value: token }, "the run");
  return value?.value;
}

/** A resource of the prompt by the name of its token, whatever tools borrow today. Throws `WORKSPACE_MISSING`. */
export async function resourceOfRun(
  { prompt, resources, runId }: Pick<Frame, "prompt" | "resources" | "runId">,
  name: string,
): Promise<{ readonly token: Token<unknown>; readonly value: unknown }> {
  const binding = prompt.resources.get(name);
  if (binding === undefined) throw missing(runId, name);
  return { token: binding.token, value: await borrowedValue(resources, binding.token) };
}

function missing(runId: string, name: string): WinkError {
  return new WinkError("WORKSPACE_MISSING", {
    at: `run "${runId}"`,
    problem: `The run worked with the resource "${name}"`,
    expected: `a binding of "${name}"`,
    received: "a prompt without it",
    details: { run: runId, resource: name },
  });
}
