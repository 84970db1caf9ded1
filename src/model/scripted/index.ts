/** A model that plays a script, for tests. */
export {
  answerWith,
  callTools,
  failWith,
  refuse,
  type ScriptAnswer,
  type ScriptCall,
  type ScriptStep,
  type StepOptions,
  say,
  sayJson,
  silence,
} from "./answer.ts";
export type { Expectation, RequestPattern, ResultPattern, TextPattern } from "./expectation.ts";
export { type ScriptEntry, type ScriptedModel, type ScriptedModelOptions, scriptedModel } from "./scripted-model.ts";
