/** How often a property is tried: 100 times in `npm test`, 10,000 in `npm run fuzz`, else as WINK_FUZZ_RUNS says. */
export const propertyRuns: number = Number(process.env.WINK_FUZZ_RUNS ?? 100);
