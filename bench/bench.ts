/** One thing measured. `ratio` is to a floor of the same run, interleaved with it; a row without a floor has neither. */
export interface Row {
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  readonly ratio?: number;
}

/** A benchmark: `bench/<name>.bench.ts` exports one as `bench`. It is run again when one of its rows is over a bound. */
export interface Bench {
  readonly name: string;
  run(): AsyncIterable<Row> | Iterable<Row>;
}

/** A row measured against its floor: both in the same unit, the ratio worked out here. */
export const against = (metric: string, value: number, floor: number, unit = "ms"): Row => ({
  metric,
  value,
  unit,
  floor,
  ratio: value / floor,
});
