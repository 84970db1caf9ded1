import { isAmount, type Usage } from "../../limits/index.ts";

/** Usage while it is read. */
export type UsageCounts = { -readonly [Name in keyof Usage]: Usage[Name] };

/** Takes a count as a provider tells it, without its fraction; what is no count stays unknown, or what it was. */
export function putCount(counts: UsageCounts, name: keyof Usage, value: unknown): void {
  if (isAmount(value)) counts[name] = Math.trunc(value);
}
