/** What a tool is, before and after its definition was checked. */
// any: a list of tools holds tools of every type; parameters stand contravariantly and `unknown` would refuse them
import type { JsonObject, Schema } from "../base/index.ts";
import type { Token } from "../resources/index.ts";
import type { JsonOnly } from "../session/index.ts";
import type { ContextOf, Effects } from "./context.ts";
import type { ToolResult } from "./result.ts";

/** A value now or later. */
export type Awaitable<T> = T | Promise<T>;

/** The resources that a tool borrows, by the names its handler uses. */
export type Borrows = Readonly<Record<string, Token<any>>>;

/** What the handler gets for them. */
export type Borrowed<Resources> = {
  readonly [Name in keyof Resources]: Resources[Name] extends Token<infer Value> ? Value : never;
};

/** How a compensable tool is taken back. */
export interface Undoable<Params, Value, Context> {
  /** Takes back what the call did, or may have done (`value` is undefined then). Must bear to be run twice with one key. */
  readonly undo: (params: Params, value: Value | undefined, context: Context) => Awaitable<void>;
}

/** How the outcome of an external call can be found out, and what happens while it is unknown. */
export interface Reconcilable<Params, Returned, Context> {
  /** Finds out, when a run goes on that was cut off in a call, whether it happened: `ok` for yes, `fail` for no, nothing when unknown. */
  readonly reconcile?: (params: Params, context: Context) => Awaitable<ToolResult<NoInfer<Returned>> | undefined>;
  /** Whether the model is told of an unknown outcome, or somebody is asked and the run suspended; `tell` unless told. */
  readonly onUnknown?: "tell" | "suspend";
}

/** One call of a tool, as an example for models. */
export interface ExampleCall<Params, Returned> {
  /** What it shows: 1 to 200 ASCII characters. */
  readonly description: string;
  /** What the model gives. */
  readonly params: Params;
  /** What the handler returns then. */
  readonly result: Returned;
}

/** An example after it was checked. */
export interface ToolExample {
  readonly description: string;
  /** What the model gives: defaults are not filled in. */
  readonly params: JsonObject;
  /** What the model sees of the result. */
  readonly output: string;
}

/** What every definition of a tool has. */
export interface ToolBase<In, Params, Returned, Value, E extends Effects, Resources> {
  /** What the model calls it by: `a-z`, digits, `_` and `-`, at most 64 characters. */
  readonly name: string;
  /** What the model is told: 1 to 200 ASCII characters. */
  readonly description: string;
  /** What it does to the world outside session and workspace. There is no default. */
  readonly effects: E;
  /** What the model gives, as a schema of an object; nothing unless told. */
  readonly params?: Schema<In, Params>;
  /** What the handler gives back; text unless told. */
  readonly result?: JsonOnly<Returned, Value>;
  /** What it borrows; `bind` refuses a prompt when nobody gives it. */
  readonly resources?: Resources;
  /** What the model sees of a value; compact JSON unless told, text as it is. */
  readonly render?: (value: Value) => string;
  /** Milliseconds that one call may take; 120,000 unless told. */
  readonly timeoutMs?: number;
  /** Whether it goes first when a limit of the run comes near: it is not offered any more, and its calls are refused. False unless told. */
  readonly costly?: boolean;
  /** Whether stored overrides may replace its description and those of its parameters. True unless told. */
  readonly overridable?: boolean;
  /** Calls that show models how it is used; they stand in the prompt, behind the text of the section. */
  readonly examples?: readonly ExampleCall<NoInfer<In>, NoInfer<Returned>>[];
  readonly handler: (
    params: Params,
    context: ContextOf[E] & Borrowed<Resources>,
  ) => Awaitable<ToolResult<NoInfer<Returned>>>;
}

/** A tool, ready to be brought by a section. */
export interface Tool<Params = any, Value = any> {
  readonly name: string;
  readonly description: string;
  readonly effects: Effects;
  readonly params: Schema<Params, any> | undefined;
  readonly result: Schema<any, Value> | undefined;
  /** The JSON Schema of the parameters, as models see it. */
  readonly parameters: JsonObject;
  readonly resources: Borrows;
  readonly timeoutMs: number;
  readonly onUnknown: "tell" | "suspend";
  readonly costly: boolean;
  readonly overridable: boolean;
  readonly examples: readonly ToolExample[];
  readonly render: (value: Value) => string;
  readonly handler: (params: any, context: any) => Awaitable<ToolResult<any>>;
  readonly undo: ((params: any, value: Value | undefined, context: any) => Awaitable<void>) | undefined;
  readonly reconcile: ((params: any, context: any) => Awaitable<ToolResult<any> | undefined>) | undefined;
}

/** Beside {@link Tool} where `result` takes in another type than it gives out: what its handler returns. */
export interface Returns<Returned> {
  readonly "~returned"?: ((returned: Returned) => void) | undefined;
}
