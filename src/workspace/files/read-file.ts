import { z } from "zod";
import { files } from "../../files/index.ts";
import { fail, ok, type Tool, tool } from "../../tool/index.ts";
import { attempt, missing } from "./failure.ts";
import { longestText, mostLines } from "./limits.ts";
import type { FileToolOptions } from "./options.ts";
import { readToolPath } from "./tool-path.ts";

/** The lines that `read_file` read. */
export interface FileLines {
  readonly path: string;
  /** The lines, exactly, with their line ends. */
  readonly text: string;
  /** Lines before these. */
  readonly offset: number;
  /** How many lines these are. */
  readonly lines: number;
  /** How many lines the file has. */
  readonly total: number;
  /** Whether the last of these lines was cut because it is very long. */
  readonly cut: boolean;
}

const fileLines: z.ZodType<FileLines> = z.object({
  path: z.string(),
  text: z.string(),
  offset: z.int(),
  lines: z.int(),
  total: z.int(),
  cut: z.boolean(),
});

/** The tool `read_file`: reads lines of a text file. */
export function readFileTool(
  options: FileToolOptions = {},
): Tool<{ path: string; offset?: number | undefined; limit?: number | undefined }, FileLines> {
  return tool({
    name: "read_file",
    description:
      "Read a text file of the workspace. Lines are shown with their numbers, which are not part of the file.",
    effects: "none",
    resources: { fs: files },
    params: z.object({
      path: z.string().describe("file, from the root of the workspace"),
      offset: z.int().min(0).default(0).describe("lines to skip"),
      limit: z.int().min(1).default(mostLines).describe(`lines to read, at most ${mostLines}`),
    }),
    result: fileLines,
    render: renderLines,
    handler: ({ path: given, offset, limit }, { fs, signal }) =>
      attempt(async () => {
        const parsed = readToolPath(given, { ...options, existing: true });
        if (!parsed.ok) return fail(parsed.problem);
        const { path } = parsed;
        const there = await fs.stat(path, { signal });
        if (there === undefined) return await missing(fs, path, signal);
        if (there.kind === "directory") return fail(`${JSON.stringify(path)} is a directory. List it with \`ls\`.`);
        const text = (await fs.readText(path, { signal })) ?? "";
        const total = countLines(text);
        if (offset > 0 && offset >= total) {
          return fail(`${JSON.stringify(path)} has only ${total} lines. Give an \`offset\` below ${total}, or none.`);
        }
        const found = takeLines(text, offset, Math.min(limit, mostLines));
        const read = offset + found.lines;
        const more = read < total ? `; read on with offset ${read}` : "";
        const range = total === 0 ? "0 lines" : `lines ${offset + 1}-${read} of ${total}`;
        return ok({ path, offset, total, ...found }, `${path} - ${range}${more}`);
      }),
  });
}

/** How many lines a text has; a final line end begins no other line. */
export function countLines(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; count++) {
    const end = text.indexOf("\n", at);
    at = end < 0 ? text.length : end + 1;
  }
  return count;
}

/** Whole lines up to the limits; a first line that alone is too long is cut. */
function takeLines(text: string, offset: number, limit: number): Pick<FileLines, "text" | "lines" | "cut"> {
  let start = 0;
  for (let line = 0; line < offset; line++) start = text.indexOf("\n", start) + 1;
  let at = start;
  let lines = 0;
  while (lines < limit && at < text.length) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found + 1;
    if (end - start > longestText) break;
    at = end;
    lines += 1;
  }
  if (lines > 0 || at >= text.length) return { text: text.slice(start, at), lines, cut: false };
  return { text: text.slice(start, start + longestText).toWellFormed(), lines: 1, cut: true };
}

function renderLines({ text, offset, cut }: FileLines): string {
  if (text === "") return "<empty>";
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  const numbered = lines.map((line, index) => `${String(offset + index + 1).padStart(4)} | ${line.replace(/\r$/, "")}`);
  return cut ? `${numbered.join("\n")}… (the line goes on)` : numbered.join("\n");
}
