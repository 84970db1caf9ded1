import { z } from "zod";
import { files } from "../../files/index.ts";
import { fail, ok, type Tool, tool } from "../../tool/index.ts";
import { attempt, missing } from "./failure.ts";
import { counted, mostFound } from "./limits.ts";
import type { FileToolOptions } from "./options.ts";
import { readToolPath } from "./tool-path.ts";

/** What `glob` found. */
export interface FoundPaths {
  readonly paths: readonly string[];
  /** How many paths there are, also when not all are given. */
  readonly total: number;
}

const foundPaths: z.ZodType<FoundPaths> = z.object({ paths: z.array(z.string()), total: z.int() });

/** The tool `glob`: finds files by name. */
export function globTool(
  options: FileToolOptions = {},
): Tool<{ pattern: string; path?: string | undefined }, FoundPaths> {
  return tool({
    name: "glob",
    description:
      "Find files by a glob: `*.ts` at any depth, `src/**/*.ts` below src, `*.{ts,js}` either. `*` stays within a name.",
    effects: "none",
    resources: { fs: files },
    params: z.object({
      pattern: z.string().describe("glob for paths below `path`"),
      path: z.string().default("").describe("directory to look below; the root if left out"),
    }),
    result: foundPaths,
    render: renderPaths,
    handler: ({ pattern, path: given }, { fs, signal }) =>
      attempt(async () => {
        const parsed = readToolPath(given, { ...options, allowRoot: true, existing: true });
        if (!parsed.ok) return fail(parsed.problem);
        const { path } = parsed;
        const there = await fs.stat(path, { signal });
        if (there === undefined) return await missing(fs, path, signal);
        if (there.kind === "file") return fail(`${JSON.stringify(path)} is a file. Give a directory as \`path\`.`);
        const all = await fs.glob(pattern, { path, signal });
        return ok({ paths: all.slice(0, mostFound), total: all.length }, `${counted(all.length, "file")} found`);
      }),
  });
}

function renderPaths({ paths, total }: FoundPaths): string {
  if (paths.length === 0) return "<empty>";
  const more = total > paths.length ? `\n… (+${total - paths.length} more; narrow the pattern)` : "";
  return paths.join("\n") + more;
}
