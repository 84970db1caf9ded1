const freeDays = 28;
const centsADay = 20;
const highestFee = 1500;

/** What a reader owes for a book that came back after so many days, in cents. */
export function lateFee(days) {
  if (!Number.isFinite(days) || days <= freeDays) return 0;
  return Math.min((days - freeDays) * centsADay, highestFee);
}

/** Works out a discount that the office entered, such as `fee * 0.5`. */
export function discounted(fee, formula) {
  const work = new Function("fee", `return ${formula}`);
  return Math.max(0, Math.round(work(fee)));
}
