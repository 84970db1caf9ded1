/** Unit test files in which a test may take longer than a second, in milliseconds, and why. */
export const slowTestLimits: Readonly<Record<string, { readonly limit: number; readonly reason: string }>> = {
  "src/session/store/store.property.test.ts": { limit: 5_000, reason: "makes two stores over a file for each run" },
  "test/architecture.test.ts": { limit: 5_000, reason: "parses every source file" },
  "test/casts.test.ts": { limit: 5_000, reason: "parses every source file" },
  "test/documented.test.ts": { limit: 5_000, reason: "builds a program with TypeScript's checker" },
  "test/error-questions.test.ts": { limit: 5_000, reason: "builds programs with TypeScript's checker" },
  "test/lint.test.ts": { limit: 5_000, reason: "starts the linter" },
  "test/toolchain.test.ts": { limit: 5_000, reason: "starts Node" },
  "test/types/consumer.test.ts": { limit: 5_000, reason: "starts the compiler" },
};
