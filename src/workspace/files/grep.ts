import { z } from "zod";
import { files, type GrepMatch } from "../../files/index.ts";
import { fail, ok, type Tool, tool } from "../../tool/index.ts";
import { attempt, missing } from "./failure.ts";
import { counted, longestText, mostFound } from "./limits.ts";
import type { FileToolOptions } from "./options.ts";
import { readToolPath } from "./tool-path.ts";

/** A line of a file. */
export interface FoundLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** What `grep` found. */
export interface FoundLines {
  readonly matches: readonly FoundLine[];
  /** The lines around the matches that are no matches themselves, each once; only when they were asked for. */
  readonly around?: readonly FoundLine[] | undefined;
  /** Whether there are more. */
  readonly truncated: boolean;
}

const lines = z.array(z.object({ path: z.string(), line: z.int(), text: z.string() }));
const foundLines: z.ZodType<FoundLines> = z.object({
  matches: lines,
  around: lines.optional(),
  truncated: z.boolean(),
});

interface GrepParams {
  readonly pattern: string;
  readonly path?: string | undefined;
  readonly glob?: string | undefined;
  readonly context?: number | undefined;
}

/** The tool `grep`: finds lines by a regular expression. */
export function grepTool(options: FileToolOptions = {}): Tool<GrepParams, FoundLines> {
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
      context: z
        .int()
        .min(0)
        .max(50)
        .optional()
        .describe("lines to show before and after each match; none if left out"),
    }),
    result: foundLines,
    render: renderMatches,
    handler: ({ pattern, path: given, glob, context = 0 }, { fs, signal }) =>
      attempt(async () => {
        const parsed = readToolPath(given, { ...options, allowRoot: true, existing: true });
        if (!parsed.ok) return fail(parsed.problem);
        const { path } = parsed;
        if ((await fs.stat(path, { signal })) === undefined) return await missing(fs, path, signal);
        const found = await fs.grep(pattern, { path, glob, context, most: mostFound, signal });
        const { matches, around } = withinLength(found.matches);
        const truncated = found.truncated || matches.length < found.matches.length;
        const inFiles = new Set(matches.map((match) => match.path)).size;
        const told = `${counted(matches.length, "match", "matches")} in ${counted(inFiles, "file")}`;
        return ok(
          { matches, ...(context > 0 ? { around } : {}), truncated },
          truncated ? `The first ${told}; narrow the pattern, \`path\` or \`glob\` for the others` : told,
        );
      }),
  });
}

/** As many matches as one answer may hold, and the lines around them. */
function withinLength(matches: readonly GrepMatch[]): Required<Pick<FoundLines, "matches" | "around">> {
  const kept: FoundLine[] = [];
  const around: FoundLine[] = [];
  let length = 0;
  let last: Pick<FoundLine, "path" | "line"> = { path: "", line: 0 };
  for (const { path, line, text, before, after } of matches) {
    const match = { path, line, text };
    const others = [
      ...before.map((one, place) => ({ path, line: line - before.length + place, text: one })),
      ...after.map((one, place) => ({ path, line: line + 1 + place, text: one })),
    ].filter((one) => path !== last.path || one.line > last.line);
    for (const one of [match, ...others]) length += path.length + one.text.length + 8;
    if (length > longestText) break;
    kept.push(match);
    around.push(...others);
    last = { path, line: line + after.length };
  }
  const found = new Set(kept.map(placeOf));
  return { matches: kept, around: around.filter((one) => !found.has(placeOf(one))) };
}

const placeOf = ({ path, line }: FoundLine): string => `${line} ${path}`;

/** As `grep -C` shows it: `:` around the number of a match, `-` around that of another line, `--` between groups. */
function renderMatches({ matches, around = [] }: FoundLines): string {
  if (matches.length === 0) return "<empty>";
  const byPath = Map.groupBy(
    [...matches.map((found) => ({ ...found, sign: ":" })), ...around.map((found) => ({ ...found, sign: "-" }))],
    ({ path }) => path,
  );
  const shown: string[] = [];
  for (const found of byPath.values()) {
    let last = Number.NEGATIVE_INFINITY;
    for (const { path, line, text, sign } of found.sort((a, b) => a.line - b.line)) {
      if (around.length > 0 && shown.length > 0 && line > last + 1) shown.push("--");
      shown.push(`${path}${sign}${line}${sign} ${text}`);
      last = line;
    }
  }
  return shown.join("\n");
}
