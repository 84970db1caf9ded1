/** The sections and tools of a template that overrides may speak of, found once a template. */
import { inputJsonSchema, type JsonValue, type Schema } from "../../base/index.ts";
import type { Tool } from "../../tool/index.ts";
import type { CompiledText } from "../compile-text.ts";
import type { CompiledTemplate, SectionNode } from "../compiled-template.ts";
import { contentHash, contractHash } from "./override-hash.ts";

/** A section. */
export interface SectionTarget {
  readonly node: SectionNode;
  /** The text that an override may replace, and its hash. */
  readonly text: (CompiledText & { readonly hash: string }) | undefined;
}

/** A tool and the section that brings it. */
export interface ToolTarget {
  readonly node: SectionNode;
  readonly tool: Tool;
  /** The hash of its contract; undefined when no override may replace its texts. */
  readonly hash: string | undefined;
}

/** Sections by path and tools by name, in order of appearance. */
export interface OverrideTargets {
  readonly sections: ReadonlyMap<string, SectionTarget>;
  readonly tools: ReadonlyMap<string, ToolTarget>;
}

/** Finds the targets of a template, as they stand in the code also where overrides were applied. */
export function targetsOf(template: CompiledTemplate): OverrideTargets {
  const original = template.original ?? template;
  const known = cache.get(original);
  if (known !== undefined) return known;
  const sections = new Map<string, SectionTarget>();
  const tools = new Map<string, ToolTarget>();
  for (const node of original.nodes) {
    const { body, overridable } = node.section;
    const open = overridable && body.kind === "parts";
    sections.set(node.path, { node, text: open ? { ...body, hash: contentHash(body.written) } : undefined });
    for (const tool of node.section.tools) {
      tools.set(tool.name, { node, tool, hash: tool.overridable ? hashOf(tool) : undefined });
    }
  }
  const targets = { sections, tools };
  cache.set(original, targets);
  return targets;
}

const cache = new WeakMap<CompiledTemplate, OverrideTargets>();

function hashOf({ description, parameters, result }: Tool): string {
  return contractHash({
    description,
    parameters,
    result: result === undefined ? { type: "string" } : schemaOf(result),
  });
}

/** Nobody is shown the schema of a result, so it need not have a JSON Schema. */
function schemaOf(schema: Schema): JsonValue {
  try {
    return inputJsonSchema(schema);
  } catch {
    return null;
  }
}
