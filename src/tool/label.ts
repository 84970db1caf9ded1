/** Tells whether a value is text of 1 to `most` printable ASCII characters without space around it. */
export function isLabel(value: unknown, most: number): boolean {
  return typeof value === "string" && value.length <= most && /^[\x20-\x7e]+$/.test(value) && value.trim() === value;
}
