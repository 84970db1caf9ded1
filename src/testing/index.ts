/**
 * `weakincentives/testing`: what tests of agents, and of drivers for this library, are made of. Models that play a script,
 * time that stands still, a proof that nothing was left open, and what every port promises as checks for any test runner.
 */

export { type FileConformanceCase, filesystemConformance } from "../files/conformance.ts";
export { type JournalConformanceCase, type JournalHarness, journalConformance } from "../journal/conformance.ts";
export {
  answerWith,
  callTools,
  type Expectation,
  failWith,
  type RequestPattern,
  type ResultPattern,
  refuse,
  type ScriptAnswer,
  type ScriptCall,
  type ScriptEntry,
  type ScriptedModel,
  type ScriptedModelOptions,
  type ScriptStep,
  type StepOptions,
  say,
  sayJson,
  scriptedModel,
  silence,
  type TextPattern,
} from "../model/scripted/index.ts";
export {
  type OverrideConformanceCase,
  type OverrideHarness,
  overrideConformance,
} from "../prompt/overrides/conformance.ts";
export { type StoreConformanceCase, type StoreHarness, storeConformance } from "../session/store/conformance.ts";
export { createFakeClock, type FakeClock } from "./fake-clock.ts";
export { type Draw, type GeneratedParam, type ParamValues, seededDraw } from "./generate-params.ts";
export { type GeneratedPrompt, generatePrompt } from "./generate-prompt.ts";
export { type GeneratedSection, type GenerateSectionOptions, generateSection, Noted } from "./generate-section.ts";
export { type GeneratedTool, generateTool } from "./generate-tool.ts";
export { journalTest } from "./journal-test.ts";
export { type OpenResourceOptions, type OpenResourceWatch, watchOpenResources } from "./leaks.ts";
export {
  type LoopbackAnswer,
  type LoopbackBody,
  type LoopbackCall,
  type LoopbackFault,
  type LoopbackLiteLLMOptions,
  type LoopbackMore,
  type LoopbackOptions,
  type LoopbackPace,
  type LoopbackRequest,
  type LoopbackSaid,
  type LoopbackServer,
  type LoopbackStatus,
  type LoopbackTokens,
  loopbackAnthropic,
  loopbackLiteLLM,
  loopbackOpenAI,
} from "./loopback/index.ts";
export {
  type ModelCapabilities,
  type ModelCapability,
  type ModelCaseSettings,
  type ModelConformanceCase,
  type ModelDriver,
  type ModelHarness,
  type ModelScript,
  modelConformance,
} from "./model-conformance/index.ts";
