import { defineConfig } from "vitest/config";

// Mutation runs see the unit tests of the folders that are mutated, and no others: those would only cost time.
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["src/base/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/*.deep.test.ts", "**/*.fuzz.test.ts"],
    setupFiles: ["test/support/clean-environment.ts"],
  },
});
