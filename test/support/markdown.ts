import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { root, type SourceText } from "./source-tree.ts";

/** A fenced block of a Markdown file. */
export interface Block {
  /** The file, from the root. */
  readonly path: string;
  /** The line of the fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  /** What stands behind the language: `no-run`, or the file that the block is a part of. */
  readonly note: string;
  readonly code: string;
  /** The text of the next block, when that is one of language `text`: what this one prints. */
  readonly prints: string | undefined;
}

/** A link inside this repository, with the line that it stands on. */
export interface Link {
  readonly line: number;
  readonly target: string;
}

/** The project's own Markdown files, in a stable order. */
export function readDocs(): SourceText[] {
  const top = readdirSync(root).filter((name) => name.endsWith(".md"));
  const below = ["docs", "examples", "bench"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name.replaceAll(sep, "/")}`)
      .filter((path) => path.endsWith(".md") && !/^examples\/[^/]+\/repo\//.test(path)),
  );
  return [...top, ...below].sort().map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** The fenced blocks of a file; those in a list lose its indent. */
export function blocksIn({ path, text }: SourceText): Block[] {
  const lines = text.split("\n");
  const found: Block[] = [];
  for (let index = 0; index < lines.length; index++) {
    const [, indent, fence, language, note] = /^( *)(`{3,})(\S*) *(.*)$/.exec(lines[index] ?? "") ?? [];
    if (indent === undefined || fence === undefined) continue;
    const from = index + 1;
    const end = lines.findIndex((line, at) => at >= from && line.trim() === fence);
    if (end === -1) throw new Error(`${path}:${from} the block is not closed`);
    const code = lines.slice(from, end).map((line) => `${line.slice(indent.length)}\n`);
    found.push({
      path,
      line: from,
      language: language ?? "",
      note: note ?? "",
      code: code.join(""),
      prints: undefined,
    });
    index = end;
  }
  return found.map((block, index) => {
    const next = found[index + 1];
    return block.language !== "text" && next?.language === "text" ? { ...block, prints: next.code } : block;
  });
}

/** A text whose fenced blocks and inline code are blank, with all lines in their places. */
function proseOf(text: string): string {
  const blank = (part: string): string => part.replace(/[^\n]/g, " ");
  return text.replace(/^( *)(`{3,})[\s\S]*?^ *\2$/gm, blank).replace(/`[^`\n]+`/g, blank);
}

/** The links of a file that do not lead out of the repository. */
export function linksIn({ text }: SourceText): Link[] {
  // links whose text is inline code are found as well: only the text is blanked
  return [...proseOf(text).matchAll(/\[[^\]\n]*\]\(([^)\s]+)\)/g)]
    .map(({ 1: target = "", index }) => ({ line: text.slice(0, index).split("\n").length, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** The anchors of a file's headings, made as GitHub makes them. */
export function anchorsIn(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  // inline code belongs to a heading, so only the fenced blocks are taken out
  for (const [, title = ""] of text.replace(/^( *)(`{3,})[\s\S]*?^ *\2$/gm, "").matchAll(/^#{1,6} +(.+)$/gm)) {
    const words = title.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").trim();
    const slug = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The first cells of the rows of all tables below a heading, up to the next heading of any level. */
export function tableRows(text: string, heading: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === heading);
  if (start === -1) throw new Error(`there is no heading "${heading}"`);
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line));
  const rows = lines.slice(start + 1, length === -1 ? undefined : start + 1 + length);
  const cells = rows
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return cells.slice(2); // the head and the line below it
}
