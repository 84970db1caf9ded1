import type { Usage } from "../limits/index.ts";

/** What a run has used so far; grows with each answer. */
export interface Tally {
  turns: number;
  /** Times that a model was asked, also by earlier processes. */
  attempts: number;
  usage: Usage;
  /** The last text of the model. */
  text: string;
  /** The longest model call and the longest turn with its tools, in milliseconds. */
  longest: { call: number; turn: number };
}
