/**
 * The port for spans: pieces of a run's work, each with a beginning and an end, one below the other. What a telemetry is given is
 * redacted and short; what it throws is dropped and changes nothing about the run.
 */

/** What is told of a span, by name. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | string[]>>;

/** How a span begins. */
export interface SpanStart {
  readonly name: string;
  /** `client` for a call of something outside, such as a model. */
  readonly kind: "internal" | "client";
  readonly attributes: SpanAttributes;
}

/** Why a span ended in an error. */
export interface SpanFailure {
  /** The code of the error, or `aborted`. */
  readonly type: string;
  /** What was wrong; only where contents are told. */
  readonly message?: string | undefined;
}

/** Where spans go. */
export interface Telemetry {
  /** Whether messages, arguments, results and texts of errors are told too; false unless told. */
  readonly content?: boolean | undefined;
  /** Starts a span, below the one that is active where this is called. */
  start(start: SpanStart): Span;
}

/** A span under way. It is ended once. */
export interface Span {
  /** Starts a span below this one. */
  start(start: SpanStart): Span;
  /** Calls a function, at once and once, with the span active: for what it does, and for what follows from that later. */
  activate(work: () => void): void;
  /** Adds attributes. */
  set(attributes: SpanAttributes): void;
  /** Ends the span, in an error when one is given. */
  end(failure?: SpanFailure): void;
}
