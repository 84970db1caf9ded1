import { z } from "zod";
import { files, type GrepMatch } from "../../files/index.ts";
import { fail, ok, type Tool, tool } from "../../tool/index.ts";
import { attempt, missing } from "./failure.ts";
import { counted, longestText, mostFound } from "./limits.ts";
import type { FileToolOptions } from "./options.ts";
import { readToolPath } from "./tool-path.ts";

/** What `grep` found. */
export interface FoundLines {
  readonly matches: readonly { readonly path: string; readonly line: number; readonly text: string }[];
  /** Whether there are more. */
  readonly truncated: boolean;
}

const foundLines: z.ZodType<FoundLines> = z.object({
  matches: z.array(z.object({ path: z.string(), line: z.int(), text: z.string() })),
  truncated: z.boolean(),
});

/** The tool `grep`: finds lines by a regular expression. */
export function grepTool(
  options: FileToolOptions = {},
): Tool<{ pattern: string; path?: string | undefined; glob?: string | undefined }, FoundLines> {
  return tool({
    name: "grep",
    description:
      "Find lines of text files by a regular expression (RE2: no look-around, no back-references; `(?i)` ignores case).",
    effects: "none",
    resources: { fs: files },
    params: z.object({
      pattern: z.string().describe("regular expression for one line; a backslash makes an operator a plain character"),
      path: z.string().default("").describe("directory to look below, or one file; the root if left out"),
      glob: z.string().optional().describe("only files that this glob matches, such as `*.ts`"),
    }),
    result: foundLines,
    render: renderMatches,
    handler: ({ pattern, path: given, glob }, { fs, signal }) =>
      attempt(async () => {
        const parsed = readToolPath(given, { ...options, allowRoot: true, existing: true });
        if (!parsed.ok) return fail(parsed.problem);
        const { path } = parsed;
        if ((await fs.stat(path, { signal })) === undefined) return await missing(fs, path, signal);
        const found = await fs.grep(pattern, { path, glob, most: mostFound, signal });
        const matches = withinLength(found.matches);
        const truncated = found.truncated || matches.length < found.matches.length;
        const inFiles = new Set(matches.map((match) => match.path)).size;
        const told = `${counted(matches.length, "match", "matches")} in ${counted(inFiles, "file")}`;
        return ok(
          { matches, truncated },
          truncated ? `The first ${told}; narrow the pattern, \`path\` or \`glob\` for the others` : told,
        );
      }),
  });
}

/** As many matches as one answer may hold. */
function withinLength(matches: readonly GrepMatch[]): FoundLines["matches"] {
  const kept: { readonly path: string; readonly line: number; readonly text: string }[] = [];
  let length = 0;
  for (const { path, line, text } of matches) {
    length += path.length + text.length + 8;
    if (length > longestText) break;
    kept.push({ path, line, text });
  }
  return kept;
}

function renderMatches({ matches }: FoundLines): string {
  if (matches.length === 0) return "<empty>";
  return matches.map(({ path, line, text }) => `${path}:${line}: ${text}`).join("\n");
}
