/** Finds the overrides that a command works on. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { WinkError } from "../base/index.ts";
import {
  type CompiledTemplate,
  findOverridesRoot,
  localOverrides,
  type OverrideFile,
  type OverrideId,
  type OverrideStatus,
  type OverrideStore,
  overrideStatus,
} from "../prompt/index.ts";
import type { Io } from "./io.ts";
import { loadPrompt, templateOf } from "./load-prompt.ts";

/** The options of every command that looks at overrides. */
export interface OverridesOptions {
  readonly tag: string;
  readonly root?: string;
  readonly json?: boolean;
}

/** The overrides of one prompt under one tag. */
export interface OpenedOverrides {
  /** As the code defines it. */
  readonly template: CompiledTemplate;
  readonly store: OverrideStore;
  readonly id: OverrideId;
}

/** Loads the prompt and finds its overrides. Throws `INPUT_INVALID`. */
export async function openOverrides(address: string, options: OverridesOptions, io: Io): Promise<OpenedOverrides> {
  const template = templateOf(await loadPrompt(address, io));
  const store = findStore(options, io);
  if (store !== undefined) return { template, store, id: { ns: template.ns, key: template.key, tag: options.tag } };
  throw new WinkError("INPUT_INVALID", {
    at: io.cwd,
    problem: "There is no folder for overrides",
    expected: "a folder in a repository, or --root",
    received: "none that holds .git, from here up",
    example: "--root .",
  });
}

/** The store in the folder that was named, or in the repository around the current one; undefined when there is none. */
export function findStore({ root }: OverridesOptions, io: Io): OverrideStore | undefined {
  const folder = root === undefined ? findOverridesRoot(io.cwd) : resolve(io.cwd, root);
  if (folder === undefined) return undefined;
  if (existsSync(`${folder}/.`)) return localOverrides({ root: folder });
  throw new WinkError("INPUT_INVALID", {
    at: `--root ${root}`,
    problem: "There is no such folder",
    expected: "the folder that holds .weakincentives, or that shall hold it",
    received: `${folder}, where nothing is`,
    example: "--root .",
  });
}

/** The states of all texts in the order of the prompt: sections, tools, then what the prompt does not have. */
export function statusInOrder(template: CompiledTemplate, file: OverrideFile | undefined): readonly OverrideStatus[] {
  const { nodes } = template;
  const names = [
    ...nodes.map(({ path }) => `section ${path}`),
    ...nodes.flatMap(({ toolNames }) => toolNames.map((name) => `tool ${name}`)),
  ];
  const ranks = new Map(names.map((name, rank) => [name, rank]));
  const rankOf = ({ kind, name }: OverrideStatus): number => ranks.get(`${kind} ${name}`) ?? names.length;
  return overrideStatus({ compiled: template }, file).toSorted((a, b) => rankOf(a) - rankOf(b));
}
