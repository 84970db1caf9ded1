/** A prompt template after its definition was checked: plain data that binding, rendering and hashing read. */
import type { Binding } from "../resources/index.ts";
import type { CompiledOutput } from "./output.ts";
import type { Section } from "./section.ts";

/** A section in its place. */
export interface SectionNode {
  readonly section: Section;
  /** Keys from the root, joined by dots. */
  readonly path: string;
  /** `1`, `1.2` …: fixed by the definition, so disabled sections leave gaps. */
  readonly number: string;
  readonly depth: number;
  /** How many nodes follow that belong to this one. */
  readonly descendants: number;
  /** The heading line. */
  readonly heading: string;
}

/** All that the definition alone decides. */
export interface CompiledTemplate {
  readonly ns: string;
  readonly key: string;
  /** `ns:key`, the one name of a prompt in logs, journals and errors. */
  readonly name: string;
  /** In order of appearance. */
  readonly nodes: readonly SectionNode[];
  readonly resources: readonly Binding[];
  readonly output: CompiledOutput | undefined;
  /** Changes whenever sections, schemas, tool contracts or slice versions do; not with the code of handlers. */
  readonly hash: () => string;
}
