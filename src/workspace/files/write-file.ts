import { z } from "zod";
import { files } from "../../files/index.ts";
import { fail, ok, type Tool, tool } from "../../tool/index.ts";
import { attempt } from "./failure.ts";
import { counted, longestText } from "./limits.ts";
import type { FileToolOptions } from "./options.ts";
import { countLines } from "./read-file.ts";
import { readToolPath } from "./tool-path.ts";

/** What `write_file` wrote. */
export interface WrittenFile {
  readonly path: string;
  readonly lines: number;
}

const writtenFile: z.ZodType<WrittenFile> = z.object({ path: z.string(), lines: z.int() });

/** The tool `write_file`: makes a new file. */
export function writeFileTool(options: FileToolOptions = {}): Tool<{ path: string; content: string }, WrittenFile> {
  return tool({
    name: "write_file",
    description: "Make a new text file in the workspace. A file that exists is changed with edit_file instead.",
    effects: "workspace",
    resources: { fs: files },
    params: z.object({
      path: z.string().describe("new file, from the root of the workspace; missing directories are made"),
      content: z.string().max(longestText).describe("the whole text of the file, exactly"),
    }),
    result: writtenFile,
    render: ({ path, lines }) => `Wrote ${path} (${counted(lines, "line")})`,
    handler: ({ path: given, content }, { fs, signal }) =>
      attempt(async () => {
        const found = readToolPath(given, { ...options, existing: true });
        if (!found.ok) return fail(found.problem);
        const there = await fs.stat(found.path, { signal });
        if (there?.kind === "directory")
          return fail(`${JSON.stringify(found.path)} is a directory. Give the path of a new file.`);
        if (there !== undefined)
          return fail(`${JSON.stringify(found.path)} exists. Change it with \`edit_file\`, or choose another path.`);
        const made = readToolPath(given, options);
        if (!made.ok) return fail(made.problem);
        await fs.writeText(made.path, content, { mode: "create", signal });
        return ok({ path: made.path, lines: countLines(content) });
      }),
  });
}
