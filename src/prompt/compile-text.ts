/** Cuts a text of a section at its placeholders and checks them against the section's params. */
import { didYouMean, type Schema, suggest, WinkError } from "../base/index.ts";
import type { RawText } from "./body.ts";
import {
  dedent,
  findNearPlaceholder,
  isIdentifier,
  type Parts,
  placeholderNames,
  splitPlaceholders,
  withoutOuterLines,
} from "./placeholder.ts";
import { outputNames } from "./property-names.ts";

/** A text as its author wrote it, and cut at its placeholders. */
export interface CompiledText {
  /** Before anything was taken away from it: what the content hash is made from. */
  readonly written: string;
  readonly parts: Parts;
  /** Whether it was given by `raw()`, which does not dedent. */
  readonly raw: boolean;
}

/** Compiles a literal or `raw(…)`; throws `PROMPT_INVALID` for a placeholder that `params` does not declare. */
export function compileText(body: string | RawText, params: Schema | undefined, at: string): CompiledText {
  const written = typeof body === "string" ? body : rawTextOf(body, at);
  const raw = typeof body !== "string";
  const text = raw ? withoutOuterLines(written) : dedent(written);
  return { written, parts: checkedParts(text, params, at), raw };
}

/** The text of `raw()`; anything else comes from code that the compiler did not check. */
function rawTextOf(body: RawText, at: string): string {
  const text: unknown = body?.["~raw"];
  if (typeof text === "string") return text;
  throw new WinkError("PROMPT_INVALID", {
    at,
    problem: "The body is not text",
    expected: "a text, raw(text), or { text, write } for a body made from state",
    received: body === null ? "null" : typeof body,
    example: `body: "You review {{name}}."`,
  });
}

function checkedParts(text: string, params: Schema | undefined, at: string): Parts {
  const parts = splitPlaceholders(text);
  const declared = params === undefined ? new Set<string>() : outputNames(params);
  if (declared === undefined) return parts; // only the run can know: checked at render
  for (const name of placeholderNames(parts)) if (!declared.has(name)) throw undeclared(name, [...declared], at);
  const near = findNearPlaceholder(text, declared);
  if (near === undefined) return parts;
  throw new WinkError("PROMPT_INVALID", {
    at,
    problem: `${near.written} looks like a placeholder and is not one`,
    expected: isIdentifier(near.name) ? `{{${near.name}}}` : "a name of letters, digits and _",
    received: near.written,
    fix: isIdentifier(near.name)
      ? `Write {{${near.name}}}, or {{{{ for a literal {{.`
      : "Give the param a name of letters, digits and _, or write {{{{ for a literal {{.",
    example: isIdentifier(near.name) ? `body: "{{${near.name}}}"` : `body: "{{${near.name.replace(/\W+/g, "_")}}}"`,
    details: { placeholder: near.name },
  });
}

function undeclared(name: string, declared: readonly string[], at: string): WinkError {
  const [near] = suggest(name, declared);
  return new WinkError("PROMPT_INVALID", {
    at,
    problem: `The placeholder {{${name}}} is not declared in params`,
    expected:
      declared.length === 0
        ? "no placeholders: the section has no params"
        : `one of ${declared.map((known) => `{{${known}}}`).join(", ")}`,
    received: `{{${name}}}`,
    fix: didYouMean(name, declared) || "Declare it, or write {{{{ for a literal {{.",
    example:
      near === undefined ? `params: z.object({ ${name}: z.string() }), body: "{{${name}}}"` : `body: "{{${near}}}"`,
    details: { placeholder: name, declared: [...declared] },
  });
}
