/**
 * What every journal promises, as checks that any test runner can run: each throws when the promise does not hold, and is
 * given storage that is empty. The numbers are those in the header of `journal.ts`.
 */
import type { JournalConformanceCase } from "./conformance-case.ts";
import { contentConformance } from "./conformance-content.ts";
import { fenceConformance } from "./conformance-fence.ts";
import { orderConformance } from "./conformance-order.ts";
import { refusalConformance } from "./conformance-refusal.ts";
import { removeConformance } from "./conformance-remove.ts";

export type { JournalConformanceCase, JournalHarness } from "./conformance-case.ts";

/** All promises of the port. */
export const journalConformance: readonly JournalConformanceCase[] = [
  ...orderConformance,
  ...fenceConformance,
  ...contentConformance,
  ...refusalConformance,
  ...removeConformance,
];
