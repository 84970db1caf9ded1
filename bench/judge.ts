import type { Bench, Row } from "./bench.ts";

/** Upper bounds by "bench/metric": of the ratio when the row has a floor, else of the value. */
export type Bounds = Readonly<Record<string, number>>;

/** What is printed of a row, one JSON object a line; null where there is nothing to say. */
export interface Line {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number | null;
  readonly ratio: number | null;
  readonly bound: number | null;
}

/** What became of one benchmark: its rows, each from its best repeat, and the names of those over their bound. */
export interface Judgement {
  readonly lines: readonly Line[];
  readonly over: readonly string[];
}

const repeats = 3;

const judged = ({ ratio, value }: Row): number => ratio ?? value;

/**
 * Runs a benchmark, and again while a row is over its bound, three times at most: a row fails only when it was over in
 * every repeat, as one bad moment of the machine says nothing about the code. `note` hears of each row that was over.
 */
export async function judge(bench: Bench, bounds: Bounds, note: (text: string) => void): Promise<Judgement> {
  const best = new Map<string, Row>();
  let over: string[] = [];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for await (const row of bench.run()) {
      const known = best.get(row.metric);
      if (known === undefined || judged(row) < judged(known)) best.set(row.metric, row);
    }
    over = [...best.values()].flatMap((row) => {
      const name = `${bench.name}/${row.metric}`;
      return judged(row) > (bounds[name] ?? Number.POSITIVE_INFINITY) ? [name] : [];
    });
    if (over.length === 0) break;
    note(`${over.join(", ")}: over the bound in repeat ${repeat} of ${repeats}`);
  }
  return { over, lines: [...best.values()].map((row) => lineOf(bench.name, row, bounds)) };
}

function lineOf(bench: string, row: Row, bounds: Bounds): Line {
  const rounded = (value: number | undefined): number | null =>
    value === undefined ? null : Number(value.toPrecision(4));
  return {
    bench,
    metric: row.metric,
    value: Number(row.value.toPrecision(4)),
    unit: row.unit,
    floor: rounded(row.floor),
    ratio: rounded(row.ratio),
    bound: bounds[`${bench}/${row.metric}`] ?? null,
  };
}

/** Names the bounds that no row of the benchmarks that ran stands for: a renamed metric must not lose its bound. */
export function orphanedBounds(bounds: Bounds, lines: readonly Line[]): string[] {
  const ran = new Set(lines.map(({ bench }) => bench));
  const measured = new Set(lines.map(({ bench, metric }) => `${bench}/${metric}`));
  return Object.keys(bounds).filter((name) => ran.has(name.split("/")[0] ?? "") && !measured.has(name));
}
