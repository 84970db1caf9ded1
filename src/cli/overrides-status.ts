/** `wink overrides status`: tells which overrides apply, and which do not and why. */
import { type Io, report } from "./io.ts";
import { type OverridesOptions, openOverrides, statusInOrder } from "./overrides-store.ts";
import { shownPath } from "./shown-path.ts";
import { table } from "./table.ts";

/** Runs the command; gives 1 when an entry, or a part of one, does not apply. */
export async function overridesStatus(address: string, options: OverridesOptions, io: Io): Promise<number> {
  const { template, store, id } = await openOverrides(address, options, io);
  const file = await store.load(id);
  const entries = statusInOrder(template, file);
  const problems = entries.flatMap(({ message }) => (message === undefined ? [] : [message]));
  const rows = entries.map(({ kind, name, state }) => [kind, name, state === "none" ? "" : state]);
  const text = [
    `${template.name}\n${file === undefined ? `no overrides "${options.tag}"` : `overrides in ${shownPath(file.at, io.cwd)}`}\n`,
    rows.length === 0 ? "" : table(["", "name", "override"], rows),
    problems.map((problem) => `problem: ${problem}\n`).join(""),
  ];
  const data = { prompt: template.name, tag: options.tag, file: file?.at ?? null, entries };
  report(io, options.json, data, text.filter((part) => part !== "").join("\n"));
  return problems.length === 0 ? 0 : 1;
}
