import {
  type RawText,
  type RenderContext,
  raw,
  type Section,
  type StateText,
  section,
  type Visibility,
} from "../prompt/index.ts";
import { appendAll, type EventDefinition, event, type Slice, slice } from "../session/index.ts";
import {
  type Draw,
  flip,
  type GeneratedParam,
  generateParams,
  generateText,
  givenOf,
  type ParamValues,
  pick,
  schemaOf,
} from "./generate-params.ts";
import { type GeneratedTool, generateTool } from "./generate-tool.ts";

/** A section, and what a test wants to know of it. */
export interface GeneratedSection {
  readonly section: Section;
  /** Keys from the root, joined by dots. */
  readonly path: string;
  readonly number: string;
  /** Its heading line. */
  readonly heading: string;
  /**
   * What its params and an empty session put below the heading, examples of tools left out: nothing, or a text that begins
   * with `<body 2.1>`, which stands nowhere else.
   */
  readonly body: string;
  /** The same of its summary, which begins with `<summary 2.1>`; undefined without one. */
  readonly summary: string | undefined;
  /** The boolean param that says whether it takes part; undefined when it always does. */
  readonly enabledBy: string | undefined;
  /** How much it shows by itself. */
  readonly visibility: Visibility;
  /** How much of it is shown at first in its place; `hidden` stands in a section that shows its summary. */
  readonly shown: "off" | "hidden" | Visibility;
  /** What it declares. */
  readonly params: readonly GeneratedParam[];
  /** What `bind` is to be given for it and all that stands in it. */
  readonly given: ParamValues;
  readonly tools: readonly GeneratedTool[];
  /** They keep every {@link Noted}. */
  readonly slices: readonly Slice[];
  /** The sections right below it. */
  readonly sections: readonly GeneratedSection[];
}

/** What {@link generateSection} takes; all of it may be left out. */
export interface GenerateSectionOptions {
  /** Where it stands: `2` for the second of a prompt. Its key and all its names are made from that. `1` unless told. */
  readonly place?: string;
  /** The most levels of sections, its own counted; 4 unless told. */
  readonly depth?: number;
  /** Params that it may use beside its own. */
  readonly params?: readonly GeneratedParam[];
}

/** What all generated slices keep: bodies made from state say how much of it they find. */
export const Noted: EventDefinition<"generated/noted", ParamValues> = event(
  "generated/noted",
  schemaOf([{ name: "text", value: "", fallback: undefined, given: true }]),
);

/** Generates a section with all that stands in it. */
export function generateSection(draw: Draw, options: GenerateSectionOptions = {}): GeneratedSection {
  const { place = "1", depth = 4, params = [] } = options;
  return generateIn(draw, place, depth, { path: "", shown: "full", params });
}

function generateIn(
  draw: Draw,
  place: string,
  depth: number,
  above: Pick<GeneratedSection, "path" | "shown" | "params">,
): GeneratedSection {
  const name = place.replaceAll(".", "_");
  const key = `s${name}`;
  const path = above.path === "" ? key : `${above.path}.${key}`;
  const title = pick(draw, ["", "{{name}} ", "$& `code` ", "## (s0) 🦊 "]) + place;
  const written = [...generateParams(draw, `param_${name}`, 2), ...above.params.filter(() => flip(draw))];
  const slices = flip(draw) ? [notes(`generated/${key}`)] : [];
  const body = generateBody(draw, place, written, slices);
  const summary = flip(draw) ? generateLiteral(draw, `<summary ${place}>`, written) : undefined;
  const part = generatePart(draw, name, summary !== undefined);
  const shown = shownIn(above.shown, part);
  const tools = many(draw, (index) => generateTool(draw, { name: `tool_${name}_${index}` }));
  const below = { path, shown, params: written };
  const sections = depth > 1 ? many(draw, (index) => generateIn(draw, `${place}.${index}`, depth - 1, below)) : [];
  const params = [...written, ...part.params];
  const made = section({
    key,
    title,
    ...(params.length === 0 ? {} : { params: schemaOf(params) }),
    body: body.source,
    ...(summary === undefined ? {} : { summary: summary.source }),
    ...part.definition,
    tools: tools.map(({ tool }) => tool),
    slices,
    sections: sections.map((child) => child.section),
  });
  return {
    section: made,
    path,
    number: place,
    heading: `${"#".repeat(Math.min(6, place.split(".").length + 1))} ${place}. ${title} (${path})`,
    body: body.text,
    summary: summary?.text,
    enabledBy: part.enabledBy,
    visibility: part.visibility,
    shown,
    params,
    given: Object.assign({}, givenOf(params), ...sections.map(({ given }) => given)),
    tools,
    slices,
    sections,
  };
}

/** What is generated for each of up to two. */
function many<Item>(draw: Draw, generate: (index: number) => Item): readonly Item[] {
  return Array.from({ length: draw(2) }, (_, index) => generate(index + 1));
}

const notes = (name: string): Slice<ParamValues> =>
  slice({ name, item: Noted.schema, reducers: (on) => [on(Noted, appendAll())] });

/** A text as its author writes it, and as a model reads it. */
interface Written<Source> {
  readonly source: Source;
  readonly text: string;
}

function generateBody(
  draw: Draw,
  place: string,
  params: readonly GeneratedParam[],
  slices: readonly Slice[],
): Written<RawText | StateText<ParamValues>> {
  const kind = draw(4);
  const mark = `<body ${place}>`;
  if (kind < 3) return generateLiteral(draw, mark, params);
  if (kind === 3) return { source: raw(""), text: "" };
  const write = (values: readonly unknown[], count: number): string => `${mark} ${values.join(" ")} ${count}`;
  return {
    source: {
      text: `generated/${place}`,
      write: ({ params: given, session }: RenderContext<ParamValues>) =>
        write(
          params.map(({ name }) => given[name]),
          slices.reduce((sum, kept) => sum + session.query(kept).length, 0),
        ),
    },
    text: write(
      params.map(({ value }) => value),
      0,
    ),
  };
}

/** Literal text and the values of params. */
function generateLiteral(draw: Draw, mark: string, params: readonly GeneratedParam[]): Written<RawText> {
  const names = params.map(({ name }) => `{{${name}}}`);
  const literal = generateText(draw, names);
  return {
    source: raw(`${mark}${literal.replaceAll("{{", "{{{{")}${names.join("")}.`),
    text: `${mark}${literal.replaceAll("\r\n", "\n")}${params.map(({ value }) => value).join("")}.`,
  };
}

/** Whether and how much of a section is shown, and how its definition says so. */
interface Part {
  readonly params: readonly GeneratedParam[];
  readonly enabledBy: string | undefined;
  readonly isOn: boolean;
  readonly visibility: Visibility;
  readonly definition: {
    readonly visibility?: Visibility | ((context: RenderContext<ParamValues>) => Visibility);
    readonly enabled?: (context: RenderContext<ParamValues>) => boolean;
    readonly stable?: boolean;
  };
}

function generatePart(draw: Draw, name: string, hasSummary: boolean): Part {
  const choice = hasSummary ? draw(3) : 0; // nothing said; shown in full; shown as its summary; as a param says
  const brief = choice === 3 ? switchOf(`brief_${name}`, flip(draw)) : undefined;
  const on = draw(2) === 2 ? switchOf(`with_${name}`, draw(3) !== 3) : undefined;
  const visibility = choice === 2 || brief?.value === true ? "summary" : "full";
  return {
    params: [brief, on].filter((param) => param !== undefined),
    enabledBy: on?.name,
    isOn: on?.value !== false,
    visibility,
    definition: {
      ...(choice === 0 ? {} : { visibility }),
      ...(brief && { visibility: ({ params }) => (params[brief.name] === true ? "summary" : "full") }),
      ...(on && { enabled: ({ params }) => params[on.name] === true }),
      ...(draw(3) === 3 ? { stable: false } : {}),
    },
  };
}

/** A boolean param that is given. */
const switchOf = (name: string, value: boolean): GeneratedParam => ({ name, value, fallback: undefined, given: true });

function shownIn(above: GeneratedSection["shown"], { isOn, visibility }: Part): GeneratedSection["shown"] {
  if (above === "off" || !isOn) return "off";
  return above === "full" ? visibility : "hidden";
}
