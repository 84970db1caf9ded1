/** The three kinds of body: one literal, text known only at run time, text made from state at each render. */
import type { SessionAccess } from "../session/index.ts";

/** Text known only at run time; its placeholders are checked when the section is defined. */
export interface RawText {
  readonly "~raw": string;
}

/** What functions of a section are given: its own params, and the session to look at. */
export interface RenderContext<Params> {
  readonly params: Params;
  readonly session: Pick<SessionAccess, "query">;
}

/**
 * Text made anew at each render: `{ text: "plan/v1", write: ({ params, session }) => … }`. The function is synchronous;
 * what it gives is not scanned for placeholders and never counts as stable.
 */
export interface StateText<Params> {
  /** Stands for the function in the definition's hash; change it when the text changes. */
  readonly text: string;
  readonly write: (context: RenderContext<Params>) => string;
}

/**
 * Wraps text known only at run time, for example loaded from a file, so that it can be a body. Unlike a literal it is not
 * dedented: only blank lines around it are taken away, and the line ends of Windows become those of all others.
 */
export function raw(text: string): RawText {
  return { "~raw": text };
}
