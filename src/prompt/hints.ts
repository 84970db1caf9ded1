/** What could be better about the order of a prompt's sections. */
import type { CompiledTemplate, SectionNode } from "./compiled-template.ts";
import { stableNodes } from "./stable.ts";

/** Stable sections that no provider caches, because changing ones stand before them. */
export interface PromptHint {
  readonly kind: "uncached";
  /** The path of the first of the changing sections. */
  readonly section: string;
  /** The paths of the stable sections directly behind them. */
  readonly stable: readonly string[];
  /** How many bytes of text these are. */
  readonly bytes: number;
  /** The same in words. */
  readonly message: string;
}

/** Finds each place where a section that is not stable stands before stable ones. Nothing is reordered. */
export function findHints({ nodes }: CompiledTemplate): readonly PromptHint[] {
  const stable = stableNodes(nodes);
  const hints: PromptHint[] = [];
  let index = stable.indexOf(false);
  while (index !== -1) {
    const next = stable.indexOf(true, index);
    if (next === -1) break;
    const end = stable.indexOf(false, next);
    hints.push(hintOf(nodes[index], nodes.slice(next, end === -1 ? undefined : end)));
    index = end;
  }
  return hints;
}

function hintOf(changing: SectionNode | undefined, uncached: readonly SectionNode[]): PromptHint {
  const section = changing?.path ?? "";
  const stable = uncached.map(({ path }) => path);
  const bytes = uncached.reduce((sum, node) => sum + Buffer.byteLength(textOf(node)), 0);
  return {
    kind: "uncached",
    section,
    stable,
    bytes,
    message: `"${section}" changes from run to run and stands before ${stable.map((path) => `"${path}"`).join(", ")}: ${bytes} bytes that read the same in every run are not cached.`,
  };
}

/** The text of a section as it is shown at first. */
function textOf({ section, heading, examples }: SectionNode): string {
  const summarised = section.visibility === "summary" && section.summary !== undefined;
  const parts = summarised ? section.summary.parts : section.body.kind === "parts" ? section.body.parts : [];
  return [heading, parts.join(""), summarised ? "" : examples].filter((text) => text !== "").join("\n\n");
}
