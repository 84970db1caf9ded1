/** Counts the tokens of a text as a model does. Passed in: tokenizers are large, and each model has its own. */
export type CountTokens = (text: string) => number;
