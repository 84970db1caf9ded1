/** `wink overrides delete`: takes an entry out of the file, or the file away. */
import { didYouMean, WinkError } from "../base/index.ts";
import { deleteOverrides } from "../prompt/index.ts";
import { type Io, report } from "./io.ts";
import { type OpenedOverrides, type OverridesOptions, openOverrides } from "./overrides-store.ts";
import { shownPath } from "./shown-path.ts";

/** The options of the command; the command line lets only one of the three stand. */
export interface OverridesDeleteOptions extends OverridesOptions {
  readonly section?: string;
  readonly tool?: string;
  readonly all?: boolean;
}

/**
 * Runs the command. What has no override need not be deleted, so that is fine and told; gives 1 for what the prompt does not
 * have either, because it is surely misspelt.
 */
export async function overridesDelete(address: string, options: OverridesDeleteOptions, io: Io): Promise<number> {
  const { section, tool, all, tag } = options;
  if (section === undefined && tool === undefined && all !== true) {
    throw new WinkError("INPUT_INVALID", {
      at: "delete",
      problem: "It is not said what to delete",
      expected: "--section PATH, --tool NAME, or --all for the whole file",
      received: "none of them",
      example: "--section style",
      fix: "",
    });
  }
  const opened = await openOverrides(address, options, io);
  const kind = section === undefined ? "tool" : "section";
  const name = section ?? tool;
  const deleted = name === undefined ? await deleteFile(opened) : await deleteEntry(opened, kind, name);
  const { file, text, isMisspelt = false } = deleted;
  const data = { prompt: opened.template.name, tag, section, tool, deleted: file !== undefined, file: file ?? null };
  report(io, options.json, data, `${text}${file === undefined ? "" : `: ${shownPath(file, io.cwd)}`}\n`);
  return isMisspelt ? 1 : 0;
}

interface Deleted {
  /** The file from which something was deleted. */
  readonly file: string | undefined;
  /** What was done, in words. */
  readonly text: string;
  /** Whether neither the file nor the prompt has the name. */
  readonly isMisspelt?: boolean;
}

/** A list also has files that cannot be read: they can be deleted as a whole. */
async function deleteFile({ template, store, id }: OpenedOverrides): Promise<Deleted> {
  const { ns, key, tag } = id;
  const found = (await store.list()).find((one) => one.ns === ns && one.key === key && one.tag === tag);
  await deleteOverrides({ compiled: template }, { store, tag });
  const file = found?.path;
  return { file, text: file === undefined ? `There are no overrides "${tag}".` : `Deleted the overrides "${tag}"` };
}

async function deleteEntry(
  { template, store, id }: OpenedOverrides,
  kind: "section" | "tool",
  name: string,
): Promise<Deleted> {
  const file = await store.load(id);
  const what = `override of ${kind} "${name}"`;
  const inFile = Object.keys((kind === "section" ? file?.sections : file?.tools) ?? {});
  if (file !== undefined && inFile.includes(name)) {
    await deleteOverrides({ compiled: template }, { store, tag: id.tag, [kind]: name });
    return { file: file.at, text: `Deleted the ${what}` };
  }
  const inPrompt = template.nodes.flatMap(({ path, toolNames }) => (kind === "section" ? [path] : toolNames));
  if (inPrompt.includes(name)) return { file: undefined, text: `There is no ${what}.` };
  const near = didYouMean(name, [...inFile, ...inPrompt]);
  return { file: undefined, text: `There is no ${what}. ${near}`.trimEnd(), isMisspelt: true };
}
