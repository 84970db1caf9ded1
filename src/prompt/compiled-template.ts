/** A prompt template after its definition was checked: plain data that binding, rendering and hashing read. */
import type { Binding, Token } from "../resources/index.ts";
import type { CompiledOutput } from "./output.ts";
import type { Section } from "./section-definition.ts";

/** A section in its place. */
export interface SectionNode {
  readonly section: Section;
  /** Keys from the root, joined by dots. */
  readonly path: string;
  /** `1`, `1.2` …: fixed by the definition, so disabled sections leave gaps. */
  readonly number: string;
  readonly depth: number;
  /** The index of the node that it stands in; -1 at the root. */
  readonly parent: number;
  /** How many nodes follow that belong to this one. */
  readonly descendants: number;
  /** The heading line. */
  readonly heading: string;
  /** Whether it or one that it stands in may be switched off. */
  readonly conditional: boolean;
  /** The names of the tools that it brings itself. */
  readonly toolNames: readonly string[];
  /** The examples of its tools, as they stand behind its body; empty when there are none. */
  readonly examples: string;
  /** Its text in full, where it is the same for all params and states. */
  readonly text: string | undefined;
}

/** What one tool borrows, for the check at `bind`. */
export interface Borrowing {
  readonly token: Token<any>; // any: which type does not matter for the check
  readonly borrower: string;
}

/** All that the definition alone decides. */
export interface CompiledTemplate {
  readonly ns: string;
  readonly key: string;
  /** `ns:key`, the one name of a prompt in logs, journals and errors. */
  readonly name: string;
  /** In order of appearance. */
  readonly nodes: readonly SectionNode[];
  /** The place of each node by its path. */
  readonly places: ReadonlyMap<string, number>;
  /** Whether each node reads the same in every run. */
  readonly stable: readonly boolean[];
  /** How many nodes from the first on read the same in every run: they make the system text. */
  readonly leading: number;
  /** Whether a section has a summary: only then are sections opened and read. */
  readonly summaries: boolean;
  /** The places of examples of tasks. */
  readonly taskExamples: readonly number[];
  /** Bindings of sections and template, the later ones having won. */
  readonly resources: readonly Binding[];
  readonly borrowings: readonly Borrowing[];
  readonly output: CompiledOutput | undefined;
  /** Changes whenever sections, schemas, tool contracts or slice versions do; not with the code of handlers. */
  readonly hash: () => string;
  /** The template as its code defines it, where overrides stand in the place of some of its texts. */
  readonly original?: CompiledTemplate;
}
