import { z } from "zod";
import { files } from "../../files/index.ts";
import { fail, ok, type Tool, type ToolResult, tool } from "../../tool/index.ts";
import { attempt, missing } from "./failure.ts";
import { counted, longestText } from "./limits.ts";
import { nearestLine } from "./nearest-line.ts";
import type { FileToolOptions } from "./options.ts";
import { readToolPath } from "./tool-path.ts";

/** What `edit_file` did. */
export interface EditedFile {
  readonly path: string;
  /** How many occurrences were replaced. */
  readonly replacements: number;
  /** The number of the line in which the first of them begins. */
  readonly line: number;
}

/** What `edit_file` takes. */
export interface EditFileParams {
  path: string;
  old_string: string;
  new_string: string;
  replace_all?: boolean | undefined;
}

const editedFile: z.ZodType<EditedFile> = z.object({ path: z.string(), replacements: z.int(), line: z.int() });

/** The tool `edit_file`: replaces text in a file, and changes nothing else in it. */
export function editFileTool(options: FileToolOptions = {}): Tool<EditFileParams, EditedFile> {
  return tool({
    name: "edit_file",
    description:
      "Replace text in a file. `old_string` must occur exactly once, unless `replace_all` is true. Leave out line numbers.",
    effects: "workspace",
    resources: { fs: files },
    params: z.object({
      path: z.string().describe("file, from the root of the workspace"),
      old_string: z
        .string()
        .min(1)
        .max(longestText)
        .describe("text to replace, exactly as in the file, with enough around it to be unique"),
      new_string: z.string().max(longestText).describe("text to put in its place"),
      replace_all: z.boolean().default(false).describe("replace every occurrence"),
    }),
    result: editedFile,
    render: ({ path, replacements, line }) =>
      `Replaced ${counted(replacements, "occurrence")} in ${path}, line ${line}${replacements > 1 ? " and on" : ""}`,
    handler: (params, { fs, signal }) =>
      attempt(async () => {
        const parsed = readToolPath(params.path, { ...options, existing: true });
        if (!parsed.ok) return fail(parsed.problem);
        const { path } = parsed;
        const there = await fs.stat(path, { signal });
        if (there === undefined) return await missing(fs, path, signal);
        if (there.kind === "directory") return fail(`${JSON.stringify(path)} is a directory. Give the path of a file.`);
        let edited: Edited | string = "";
        const change = (text: string): string => {
          edited = edit(text, params);
          return typeof edited === "string" ? text : edited.text;
        };
        await fs.editText(path, change, { signal });
        return resultOf(path, edited);
      }),
  });
}

interface Edited {
  readonly text: string;
  readonly replacements: number;
  readonly line: number;
}

function resultOf(path: string, edited: Edited | string): ToolResult<EditedFile> {
  if (typeof edited === "string") return fail(`${JSON.stringify(path)}: ${edited}`);
  return ok({ path, replacements: edited.replacements, line: edited.line });
}

/** Gives the text after the edit, or a sentence that says why not. */
function edit(text: string, params: EditFileParams): Edited | string {
  const { old_string: old, new_string: replacement } = withLineEndsOf(text, params);
  if (old === replacement) return "`old_string` and `new_string` are the same, so nothing would change.";
  const pieces = text.split(old);
  const replacements = pieces.length - 1;
  if (replacements === 0) return `\`old_string\` does not occur. ${nearestLine(text, old)}`;
  if (replacements > 1 && params.replace_all !== true) {
    return `\`old_string\` occurs ${replacements} times. Give more of the text around it, so that it occurs once, or set \`replace_all\`.`;
  }
  const added = replacements * (replacement.length - old.length);
  if (added > longestText)
    return `The file would grow by ${added} characters. One edit may add at most ${longestText}.`;
  return { text: pieces.join(replacement), replacements, line: (pieces[0] ?? "").split("\n").length };
}

/** In a file with `\r\n`, whoever saw its lines writes `\n` and means `\r\n`. */
function withLineEndsOf(text: string, params: EditFileParams): Pick<EditFileParams, "old_string" | "new_string"> {
  const isWindows = text.includes("\r\n") && !/(?:^|[^\r])\n/.test(text);
  if (!isWindows) return params;
  const turn = (part: string): string => part.replace(/\r?\n/g, "\r\n");
  return { old_string: turn(params.old_string), new_string: turn(params.new_string) };
}
