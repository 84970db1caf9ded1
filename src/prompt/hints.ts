/** What could be better about the order of a prompt's sections. */
import type { CompiledText } from "./compile-text.ts";
import type { CompiledTemplate, SectionNode } from "./compiled-template.ts";
import { fullText } from "./fill-text.ts";
import { type SectionState, statesOf } from "./section-states.ts";
import { summaryText } from "./section-text.ts";

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
export function findHints({ nodes, stable }: CompiledTemplate): readonly PromptHint[] {
  const states = statesOf(
    nodes,
    nodes.map(({ section: { visibility } }) => (visibility === "summary" ? "summary" : "full")),
  );
  const hints: PromptHint[] = [];
  let changing: string | undefined;
  let uncached: number[] = [];
  const tell = (): void => {
    if (changing !== undefined && uncached.length > 0) hints.push(hintOf(nodes, states, changing, uncached));
  };
  for (const [index, { path }] of nodes.entries()) {
    if (states[index] === "hidden") continue; // it is not in the text at first
    if (stable[index]) uncached.push(index);
    else if (changing === undefined || uncached.length > 0) {
      tell();
      changing = path;
      uncached = [];
    }
  }
  tell();
  return hints;
}

function hintOf(
  nodes: readonly SectionNode[],
  states: readonly SectionState[],
  section: string,
  uncached: readonly number[],
): PromptHint {
  const stable = uncached.map((index) => (nodes[index] as SectionNode).path); // as: index is that of a node
  const bytes = uncached.reduce((sum, index) => sum + Buffer.byteLength(textOf(nodes, states, index)), 0);
  return {
    kind: "uncached",
    section,
    stable,
    bytes,
    message: `"${section}" changes from run to run and stands before ${stable.map((path) => `"${path}"`).join(", ")}: ${bytes} bytes that read the same in every run are not cached.`,
  };
}

/** The text of a stable section as it is shown at first. */
function textOf(nodes: readonly SectionNode[], states: readonly SectionState[], index: number): string {
  const node = nodes[index] as SectionNode; // as: index is that of a node
  const { body, summary } = node.section;
  const isSummary = states[index] === "summary";
  const { parts } = (isSummary ? summary : body) as CompiledText; // as: a stable section has no body from state
  const text = parts.join("");
  return isSummary ? summaryText(nodes, index, states, text) : fullText(node, text);
}
