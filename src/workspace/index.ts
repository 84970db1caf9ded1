/** Tool suites as sections: what an agent works with. */
export { type AskUserOptions, type AskUserParams, askUserTool } from "./ask-user.ts";
export {
  type EditedFile,
  type EditFileParams,
  editFileTool,
  type FileLines,
  type FilesSectionOptions,
  type FileToolOptions,
  type FoundLines,
  type FoundPaths,
  filesSection,
  globTool,
  grepTool,
  type Listing,
  lsTool,
  parseToolPath,
  readFileTool,
  type ToolPath,
  type ToolPathOptions,
  type WrittenFile,
  writeFileTool,
} from "./files/index.ts";
