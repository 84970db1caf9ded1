/** Which sections read the same in every run. */
import type { SectionNode } from "./compiled-template.ts";

/** Tells for each section whether it is stable in its place: by itself, and through those that it stands in. */
export function stableNodes(nodes: readonly SectionNode[]): readonly boolean[] {
  const fickle: boolean[] = []; // whether what stands in it comes and goes
  const concealable: boolean[] = [];
  const fleeting = new Set<string>(); // tools that may not be offered; examples that use them are not shown then
  for (const [index, { section, parent, conditional }] of nodes.entries()) {
    const { enabled, visibility, stable, summary, tools } = section;
    const comes = (enabled !== undefined || typeof visibility === "function") && !stable;
    fickle[index] = comes || (fickle[parent] ?? false);
    concealable[index] = summary !== undefined || (concealable[parent] ?? false);
    if (conditional || concealable[index]) for (const { name } of tools) fleeting.add(name);
  }
  return nodes.map(
    ({ section, parent }) =>
      section.stable && !fickle[parent] && !section.taskExample?.steps.some(({ tool }) => fleeting.has(tool.name)),
  );
}
