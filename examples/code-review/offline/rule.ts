import type { Severity } from "../review.ts";
import type { Language } from "./languages.ts";

/** A rule of the offline reviewer, as data: what to search for, what to say, and when a hit is a finding. */
export interface Rule {
  readonly name: string;
  readonly severity: Severity;
  readonly languages: readonly Language[];
  /** What `grep` searches for: RE2 syntax, so without look-around. */
  readonly pattern: string;
  readonly message: string;
  readonly fix: string;
  /** Tells whether a hit is a finding; every hit is one unless told. */
  readonly confirm?: (hit: Hit) => boolean;
  /** Whether `confirm` looks at other lines than the hit's own; it does not unless told. */
  readonly looksAround?: boolean;
  /** The line without the problem, where that is safe; the agent edits its overlay and proposes a patch. */
  readonly rewrite?: (line: string) => string | undefined;
  /** Whether hits in tests count; they do not unless told. */
  readonly inTests?: boolean;
}

/** A line that a rule's pattern matches, with what stands around it. */
export interface Hit {
  readonly path: string;
  /** Counted from 1. */
  readonly number: number;
  readonly line: string;
  /** Where the match begins in the line. */
  readonly start: number;
  /** Up to six lines before, nearest last, and after, nearest first. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}
