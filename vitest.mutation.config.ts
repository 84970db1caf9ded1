import { defineConfig } from "vitest/config";

// Mutation runs see the unit tests of src/ alone: whole-package gates would only repeat themselves for each mutant.
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["src/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/*.deep.test.ts", "**/*.fuzz.test.ts"],
    setupFiles: ["test/support/clean-environment.ts"],
  },
});
