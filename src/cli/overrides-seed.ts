/** `wink overrides seed`: writes a file with every text that may be replaced, to be edited. */
import { seedOverrides } from "../prompt/index.ts";
import { type Io, report } from "./io.ts";
import { type OverridesOptions, openOverrides } from "./overrides-store.ts";
import { shownPath } from "./shown-path.ts";

/** Runs the command. A file that is there is kept. */
export async function overridesSeed(address: string, options: OverridesOptions, io: Io): Promise<number> {
  const { template, store, id } = await openOverrides(address, options, io);
  const isThere = (await store.load(id)) !== undefined;
  const { at, sections, tools } = await seedOverrides({ compiled: template }, { store, tag: options.tag });
  const counts = { sections: Object.keys(sections).length, tools: Object.keys(tools).length };
  const data = { prompt: template.name, tag: options.tag, file: at, seeded: !isThere, ...counts };
  const text = isThere
    ? "Kept what was there"
    : `Seeded ${counted(counts.sections, "section")} and ${counted(counts.tools, "tool")}`;
  report(io, options.json, data, `${text}: ${shownPath(at, io.cwd)}\n`);
  return 0;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
