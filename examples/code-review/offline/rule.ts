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
  /** Tells from the hit's own line, which `grep` shows, whether it may be a finding; every hit may unless told. */
  readonly confirm?: (hit: Hit) => boolean;
  /** Tells it from the lines around as well, which must be read for it; the own line is enough unless told. */
  readonly confirmAround?: (hit: Hit) => boolean;
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

/** Whether a hit, with what stands around it, is a finding. */
export const isFinding = ({ confirm, confirmAround }: Rule, hit: Hit): boolean =>
  (confirm?.(hit) ?? true) && (confirmAround?.(hit) ?? true);
