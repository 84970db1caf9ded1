/** What rendering gives: plain data for models, and for whoever asks what a prompt consists of. */
import type { Slice } from "../session/index.ts";
import type { Tool } from "../tool/index.ts";
import type { CompiledOutput } from "./output.ts";
import type { Answer } from "./section-states.ts";
import type { Visibility } from "./visibility.ts";

/** A rendered section and where its text stands. */
export interface RenderedSection {
  readonly path: string;
  readonly number: string;
  readonly visibility: Visibility;
  /** Which text it stands in, and from where to where, in UTF-16 units. */
  readonly part: "system" | "first";
  readonly start: number;
  readonly end: number;
  /** The names of the tools that it brings. */
  readonly tools: readonly string[];
}

/** What goes to a model. */
export interface RenderedPrompt {
  /**
   * The leading run of stable sections: the same for all params, so that providers can cache it. May be empty. Its end is
   * the prompt's one cache point.
   */
  readonly system: string;
  /** The other sections: the first user message. */
  readonly first: string;
  /** The sections that are shown, in order. */
  readonly sections: readonly RenderedSection[];
  /** Tools of sections shown in full, in order; then those that open and read sections, if there are summaries. */
  readonly tools: readonly Tool[];
  /** Slices of enabled sections, in order, also of those whose summary is shown. */
  readonly slices: readonly Slice[];
  readonly output: CompiledOutput | undefined;
  /** What each section of the template said when it was asked. */
  readonly answers: readonly Answer[];
  /** How many tokens each part costs, counted when this is first read; undefined without a counter. */
  readonly tokens: PromptTokens | undefined;
}

/** Tokens of a rendered prompt, part by part. */
export interface PromptTokens {
  /** All of the parts together; what a provider adds around them is not known here. */
  readonly total: number;
  /** Of each section that is shown, in order: of its text, and of the definitions of its tools. */
  readonly sections: readonly { readonly path: string; readonly text: number; readonly tools: number }[];
  /** Of what belongs to no section: the tools that open and read sections, and the form of the answer. */
  readonly rest: number;
}
