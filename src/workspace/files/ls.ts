import { z } from "zod";
import { files } from "../../files/index.ts";
import { fail, ok, type Tool, tool } from "../../tool/index.ts";
import { attempt, missing } from "./failure.ts";
import { counted, mostFound } from "./limits.ts";
import type { FileToolOptions } from "./options.ts";
import { readToolPath } from "./tool-path.ts";

/** What `ls` found. */
export interface Listing {
  readonly path: string;
  readonly entries: readonly { readonly path: string; readonly kind: "file" | "directory"; readonly size: number }[];
  /** How many entries there are, also when not all are given. */
  readonly total: number;
}

const listing: z.ZodType<Listing> = z.object({
  path: z.string(),
  entries: z.array(z.object({ path: z.string(), kind: z.enum(["file", "directory"]), size: z.int() })),
  total: z.int(),
});

/** The tool `ls`: lists one directory. */
export function lsTool(options: FileToolOptions = {}): Tool<{ path?: string | undefined }, Listing> {
  return tool({
    name: "ls",
    description: "List the files and directories in one directory of the workspace.",
    effects: "none",
    resources: { fs: files },
    params: z.object({
      path: z.string().default("").describe("directory, from the root of the workspace; the root if left out"),
    }),
    result: listing,
    render: renderListing,
    handler: ({ path: given }, { fs, signal }) =>
      attempt(async () => {
        const parsed = readToolPath(given, { ...options, allowRoot: true, existing: true });
        if (!parsed.ok) return fail(parsed.problem);
        const { path } = parsed;
        const there = await fs.stat(path, { signal });
        if (there === undefined) return await missing(fs, path, signal);
        if (there.kind === "file") return fail(`${JSON.stringify(path)} is a file. Read it with \`read_file\`.`);
        const all = await fs.list(path, { signal });
        const entries = all.slice(0, mostFound).map(({ path: entry, kind, size }) => ({ path: entry, kind, size }));
        return ok(
          { path, entries, total: all.length },
          `${counted(all.length, "entry", "entries")} in ${path === "" ? "the root" : path}`,
        );
      }),
  });
}

function renderListing({ entries, total }: Listing): string {
  if (entries.length === 0) return "<empty>";
  const lines = entries.map(({ path, kind, size }) =>
    kind === "directory" ? `DIR  ${path}/` : `FILE ${path} (${size} B)`,
  );
  if (total > entries.length) lines.push(`… (+${total - entries.length} more; use \`glob\`)`);
  return lines.join("\n");
}
