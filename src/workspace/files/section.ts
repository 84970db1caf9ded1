import { type Filesystem, files } from "../../files/index.ts";
import { type Section, section } from "../../prompt/index.ts";
import { editFileTool } from "./edit-file.ts";
import { globTool } from "./glob.ts";
import { grepTool } from "./grep.ts";
import { lsTool } from "./ls.ts";
import type { FileToolOptions } from "./options.ts";
import { readFileTool } from "./read-file.ts";
import { writeFileTool } from "./write-file.ts";

/** How a section of file tools is made. */
export interface FilesSectionOptions extends FileToolOptions {
  /** The files; `bind` or another section gives them (`files.bind(fs)`) unless told. */
  readonly fs?: Filesystem | undefined;
  /** Leaves out the tools that write; false unless told. */
  readonly readOnly?: boolean | undefined;
  /** `files` unless told. */
  readonly key?: string | undefined;
  /** `Files` unless told. */
  readonly title?: string | undefined;
}

/** Makes a section with the tools `ls`, `read_file`, `glob`, `grep`, `edit_file` and `write_file`. */
export function filesSection(options: FilesSectionOptions = {}): Section<{}> {
  const { fs, readOnly = false, key = "files", title = "Files" } = options;
  const reading = [lsTool(options), readFileTool(options), globTool(options), grepTool(options)];
  const writing = [editFileTool(options), writeFileTool(options)];
  const resources = fs === undefined ? [] : [files.bind(fs)];
  const definition = { key, title, resources };
  return readOnly
    ? section({
        ...definition,
        tools: reading,
        body: `You work on the files of a workspace. Paths are relative to its root, with \`/\`.
          Find files with \`ls\` and \`glob\`, find lines with \`grep\`, and read with \`read_file\` before you say what a file holds.
          The files cannot be changed.`,
      })
    : section({
        ...definition,
        tools: [...reading, ...writing],
        body: `You work on the files of a workspace. Paths are relative to its root, with \`/\`.
          Find files with \`ls\` and \`glob\`, find lines with \`grep\`, and read with \`read_file\` before you say what a file holds.
          Change a file with \`edit_file\`, after reading the lines that you replace; make a new one with \`write_file\`.`,
      });
}
