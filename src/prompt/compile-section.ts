/** Checks a section's definition once and fills in its defaults. */
// any: the definition's types were checked by `section`; here it is only data
import { messageFrom, type Schema, WinkError } from "../base/index.ts";
import type { RawText, StateText } from "./body.ts";
import { type CompiledText, compileText } from "./compile-text.ts";
import { inputNames } from "./property-names.ts";
import type { CompiledBody, Section } from "./section-definition.ts";

/** A definition of a section with its types forgotten. */
export interface LooseSection
  extends Partial<
    Pick<
      Section,
      "params" | "visibility" | "enabled" | "stable" | "overridable" | "tools" | "slices" | "resources" | "sections"
    >
  > {
  readonly key: string;
  readonly title: string;
  readonly body: string | RawText | StateText<any>;
  readonly summary?: string | RawText;
}

/** Makes a section from a definition, or throws `PROMPT_INVALID`. */
export function compileSection(definition: LooseSection): Section {
  const { key, title, params, enabled, visibility = "full" } = definition;
  if (typeof key !== "string" || !/^[a-z0-9][a-z0-9_-]{0,63}$/.test(key)) {
    throw new WinkError("PROMPT_INVALID", {
      at: "section",
      problem: "The key of a section is not well formed",
      expected: '1 to 64 of a-z, 0-9, "_" and "-", like "code-style" ("." separates the keys of a path)',
      received: JSON.stringify(key),
      example: `key: ${JSON.stringify(wellFormed(key))}`,
    });
  }
  const at = `section "${key}"`;
  if (typeof title !== "string" || title.trim() === "" || /[\r\n]/.test(title)) {
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: "The title is not well formed",
      expected: "one line of text",
      received: JSON.stringify(title),
      example: 'title: "Code style"',
    });
  }
  const body = compileBody(definition.body, params, at);
  const summary =
    definition.summary === undefined ? undefined : compileText(definition.summary, params, `summary of ${at}`);
  checkVisibility(visibility, summary, at);
  if (definition.stable === true && body.kind === "state") {
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: "A body made from state cannot be stable",
      expected: "`stable` left out",
      received: "stable: true",
      example: `body: { text: ${JSON.stringify(body.text.text)}, write }`,
    });
  }
  const fixed = params === undefined && enabled === undefined && typeof visibility !== "function";
  return {
    key,
    title: title.trim(),
    params,
    paramNames: params === undefined ? [] : namesOf(params, at),
    body,
    summary,
    visibility,
    enabled,
    stable: definition.stable ?? (fixed && body.kind === "parts"),
    overridable: definition.overridable ?? true,
    tools: definition.tools ?? [],
    slices: definition.slices ?? [],
    resources: definition.resources ?? [],
    sections: definition.sections ?? [],
    taskExample: undefined,
  };
}

/** The nearest key that would do, for an example. */
const wellFormed = (key: unknown): string =>
  (typeof key === "string" ? key : "")
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 64) || "code-style";

function checkVisibility(visibility: Section["visibility"], summary: CompiledText | undefined, at: string): void {
  if (typeof visibility === "function" || visibility === "full") {
    if (visibility === "full" || summary !== undefined) return;
  } else if (visibility === "summary" && summary !== undefined) return;
  throw new WinkError("PROMPT_INVALID", {
    at,
    problem: summary === undefined ? "A section without `summary` has nothing else to show" : "The visibility is none",
    expected:
      summary === undefined ? "a `summary`, or no `visibility`" : '"full", "summary" or a function that gives one',
    received: `visibility: ${typeof visibility === "function" ? "a function" : JSON.stringify(visibility)}`,
    example: 'summary: "Rules of style; open to read.", visibility: "summary"',
  });
}

function namesOf(params: Schema, at: string): readonly string[] | undefined {
  try {
    return inputNames(params);
  } catch (cause) {
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: "`params` has no JSON Schema",
      expected: "a schema of JSON values",
      received: (WinkError.is(cause) && cause.parts.received) || messageFrom(cause),
      example: "params: z.object({ name: z.string() })",
      cause,
    });
  }
}

function compileBody(body: LooseSection["body"], params: Schema | undefined, at: string): CompiledBody {
  if (isStateText(body)) return { kind: "state", text: body };
  return { kind: "parts", ...compileText(body, params, at) };
}

function isStateText(body: unknown): body is StateText<any> {
  return (
    typeof body === "object" &&
    body !== null &&
    "text" in body &&
    "write" in body &&
    typeof body.text === "string" &&
    typeof body.write === "function"
  );
}
