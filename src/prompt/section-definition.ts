/** What a section is, before and after its definition was checked. */
// any: functions of a section take in params of its own type, contravariantly, so that `unknown` would refuse them; and
// where the sections are not known one by one, `bind` takes any params
import type { Problem, Schema } from "../base/index.ts";
import type { Binding } from "../resources/index.ts";
import type { Slice } from "../session/index.ts";
import type { Tool } from "../tool/index.ts";
import type { RenderContext, StateText } from "./body.ts";
import type { CheckedText } from "./checked-text.ts";
import type { CompiledText } from "./compile-text.ts";
import type { TaskExample } from "./task-example.ts";
import type { Visibility } from "./visibility.ts";

/** The body of a section after its definition was checked. */
export type CompiledBody =
  | ({ readonly kind: "parts" } & CompiledText)
  | { readonly kind: "state"; readonly text: StateText<any> };

/** A node of a prompt. `Params` is what `bind` must give for it and its children. */
export interface Section<Params = any> {
  readonly key: string;
  readonly title: string;
  readonly params: Schema | undefined;
  /** The names that `params` takes in; undefined when its schema does not say. */
  readonly paramNames: readonly string[] | undefined;
  readonly body: CompiledBody;
  readonly summary: CompiledText | undefined;
  readonly visibility: Visibility | ((context: RenderContext<any>) => Visibility);
  readonly enabled: ((context: RenderContext<any>) => boolean) | undefined;
  readonly stable: boolean;
  readonly overridable: boolean;
  readonly tools: readonly Tool[];
  readonly slices: readonly Slice[];
  readonly resources: readonly Binding[];
  readonly sections: readonly Section[];
  /** What `definePrompt` checks of a section made by `taskExample`. */
  readonly taskExample: TaskExample | undefined;
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

/** What `section` takes. */
export interface SectionDefinition<In, Out, Body, Summary, Children extends readonly Section[]> {
  /** Lower-case letters, digits, `_` and `-`; unique among its siblings. */
  readonly key: string;
  readonly title: string;
  /** What its text needs. A child that uses its parent's params declares them as well. */
  readonly params?: Schema<In, Out>;
  /** Markdown with `{{name}}` for each param that it shows; or `raw(…)`, or text made from state. */
  readonly body: CheckedBody<Body, Out>;
  /** A shorter text that may stand for body, children and tools until the model opens the section. */
  readonly summary?: CheckedText<Summary, Out>;
  /** Whether body or summary is shown at first; asked once, when the run begins. `full` unless told. */
  readonly visibility?: [Summary] extends [""]
    ? "full" | Problem<"a section without `summary` has nothing else to show">
    : Visibility | ((context: RenderContext<Out>) => Visibility);
  /** Whether the section takes part in a run; asked once, when the run begins. True unless told. */
  readonly enabled?: (context: RenderContext<Out>) => boolean;
  /**
   * Whether it reads the same in every run, so that a provider can cache it. Unless told, sections without params, without
   * functions and without text made from state do.
   */
  readonly stable?: boolean;
  /** Whether a stored override may replace its text. True unless told. */
  readonly overridable?: boolean;
  readonly tools?: readonly Tool[];
  readonly slices?: readonly Slice[];
  /** What its tools borrow, if the section gives it. Those of the template and of `bind` win. */
  readonly resources?: readonly Binding[];
  readonly sections?: readonly [...Children];
}
