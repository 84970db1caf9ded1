import type { Question } from "./error-questions.ts";

/** Questions that places of one code leave without an answer, because there is none to give. */
export interface Exception {
  /** `any` for places that only a running program gives a code. */
  readonly code: string;
  readonly questions: readonly Question[];
  /** The files whose places are meant. */
  readonly files: readonly string[];
  readonly why: string;
}

const both = ["expected", "received"] as const;
const all = ["at", "expected", "received"] as const;
const toldAgain = "tells an error again, with the answers that it has";

/** The one table of exceptions: test/error-questions.test.ts refuses one that is not needed, and a gap that is not here. */
export const exceptions: readonly Exception[] = [
  {
    code: "INVARIANT_BROKEN",
    questions: all,
    files: ["src/base/contracts.ts", "src/base/invariant.ts"],
    why: "the claim is what was expected, the stack says where, and a claim need not speak of values",
  },
  {
    code: "INPUT_INVALID",
    questions: all,
    files: ["src/base/contracts.ts"],
    why: "a contract of a function: as above",
  },
  { code: "INPUT_INVALID", questions: all, files: ["src/cli/overrides-set.ts"], why: toldAgain },
  {
    code: "PARAMS_INVALID",
    questions: all,
    files: ["src/cli/bind-recorded.ts", "src/cli/prompt-show.ts"],
    why: toldAgain,
  },
  { code: "QUESTION_CLOSED", questions: all, files: ["src/cli/runs-answer.ts"], why: toldAgain },
  { code: "OVERRIDES_INVALID", questions: both, files: ["src/prompt/overrides/judge-entry.ts"], why: toldAgain },
  { code: "any", questions: all, files: ["src/run/try-again.ts"], why: toldAgain },
  { code: "any", questions: all, files: ["src/run/ending.ts"], why: "reads an error from a journal, as it was told" },
  {
    code: "FILE_MISSING",
    questions: both,
    files: [
      "src/files/host/host-files.ts",
      "src/files/host/host-reader.ts",
      "src/files/tree-checks.ts",
      "src/files/tree-files.ts",
    ],
    why: "nothing came, and the problem names what should be there",
  },
  {
    code: "FILE_CHANGED",
    questions: both,
    files: [
      "src/files/host/host-changes.ts",
      "src/files/host/read-pieces.ts",
      "src/files/host/writer.ts",
      "src/files/stream.ts",
    ],
    why: "nobody knows who changed it, or to what",
  },
  {
    code: "FILE_FAILED",
    questions: ["expected"],
    files: ["src/files/host/host-error.ts"],
    why: "the system says why it refuses, not what it would take",
  },
  {
    code: "RESOURCE_CLOSED",
    questions: both,
    files: ["src/files/host/host-files.ts", "src/resources/pool.ts"],
    why: "it was used after its end, which is all there is to tell",
  },
  { code: "CONTEXT_CLOSED", questions: both, files: ["src/run/call-scope.ts"], why: "as RESOURCE_CLOSED" },
  {
    code: "STORE_CLOSED",
    questions: both,
    files: ["src/session/store/jsonl-store.ts", "src/session/store/memory-store.ts"],
    why: "as RESOURCE_CLOSED",
  },
  {
    code: "RUN_FAILED",
    questions: ["at"],
    files: ["src/run/execute.ts"],
    why: "the outcome that holds the error names the run",
  },
];
