import { WinkError } from "../../base/index.ts";
import { checkPath, validatePath } from "../../files/index.ts";
import { problemOf } from "./failure.ts";

/** How a path that a model gives is read. */
export interface ToolPathOptions {
  /** What models may put before every path, such as `/workspace`; taken off. */
  readonly prefix?: string | undefined;
  /** Whether no path, or an empty one, is the root; refused unless told. */
  readonly allowRoot?: boolean;
  /** Whether the path is of something that is there already, so that its name may be any; a new one's may not. */
  readonly existing?: boolean;
}

/** A path of the workspace, or a sentence for the model. */
export type ToolPath = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly problem: string };

/**
 * Reads a path that a model gives, more strictly than files do: `.` and `..` are refused, because a model that writes them
 * is wrong about where it is. Space around names and a leading `/` are taken off.
 */
export function parseToolPath(text: string | null | undefined, options: ToolPathOptions = {}): ToolPath {
  const segments = (text ?? "")
    .split("/")
    .map((segment) => segment.trim())
    .filter((segment) => segment !== "");
  const prefix = (options.prefix ?? "").split("/").filter((segment) => segment !== "");
  if (prefix.length > 0 && prefix.every((segment, index) => segments[index] === segment))
    segments.splice(0, prefix.length);
  if (segments.length === 0) {
    return options.allowRoot
      ? { ok: true, path: "" }
      : { ok: false, problem: "The path is empty. Give the path of a file, such as `src/main.ts`." };
  }
  if (segments.some((segment) => segment === "." || segment === "..")) {
    return {
      ok: false,
      problem: "A path cannot have `.` or `..`. Give it from the root of the workspace, such as `src/main.ts`.",
    };
  }
  const path = segments.join("/");
  try {
    return { ok: true, path: options.existing ? checkPath(path) : validatePath(path) };
  } catch (error) {
    if (WinkError.is(error)) return { ok: false, problem: problemOf(error) };
    throw error;
  }
}

/** As {@link parseToolPath}, but takes a leading `./` for what it means. */
export function readToolPath(text: string | undefined, options: ToolPathOptions): ToolPath {
  const trimmed = text?.trim();
  return parseToolPath(trimmed === "." ? "" : trimmed?.replace(/^(?:\.\/+)+/, ""), options);
}
