/** The tools with which a model works on files. */
export { type EditedFile, type EditFileParams, editFileTool } from "./edit-file.ts";
export { type FoundPaths, globTool } from "./glob.ts";
export { type FoundLines, grepTool } from "./grep.ts";
export { type Listing, lsTool } from "./ls.ts";
export type { FileToolOptions } from "./options.ts";
export { type FileLines, readFileTool } from "./read-file.ts";
export { type FilesSectionOptions, filesSection } from "./section.ts";
export { parseToolPath, type ToolPath, type ToolPathOptions } from "./tool-path.ts";
export { type WrittenFile, writeFileTool } from "./write-file.ts";
