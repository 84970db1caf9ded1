import type { JsonObject } from "../../src/base/index.ts";
import type { OverrideFile } from "../../src/prompt/overrides/index.ts";

/** The file that several writers count in, each at its own sections. */
export const countedId = { ns: "deep", key: "counted", tag: "latest" };

/** The body of a count: some are long enough to be torn in the middle. */
export const bodyOf = (count: number): string => `${count} ${"é😀 ".repeat(count % 20 === 19 ? 4_000 : count % 7)}`;

/** The file with one more at a section. */
export function counted(file: OverrideFile | undefined, path: string): OverrideFile {
  const body = bodyOf((countsIn(file).get(path) ?? 0) + 1);
  const sections = { ...file?.sections, [path]: { expected_hash: "0".repeat(64), body } };
  return { ...countedId, sections, tools: {}, at: "counted" };
}

/** The counts in a file, by path; throws for a body that is not whole. */
export function countsIn(file: OverrideFile | undefined): ReadonlyMap<string, number> {
  const entries = Object.entries(file?.sections ?? {}).map(([path, entry]): [string, number] => {
    const { body } = entry as JsonObject; // as: `counted` made it
    const count = Number.parseInt(String(body), 10);
    if (body !== bodyOf(count)) throw new Error(`the body of ${path} is torn`);
    return [path, count];
  });
  return new Map(entries);
}
