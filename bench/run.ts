/**
 * `npm run bench [-- NAME …]`: runs all benchmarks, or those named, and prints each row as one JSON object a line.
 * Exit code 1 when a row is over its bound in bench/budgets.json in three of three repeats, 2 for a name that is none.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import budgets from "./budgets.json" with { type: "json" };
import { type Bounds, judge, type Line, orphanedBounds } from "./judge.ts";

const suffix = ".bench.ts";
const bounds: Bounds = budgets;

const available = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length))
  .sort();

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !available.includes(name));
if (unknown.length > 0) {
  console.error(`bench: no ${unknown.join(", ")}; there are ${available.join(", ")}`);
  process.exit(2);
}

const lines: Line[] = [];
const over: string[] = [];
for (const name of wanted.length > 0 ? wanted : available) {
  const { bench }: { bench: Bench } = await import(join(import.meta.dirname, `${name}${suffix}`));
  const judgement = await judge(bench, bounds, (text) => console.error(`bench: ${text}`));
  for (const line of judgement.lines) console.log(JSON.stringify(line));
  lines.push(...judgement.lines);
  over.push(...judgement.over);
}

const orphaned = orphanedBounds(bounds, lines);
if (over.length > 0) console.error(`bench: over the bound in three of three repeats: ${over.join(", ")}`);
if (orphaned.length > 0) console.error(`bench: bounds in budgets.json without a row: ${orphaned.join(", ")}`);
if (over.length + orphaned.length > 0) process.exitCode = 1;
