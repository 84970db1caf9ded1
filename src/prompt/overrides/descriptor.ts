/** Descriptors: which texts of a template overrides may replace, and the hashes that they must be written against. */
import type { CompiledTemplate } from "../compiled-template.ts";
import { targetsOf } from "./override-targets.ts";

/** What overrides are written for: a prompt template. */
export interface Overridable {
  readonly compiled: CompiledTemplate;
}

/** A section whose text may be replaced. */
export interface SectionDescriptor {
  /** Keys from the root, joined by dots. */
  readonly path: string;
  readonly number: string;
  /** The SHA-256 of its text as written. */
  readonly hash: string;
}

/** A tool whose descriptions may be replaced. */
export interface ToolDescriptor {
  /** The path of the section that brings it. */
  readonly path: string;
  readonly name: string;
  /** The SHA-256 of its contract. */
  readonly hash: string;
}

/** What of a prompt may be overridden, in order of appearance. */
export interface PromptDescriptor {
  readonly ns: string;
  readonly key: string;
  readonly sections: readonly SectionDescriptor[];
  readonly tools: readonly ToolDescriptor[];
}

/** Describes a template as its code defines it, also where overrides were applied. */
export function describeTemplate({ compiled }: Overridable): PromptDescriptor {
  const { sections, tools } = targetsOf(compiled);
  return {
    ns: compiled.ns,
    key: compiled.key,
    sections: [...sections.values()].flatMap(({ node: { path, number }, text }) =>
      text === undefined ? [] : [{ path, number, hash: text.hash }],
    ),
    tools: [...tools.values()].flatMap(({ node: { path }, tool: { name }, hash }) =>
      hash === undefined ? [] : [{ path, name, hash }],
    ),
  };
}
