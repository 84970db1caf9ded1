/** Tokens that a call may have used. */
export interface TokensAtMost {
  readonly inputTokens: number;
  readonly outputTokens: number;
}
