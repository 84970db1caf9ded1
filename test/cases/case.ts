/** One public case: what the system that came before was seen to do, or what it should have done. */
export interface Case {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly input: unknown;
  readonly expected: unknown;
  /** Set when `expected` is a defect; then `correct` says in words what is right, unless the group says it itself. */
  readonly upstream_bug?: boolean;
  readonly correct?: string;
}

/** How a case that ran has ended; a case that does not hold throws. */
export type Verdict =
  | { readonly end: "passed" }
  /** Input or expectation was changed by a decision, which `reason` names. */
  | { readonly end: "mapped"; readonly reason: string }
  | { readonly end: "not applicable"; readonly reason: string };

/** Runs one case of a group. */
export type RunCase = (one: Case) => Verdict | Promise<Verdict>;

export const passed: Verdict = { end: "passed" };
export const mapped = (reason: string): Verdict => ({ end: "mapped", reason });
export const notApplicable = (reason: string): Verdict => ({ end: "not applicable", reason });

/** A text that a case writes out or describes: `{ repeat, len, then }`, or `{ len }` for that many `a`. */
export function textOf(described: unknown): string {
  if (typeof described === "string") return described;
  const { repeat = "a", len, then = "", prefix } = described as Record<string, unknown> & { len: number };
  const unit = String(prefix ?? repeat);
  return unit.repeat(Math.ceil(len / unit.length)).slice(0, len) + String(then);
}
