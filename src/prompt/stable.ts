/** Which sections read the same in every run. */
import type { SectionNode } from "./compiled-template.ts";

/** Tells for each section whether it is stable in its place: by itself, by what it stands in, by what its summary tells of. */
export function stableNodes(nodes: readonly SectionNode[]): readonly boolean[] {
  const fickle: boolean[] = []; // whether what stands in it comes and goes
  const varied = new Set<number>(); // summaries that tell of sections which may be switched off
  const concealable: boolean[] = [];
  const fleeting = new Set<string>(); // tools that may not be offered; examples that use them are not shown then
  for (const [index, { section, parent, conditional }] of nodes.entries()) {
    const { enabled, visibility, stable, summary, tools } = section;
    const switched = enabled !== undefined && !stable;
    fickle[index] = switched || (typeof visibility === "function" && !stable) || (fickle[parent] ?? false);
    if (switched) {
      for (let above = parent; above !== -1; above = (nodes[above] as SectionNode).parent) varied.add(above); // as: above is the index of a node
    }
    concealable[index] = summary !== undefined || (concealable[parent] ?? false);
    if (conditional || concealable[index]) for (const { name } of tools) fleeting.add(name);
  }
  return nodes.map(
    ({ section, parent }, index) =>
      section.stable &&
      !fickle[parent] &&
      !(section.visibility === "summary" && varied.has(index)) &&
      !section.taskExample?.steps.some(({ tool }) => fleeting.has(tool.name)),
  );
}
