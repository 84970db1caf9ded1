/** Checks of counts that callers give. */
import { WinkError } from "../base/index.ts";

/** Throws `INPUT_INVALID` unless a number is a whole one from `least` (0) to `most`. */
export function checkCount(
  value: number,
  name: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: { readonly least?: number; readonly most?: number } = {},
): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const upTo = most === Number.MAX_SAFE_INTEGER ? "or more" : `to ${most}`;
  throw new WinkError("INPUT_INVALID", {
    at: name,
    problem: "It is wrong",
    expected: `a whole number, ${least} ${upTo}`,
    received: String(value),
  });
}
