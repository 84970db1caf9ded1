/** What every model driver promises, as checks for any test runner. */
export type {
  ModelCapabilities,
  ModelCapability,
  ModelCaseSettings,
  ModelDriver,
  ModelHarness,
  ModelScript,
} from "./driver.ts";
export { type ModelConformanceCase, modelConformance } from "./model-conformance.ts";
