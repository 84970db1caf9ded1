/** What a handler returns: a value, or a sentence that tells the model why not. Expected failures are values. */

/** The call did what it should. */
export interface ToolOk<Value> {
  readonly ok: true;
  readonly value: Value;
  /** Stands before the value in what the model sees; empty when there is nothing to add. */
  readonly message: string;
}

/** The call did not do what it should: what it changed is taken back, and the model is told why. */
export interface ToolFail {
  readonly ok: false;
  readonly message: string;
}

/** The result of a tool call. */
export type ToolResult<Value> = ToolOk<Value> | ToolFail;

/** Makes a result with a value; the message, if any, stands before the value in what the model sees. */
export function ok<Value>(value: Value, message = ""): ToolOk<Value> {
  return { ok: true, value, message };
}

/** Makes a failed result. Say what was wrong and what to try instead: the model reads it. */
export function fail(message: string): ToolFail {
  return { ok: false, message };
}
