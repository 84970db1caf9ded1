import { appendFileSync } from "node:fs";
import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import { slowTestLimits } from "./slow-test-limits.ts";

/** What one unit test may take, in milliseconds: the tier stays fast only if every test does. */
const unitTestLimit = 1_000;

/** A busy machine can make any test slow: one fails only when it is over its limit by this factor, else it is named. */
const failingFactor = 5;

interface SlowTest {
  readonly line: string;
  readonly fails: boolean;
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Names the unit tests of a finished file that took longer than they may. */
function slowTests(module: TestModule): SlowTest[] {
  if (module.project.name !== "unit") return [];
  const file = relative(process.cwd(), module.moduleId);
  const allowed = slowTestLimits[file]?.limit ?? unitTestLimit;
  return [...module.children.allTests("passed")].flatMap((test) => {
    const taken = Math.round(test.diagnostic()?.duration ?? 0);
    if (taken <= allowed) return [];
    const fails = taken > allowed * failingFactor;
    return [
      { line: `${fails ? "failed" : "slow"}: ${file} > ${test.fullName}: ${taken} ms, allowed ${allowed} ms`, fails },
    ];
  });
}

function count(module: TestModule, counts: Counts): void {
  // A file that does not load has no tests to fail: it counts as one.
  counts.failed += module.errors().length;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    counts[state === "pending" ? "skipped" : state] += 1;
  }
}

/**
 * Ends a run with one plain line, "12 passed, 0 failed, 3 skipped", for whoever reads a log and not a terminal.
 * A unit test that passed but took far too long counts as failed. With WINK_TEST_COUNTS the numbers are also added to that
 * file, so that a script can sum several runs.
 */
export class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts: Counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) count(module, counts);
    const slow = modules.flatMap(slowTests);
    if (slow.length > 0) {
      console.error("Too slow for unit tests (make it a *.deep.test.ts, or list the file in slow-test-limits.ts):");
      for (const { line } of slow) console.error(`  ${line}`);
    }
    const failing = slow.filter(({ fails }) => fails).length;
    counts.passed -= failing;
    counts.failed += failing;
    if (failing > 0) process.exitCode = 1;
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    const path = process.env.WINK_TEST_COUNTS;
    if (path !== undefined) appendFileSync(path, `${JSON.stringify(counts)}\n`);
  }
}
