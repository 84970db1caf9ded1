/** How often a property is tried: 100 times in `npm test`, 10,000 in `npm run fuzz`, else as WINK_FUZZ_RUNS says. */
export const propertyRuns: number = Number(process.env.WINK_FUZZ_RUNS ?? 100);

/** The same for a property whose runs take long: a few times in `npm test`, which waits for nobody, and a share of the others. */
export const slowRuns = (inTests: number, share: number): number =>
  propertyRuns <= 100 ? inTests : Math.ceil(propertyRuns * share);
