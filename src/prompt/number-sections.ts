/** Puts the sections of a template in their places: paths, numbers, headings, parents. */
import { WinkError } from "../base/index.ts";
import type { SectionNode } from "./compiled-template.ts";
import { examplesText } from "./examples-text.ts";
import { fixedText } from "./fill-text.ts";
import type { Section } from "./section-definition.ts";

/** The deepest nesting; deeper trees are a mistake, and would overflow the stack. */
const deepestSection = 32;

/** Numbers sections in order of appearance; throws `PROMPT_INVALID` for two of one path, or a tree too deep. */
export function numberSections(sections: readonly Section[], at: string): readonly SectionNode[] {
  if (!Array.isArray(sections)) {
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: "`sections` is no list",
      expected: "a list of sections",
      received: typeof sections,
      example: "sections: [section({ key, title, body })]",
    });
  }
  const nodes: SectionNode[] = [];
  placeSiblings(nodes, sections, undefined, at);
  return nodes;
}

/** What is known of a section before those below it are placed. */
type Place = Pick<SectionNode, "path" | "number" | "depth" | "conditional"> & { readonly index: number };

/** Places sections and all below them. */
function placeSiblings(
  nodes: SectionNode[],
  siblings: readonly Section[],
  parent: Place | undefined,
  at: string,
): void {
  const keys = new Set<string>();
  for (const [index, section] of siblings.entries()) {
    const path = parent === undefined ? section.key : `${parent.path}.${section.key}`;
    if (keys.has(section.key)) throw twoOf(path, keys, at);
    keys.add(section.key);
    const number = parent === undefined ? `${index + 1}` : `${parent.number}.${index + 1}`;
    const depth = parent === undefined ? 0 : parent.depth + 1;
    if (depth >= deepestSection) throw tooDeep(path, at);
    const conditional = (parent?.conditional ?? false) || section.enabled !== undefined;
    const own: Place = { path, number, depth, conditional, index: nodes.length };
    const heading = `${"#".repeat(Math.min(6, depth + 2))} ${number}. ${section.title} (${path})`;
    const examples = examplesText(section.tools);
    const node: SectionNode = {
      section,
      path,
      number,
      depth,
      conditional,
      parent: parent?.index ?? -1,
      heading,
      toolNames: section.tools.map(({ name }) => name),
      examples,
      text: fixedText({ section, heading, examples }),
      descendants: 0,
    };
    nodes.push(node);
    placeSiblings(nodes, section.sections, own, at);
    nodes[own.index] = { ...node, descendants: nodes.length - own.index - 1 };
  }
}

function twoOf(path: string, keys: ReadonlySet<string>, at: string): WinkError {
  const key = path.slice(path.lastIndexOf(".") + 1);
  const free = [2, 3, 4, 5].map((count) => `${key}-${count}`).find((name) => !keys.has(name)) ?? `${key}-more`;
  return new WinkError("PROMPT_INVALID", {
    at,
    problem: `Two sections have the path "${path}"`,
    expected: "one section a key among siblings",
    received: `key: ${JSON.stringify(key)} twice`,
    fix: "Rename one of the two, or leave one out.",
    example: `section({ key: ${JSON.stringify(free)}, title, body })`,
    details: { path },
  });
}

function tooDeep(path: string, at: string): WinkError {
  return new WinkError("PROMPT_INVALID", {
    at: `${at}, section "${path}"`,
    problem: `Sections are nested deeper than ${deepestSection} levels`,
    expected: `at most ${deepestSection} levels`,
    received: `a section on level ${deepestSection + 1}`,
    fix: "Let some of them stand side by side.",
    example: "sections: [introduction, details]",
  });
}
