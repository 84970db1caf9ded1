/** Limits on what a run may use. A limit that is left out does not limit. */
export interface Budget {
  /** Tokens of all requests together. */
  readonly inputTokens?: number | undefined;
  /** Tokens of all answers together. */
  readonly outputTokens?: number | undefined;
  /** Tokens of requests and answers together. */
  readonly totalTokens?: number | undefined;
  /** Money, in the currency of the prices given. */
  readonly cost?: number | undefined;
  /** Model calls. */
  readonly turns?: number | undefined;
}
