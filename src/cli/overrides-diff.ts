/** `wink overrides diff`: shows what the overrides change of the texts in the code. */
import { messageFrom } from "../base/index.ts";
import { type CompiledTemplate, matchOverrides, type OverrideFile, type OverrideStatus } from "../prompt/index.ts";
import type { Tool } from "../tool/index.ts";
import { type Io, report } from "./io.ts";
import { lineDiff } from "./line-diff.ts";
import { type OverridesOptions, openOverrides, statusInOrder } from "./overrides-store.ts";

/** One override beside what stands in the code; a tool as JSON, as a model is sent it. */
interface Difference extends Pick<OverrideStatus, "kind" | "name" | "state" | "message"> {
  readonly code?: string;
  readonly override?: string;
}

/** Runs the command. Overrides that do not apply any more are shown as well. */
export async function overridesDiff(address: string, options: OverridesOptions, io: Io): Promise<number> {
  const { template, store, id } = await openOverrides(address, options, io);
  const file = await store.load(id);
  const changed = statusInOrder(template, file).filter(({ state }) => state !== "none" && state !== "same");
  const differences = file === undefined ? [] : changed.map((entry) => differenceOf(template, file, entry));
  const text =
    differences.length === 0
      ? `No overrides "${options.tag}" change ${template.name}.\n`
      : differences.map(shown).join("\n");
  report(io, options.json, { prompt: template.name, tag: options.tag, file: file?.at ?? null, differences }, text);
  return 0;
}

function shown({ kind, name, state, message, code, override }: Difference): string {
  const head = `---- ${kind} "${name}"${state === "applies" ? "" : `, ${state}`}\n`;
  const problem = message === undefined ? "" : `problem: ${message}\n`;
  return head + problem + (code === undefined || override === undefined ? "" : lineDiff(code, override));
}

function differenceOf(template: CompiledTemplate, file: OverrideFile, entry: OverrideStatus): Difference {
  const { kind, name, state, message } = entry;
  const about = { kind, name, state, message };
  if (kind === "section") {
    const body = template.nodes[template.places.get(name) ?? -1]?.section.body;
    return body?.kind !== "parts" || entry.text === undefined
      ? about
      : { ...about, code: body.written, override: entry.text };
  }
  const tool = template.nodes.flatMap(({ section }) => section.tools).find((one) => one.name === name);
  if (tool === undefined) return about;
  try {
    // whatever it was written against
    const alone = { ...file, sections: {}, tools: { [name]: file.tools[name] ?? null } };
    const replaced = matchOverrides(template, alone, () => true).tools.get(name) ?? tool;
    return { ...about, code: toolText(tool), override: toolText(replaced) };
  } catch (error) {
    return { ...about, message: messageFrom(error) };
  }
}

const toolText = ({ description, parameters }: Tool): string => JSON.stringify({ description, parameters }, null, 2);
