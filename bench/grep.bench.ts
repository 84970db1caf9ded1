/**
 * Searching 10,000 files of 100 MB in memory, against `rg` on the same files on disk; and hostile patterns on lines of twice
 * the length, against the same on lines of once the length.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Filesystem, memoryFiles } from "weakincentives/files";
import { hostilePatterns } from "../test/support/hostile-patterns.ts";
import { against, type Bench, type Row } from "./bench.ts";
import { rg } from "./floors/rg.ts";
import { sideBySide } from "./floors/side-by-side.ts";
import { sourceTree, writeTree } from "./floors/source-tree.ts";

/** By metric: the patterns that are looked for one after the other. */
const searches: Readonly<Record<string, readonly string[]>> = {
  literal: ["needle", "compileGlob", "return value + 1;"],
  digits: ["\\d{3}-\\d{4}"],
  capitals: ["[A-Z]{6,}"],
  "word-and-parenthesis": ["\\bfoo\\w*\\("],
  "alternatives-in-every-tenth-line": ["(a|b)+c"],
  "repeated-group": ["(\\w+\\W+){8,}status=503"],
  "any-of-three": ["TODO|FIXME|MAXIMUM"],
  "ignore-case": ["(?i)needle"],
  "blank-lines": ["^\\s*$"],
};

export const bench: Bench = {
  name: "grep",
  async *run() {
    const root = mkdtempSync(join(tmpdir(), "wink-bench-grep-"));
    try {
      const tree = sourceTree(10_000, 10_000);
      writeTree(root, tree);
      const fs = memoryFiles(tree);
      for (const [metric, patterns] of Object.entries(searches)) yield await search(metric, fs, root, patterns);
    } finally {
      rmSync(root, { recursive: true });
    }
    yield await growth();
  },
};

/** A literal is written for `rg` as it is for us: a pattern whose operators are plain characters. */
const escaped = (metric: string, text: string): string =>
  metric === "literal" ? text.replaceAll(/[.+*?()[\]{}|^$\\]/g, "\\$&") : text;

async function search(metric: string, fs: Filesystem, root: string, patterns: readonly string[]): Promise<Row> {
  const counts = { ours: 0, floor: 0 };
  const each = async (count: (pattern: string) => Promise<number>): Promise<number> => {
    let sum = 0;
    for (const pattern of patterns) sum += await count(escaped(metric, pattern));
    return sum;
  };
  const ours = async (): Promise<void> => {
    counts.ours = await each(async (pattern) => {
      const { matches } = await fs.grep(pattern, { most: Number.MAX_SAFE_INTEGER });
      return matches.length;
    });
  };
  const floor = async (): Promise<void> => {
    counts.floor = await each((pattern) => rg(root, pattern));
  };
  const times = await sideBySide({ ours, floor }, 7);
  if (counts.ours !== counts.floor) throw new Error(`${metric}: ${counts.ours} lines and not ${counts.floor}`);
  return against(metric, times.ours?.median ?? Number.NaN, times.floor?.median ?? Number.NaN);
}

/** The worst of all hostile patterns; of each the best of its rounds, as most take less than a millisecond. */
async function growth(): Promise<Row> {
  let worst: Row | undefined;
  for (const { pattern, line } of hostilePatterns) {
    const on = (length: number) => {
      const fs = memoryFiles({ one: `${line(length)}\n` });
      return async (): Promise<void> => {
        await fs.grep(pattern);
      };
    };
    const times = await sideBySide({ twice: on(100_000), once: on(50_000) }, 15);
    const row = against("growth-100000-to-50000-worst", times.twice?.min ?? Number.NaN, times.once?.min ?? Number.NaN);
    if (worst === undefined || (row.ratio ?? 0) > (worst.ratio ?? 0)) worst = row;
  }
  if (worst === undefined) throw new Error("there are no patterns");
  return worst;
}
