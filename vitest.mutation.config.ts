import { defineConfig } from "vitest/config";
import groups from "./bench/mutation.json" with { type: "json" };

const name = process.env.WINK_MUTATION_GROUP as keyof typeof groups; // as: set by scripts/mutation.ts, which checks it

// Mutation runs see the unit tests that are about what is mutated, and no others: those would only cost time.
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: groups[name].tests,
    exclude: ["**/node_modules/**", "**/*.deep.test.ts", "**/*.fuzz.test.ts"],
    setupFiles: ["test/support/clean-environment.ts"],
    execArgv: ["--conditions=source"],
    testTimeout: 10_000, // instrumented code is slow; many a mutant waits for ever
    env: { WINK_FUZZ_RUNS: "20", WINK_KILL_STRIDE: "7", WINK_SLOW_SIZE: "32768" }, // each of many hundred mutants runs them anew
  },
});
