/** Which sections read the same in every run. */
import type { SectionNode } from "./compiled-template.ts";

/** Tells for each section whether it is stable in its place: by itself, and through those that it stands in. */
export function stableNodes(nodes: readonly SectionNode[]): readonly boolean[] {
  const fleeting = new Set<string>(); // tools that may not be offered; examples that use them are not shown then
  const concealable: boolean[] = [];
  for (const [index, { section, parent, conditional }] of nodes.entries()) {
    concealable[index] = section.summary !== undefined || (concealable[parent] ?? false);
    if (!conditional && !concealable[index]) continue;
    for (const { name } of section.tools) fleeting.add(name);
  }
  return nodes.map(
    ({ section, conditional }) =>
      section.stable && !conditional && !section.taskExample?.steps.some(({ tool }) => fleeting.has(tool.name)),
  );
}

/** How many sections from the first on are stable. */
export function leadingStable(nodes: readonly SectionNode[]): number {
  const first = stableNodes(nodes).indexOf(false);
  return first === -1 ? nodes.length : first;
}
