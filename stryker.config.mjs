// The mutation run of one group of bench/mutation.json, named by WINK_MUTATION_GROUP; `npm run mutation` runs them all.
import groups from "./bench/mutation.json" with { type: "json" };

const { floor, mutate } = groups[process.env.WINK_MUTATION_GROUP];

export default {
  packageManager: "npm",
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "vitest.mutation.config.ts" },
  tsconfigFile: "none.json",
  mutate,
  coverageAnalysis: "perTest",
  ignoreStatic: true, // constants of modules would each take the whole suite
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ["progress-append-only", "clear-text"],
  clearTextReporter: { allowColor: false, reportTests: false, reportMutants: true },
  allowEmpty: false,
  cleanTempDir: "always",
  thresholds: { high: 95, low: floor, break: floor },
};
