import { defineConfig } from "vitest/config";
import { ClosingReporter } from "./test/support/closing-reporter.ts";

// The package is tested from its source: `import "weakincentives"` goes through the first export condition.
const conditions = ["source"];
const never = ["**/node_modules/**", "dist/**", ".stryker-tmp/**", "examples/*/repo/**"];

/** A file's suffix says its tier: `x.test.ts` and `x.property.test.ts` are unit tests, `x.deep.test.ts` is deep. */
const tier = (name: string, include: string[], exclude: string[], more: object = {}) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    name,
    include,
    exclude: [...never, ...exclude],
    setupFiles: ["test/support/clean-environment.ts"],
    execArgv: ["--conditions=source"],
    // the AI SDK uses a package that has an export condition of the same name, which Node itself cannot run
    server: { deps: { inline: [/\/@ai-sdk\//, /\/eventsource-parser\//, /\/node_modules\/ai\//] } },
    ...more,
  },
});

export default defineConfig({
  test: {
    slowTestThreshold: 300,
    reporters: ["default", new ClosingReporter()],
    projects: [
      tier("unit", ["src/**/*.test.ts", "test/**/*.test.ts"], ["**/*.deep.test.ts", "**/*.fuzz.test.ts"], {
        testTimeout: 30_000, // a busy machine makes any test slow: the reporter names one above its limit, and fails it above five times that
      }),
      tier("deep", ["{src,test}/**/*.deep.test.ts"], [], { testTimeout: 300_000, hookTimeout: 300_000 }),
      tier("fuzz", ["{src,test}/**/*.{property,fuzz}.test.ts"], [], {
        testTimeout: 600_000,
        env: { WINK_FUZZ_RUNS: process.env.WINK_FUZZ_RUNS ?? "10000" },
      }),
    ],
  },
});
