/** The sections of a rendered prompt as rows, also those that are not shown. */
import type { CompiledTemplate, RenderedPrompt, ResolvedOverrides } from "../prompt/index.ts";

/** What there is to say about one section. */
export interface SectionRow {
  readonly number: string;
  readonly path: string;
  readonly depth: number;
  /** What is shown of it: `hidden` stands in one that shows only its summary, or is an example of tools not offered. */
  readonly shown: "full" | "summary" | "hidden" | "off";
  /** The text that it stands in: `system` before the cache point, `first` behind it. */
  readonly part?: "system" | "first";
  /** Whether it reads the same in every run. */
  readonly stable: boolean;
  /** What of it overrides replace: `text`, and the names of tools. */
  readonly overridden: readonly string[];
  /** The names of the tools that it offers. */
  readonly tools: readonly string[];
  readonly tokens?: { readonly text: number; readonly tools: number };
}

/** What overrides replace: paths of sections and names of tools. */
export type AppliedOverrides = ResolvedOverrides<unknown, unknown>["applied"];

/** Makes the rows, in the order of the template. */
export function promptTree(
  rendered: RenderedPrompt,
  template: CompiledTemplate,
  applied: AppliedOverrides,
): readonly SectionRow[] {
  const sections = new Map(rendered.sections.map((section) => [section.path, section]));
  const tokens = new Map(rendered.tokens?.sections.map(({ path, text, tools }) => [path, { text, tools }]));
  const rows: SectionRow[] = [];
  for (const [index, node] of template.nodes.entries()) {
    const { path, number, depth } = node;
    const section = sections.get(path);
    const cost = tokens.get(path);
    rows.push({
      number,
      path,
      depth,
      shown: section?.visibility ?? (rendered.answers[index] === "off" ? "off" : "hidden"),
      ...(section === undefined ? {} : { part: section.part }),
      stable: template.stable[index] ?? false,
      overridden: [
        ...(applied.sections.includes(path) ? ["text"] : []),
        ...node.section.tools.map(({ name }) => name).filter((name) => applied.tools.includes(name)),
      ],
      tools: section?.tools ?? [],
      ...(cost === undefined ? {} : { tokens: cost }),
    });
  }
  return rows;
}
