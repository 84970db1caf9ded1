/** Finding among 10,000 paths by several globs, against one hand-written RegExp for each over the joined paths. */
import { compileGlob } from "weakincentives/files";
import { against, type Bench, type Row } from "./bench.ts";
import { sideBySide } from "./floors/side-by-side.ts";
import { sourceTree } from "./floors/source-tree.ts";

const globs: Readonly<Record<string, RegExp>> = {
  "*.ts": /^.*\.ts$/gm,
  "src/**/*.ts": /^src\/.*\.ts$/gm,
  "**/test/*.{ts,js}": /^(?:.*\/)?test\/[^/\n]*\.(?:ts|js)$/gm,
  "a*b*c.ts": /^(?:.*\/)?a[^/\n]*b[^/\n]*c\.ts$/gm,
  "package?/{lib,test}/**/[a-f]*.js": /^package[^/\n]\/(?:lib|test)\/(?:.*\/)?[a-f][^/\n]*\.js$/gm,
};

export const bench: Bench = {
  name: "glob",
  async *run() {
    const paths = Object.keys(sourceTree(10_000, 1)).map((path, place) =>
      place % 15 === 0 ? path.replace(/part\d+/, "test") : path,
    );
    let ours = 0;
    let floor = 0;
    for (const [glob, expression] of Object.entries(globs)) {
      const row = await find(glob, expression, paths);
      ours += row.value;
      floor += row.floor ?? Number.NaN;
      yield row;
    }
    yield against("10000-paths", ours, floor, "us");
  },
};

/** Both find a hundred times a round. */
async function find(glob: string, expression: RegExp, paths: readonly string[]): Promise<Row> {
  const joined = paths.join("\n");
  const counts = { ours: 0, floor: 0 };
  const fits = compileGlob(glob);
  const ours = (): void => {
    for (let time = 0; time < 100; time++) counts.ours = paths.filter((path) => fits(path)).length;
  };
  const floor = (): void => {
    for (let time = 0; time < 100; time++) counts.floor = (joined.match(expression) ?? []).length;
  };
  const times = await sideBySide({ ours, floor }, 9);
  if (counts.ours !== counts.floor) throw new Error(`${glob}: ${counts.ours} paths and not ${counts.floor}`);
  const each = (total: number | undefined): number => (total ?? Number.NaN) * 10; // a hundred a round: microseconds each
  return against(`10000-paths ${glob}`, each(times.ours?.median), each(times.floor?.median), "us");
}
