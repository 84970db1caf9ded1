/** Sections: the nodes of a prompt. Each carries its text and everything that belongs to it. */
// any: functions of a section take in params of its own type, contravariantly, so that `unknown` would refuse them; and
// where the sections are not known one by one, `bind` takes any params
import { didYouMean, type Schema, WinkError } from "../base/index.ts";
import type { Binding } from "../resources/index.ts";
import type { Slice } from "../session/index.ts";
import type { Tool } from "../tool/index.ts";
import type { RawText, RenderContext, StateText } from "./body.ts";
import type { CheckedText, Known } from "./checked-text.ts";
import {
  dedent,
  findNearPlaceholder,
  isIdentifier,
  type Parts,
  placeholderNames,
  splitPlaceholders,
  withoutOuterLines,
} from "./placeholder.ts";
import { inputNames, outputNames } from "./property-names.ts";

/** The body of a section after its definition was checked. */
export type CompiledBody =
  | { readonly kind: "parts"; readonly parts: Parts }
  | { readonly kind: "state"; readonly text: StateText<any> };

/** A node of a prompt. `Params` is what `bind` must give for it and its children. */
export interface Section<Params = any> {
  readonly key: string;
  readonly title: string;
  readonly params: Schema | undefined;
  /** The names that `params` takes in; undefined when its schema does not say. */
  readonly paramNames: readonly string[] | undefined;
  readonly body: CompiledBody;
  readonly enabled: ((context: RenderContext<any>) => boolean) | undefined;
  readonly tools: readonly Tool[];
  readonly slices: readonly Slice[];
  readonly resources: readonly Binding[];
  readonly sections: readonly Section[];
  readonly "~params"?: Params | undefined;
}

/** Writes an intersection of objects as one object, for readable tooltips. */
export type Simplify<T> = { [K in keyof T]: T[K] } & {};

type ParamsOfOne<S> = (S extends Section<infer P> ? (params: P) => void : never) extends (params: infer All) => void
  ? All
  : never;

/** The params of a list of sections, merged. Four at a time, because steps of one cost the compiler more. */
export type ParamsOf<S extends readonly unknown[], Merged = {}> = S extends readonly [
  infer A,
  infer B,
  infer C,
  infer D,
  ...infer Rest,
]
  ? ParamsOf<Rest, Merged & ParamsOfOne<A> & ParamsOfOne<B> & ParamsOfOne<C> & ParamsOfOne<D>>
  : S extends readonly [infer First, ...infer Rest]
    ? ParamsOf<Rest, Merged & ParamsOfOne<First>>
    : S extends readonly []
      ? Merged
      : Merged & ParamsOfOne<S[number]>;

/** A checked text or one of the other kinds of body; only one is offered, so that errors speak of what was meant. */
type CheckedBody<Body, Out> = [Body] extends [string] ? CheckedText<Body, Out> : Body | StateText<Out>;

/** What {@link section} takes. */
export interface SectionDefinition<In, Out, Body, Children extends readonly Section[]> {
  /** Lower-case letters, digits, `_` and `-`; unique among its siblings. */
  readonly key: string;
  readonly title: string;
  /** What its text needs. A child that uses its parent's params declares them as well. */
  readonly params?: Schema<In, Out>;
  /** Markdown with `{{name}}` for each param that it shows; or `raw(…)`, or text made from state. */
  readonly body: CheckedBody<Body, Out>;
  /** Whether the section takes part in a run; asked once, when the run begins. True unless told. */
  readonly enabled?: (context: RenderContext<Out>) => boolean;
  readonly tools?: readonly Tool[];
  readonly slices?: readonly Slice[];
  /** What its tools borrow, if the section gives it. Those of the template and of `bind` win. */
  readonly resources?: readonly Binding[];
  readonly sections?: readonly [...Children];
}

/** Defines a section. Throws `PROMPT_INVALID` for a bad key, title or placeholder. */
export function section<
  In extends object = {},
  Out extends object = {},
  const Body extends string | RawText = RawText,
  Children extends readonly Section[] = readonly [],
>(definition: SectionDefinition<In, Out, Body, Children>): Section<Simplify<Known<In> & ParamsOf<Children>>> {
  const { key, title, params } = definition;
  if (typeof key !== "string" || !/^[a-z0-9][a-z0-9_-]{0,63}$/.test(key)) {
    throw new WinkError("PROMPT_INVALID", {
      problem: "The key of a section is not well formed",
      expected: '1 to 64 of a-z, 0-9, "_" and "-", like "code-style" ("." separates the keys of a path)',
      received: JSON.stringify(key),
    });
  }
  const at = `section "${key}"`;
  if (typeof title !== "string" || title.trim() === "" || /[\r\n]/.test(title)) {
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: "The title is not well formed",
      expected: "one line of text",
      received: JSON.stringify(title),
    });
  }
  return {
    key,
    title: title.trim(),
    params,
    paramNames: params === undefined ? [] : namesOf(params, at),
    body: compileBody(definition.body as string | RawText | StateText<any>, params, at), // as: the check is for the compiler only
    enabled: definition.enabled,
    tools: definition.tools ?? [],
    slices: definition.slices ?? [],
    resources: definition.resources ?? [],
    sections: definition.sections ?? [],
  };
}

function namesOf(params: Schema, at: string): readonly string[] | undefined {
  try {
    return inputNames(params);
  } catch (cause) {
    const received = WinkError.is(cause) ? cause.parts.received : undefined;
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: "`params` has no JSON Schema",
      expected: "a schema of JSON values",
      received,
      cause,
    });
  }
}

function compileBody(body: string | RawText | StateText<any>, params: Schema | undefined, at: string): CompiledBody {
  if (isStateText(body)) return { kind: "state", text: body };
  const text = writtenText(body, at);
  const parts = splitPlaceholders(text);
  const declared = params === undefined ? new Set<string>() : outputNames(params);
  if (declared === undefined) return { kind: "parts", parts }; // only the run can know: checked at render
  for (const name of placeholderNames(parts)) {
    if (declared.has(name)) continue;
    const names = [...declared];
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: `The placeholder {{${name}}} is not declared in params`,
      expected:
        names.length === 0
          ? "no placeholders: the section has no params"
          : `one of ${names.map((known) => `{{${known}}}`).join(", ")}`,
      received: `{{${name}}}`,
      fix:
        didYouMean(name, names) ||
        `Declare it, params: z.object({ ${name}: z.string() }), or write {{{{ for a literal {{.`,
      details: { placeholder: name, declared: names },
    });
  }
  const near = findNearPlaceholder(text, declared);
  if (near !== undefined) {
    throw new WinkError("PROMPT_INVALID", {
      at,
      problem: `${near.written} looks like a placeholder and is not one`,
      expected: isIdentifier(near.name) ? `{{${near.name}}}` : "a name of letters, digits and _",
      received: near.written,
      fix: isIdentifier(near.name)
        ? `Write {{${near.name}}}, or {{{{ for a literal {{.`
        : "Give the param a name of letters, digits and _, or write {{{{ for a literal {{.",
      details: { placeholder: near.name },
    });
  }
  return { kind: "parts", parts };
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

/** The text of a literal or of `raw()`; anything else comes from code that the compiler did not check. */
function writtenText(body: string | RawText, at: string): string {
  if (typeof body === "string") return dedent(body);
  const text: unknown = body?.["~raw"];
  if (typeof text === "string") return withoutOuterLines(text);
  throw new WinkError("PROMPT_INVALID", {
    at,
    problem: "The body is not text",
    expected: "a text, raw(text), or { text, write } for text made from state",
    received: body === null ? "null" : typeof body,
  });
}
