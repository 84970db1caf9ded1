/**
 * What every filesystem promises, as checks that any test runner can run: each throws when the promise does not hold, and is
 * given a filesystem that is empty. The numbers are those in the header of `filesystem.ts`.
 */
import type { FileConformanceCase } from "./conformance-case.ts";
import { contentConformance } from "./conformance-content.ts";
import { searchConformance } from "./conformance-search.ts";
import { snapshotConformance } from "./conformance-snapshot.ts";
import { streamConformance } from "./conformance-stream.ts";
import { treeConformance } from "./conformance-tree.ts";

export type { FileConformanceCase } from "./conformance-case.ts";

/** All promises of the port. */
export const filesystemConformance: readonly FileConformanceCase[] = [
  ...contentConformance,
  ...treeConformance,
  ...searchConformance,
  ...snapshotConformance,
  ...streamConformance,
];
