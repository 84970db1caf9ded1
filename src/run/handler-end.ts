/** How a handler ended, and what the model is told. */
export interface HandlerEnd {
  readonly status: "committed" | "failed" | "unknown";
  readonly text: string;
}
