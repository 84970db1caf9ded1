/**
 * The grammar of placeholders, once for run time and once (in `checked-text.ts`) for the compiler. Only `{{identifier}}`
 * is a placeholder. `{{{{` writes `{{`; any other `{{` is ordinary text. Values are inserted as they are, never scanned.
 */

/** A text cut at its placeholders: static text at even indexes, names at odd ones. */
export type Parts = readonly string[];

const token = /\{\{(?:(\{\{)|([A-Za-z_][A-Za-z0-9_]*)\}\})/g;

/** Cuts a text at its placeholders. */
export function splitPlaceholders(text: string): Parts {
  const parts: string[] = [];
  let before = "";
  let from = 0;
  for (const match of text.matchAll(token)) {
    before += text.slice(from, match.index);
    from = match.index + match[0].length;
    if (match[2] === undefined) before += "{{";
    else {
      parts.push(before, match[2]);
      before = "";
    }
  }
  parts.push(before + text.slice(from));
  return parts;
}

/** The names in a text, each once, in order of appearance. */
export function placeholderNames(parts: Parts): readonly string[] {
  return [...new Set(parts.filter((_part, index) => index % 2 === 1))];
}

/** Finds `{{ name }}` and `{{odd-name}}` where the name is that of a param: surely meant as a placeholder. */
export function findNearPlaceholder(
  text: string,
  names: ReadonlySet<string>,
): { readonly written: string; readonly name: string } | undefined {
  for (const match of text.matchAll(/\{\{\{\{|\{\{([^{}\n]{1,100})\}\}/g)) {
    const inner = match[1] ?? ""; // empty for `{{{{`, which is no beginning of a placeholder
    const name = inner.trim();
    if (names.has(name) && !isIdentifier(inner)) return { written: match[0], name };
  }
  return undefined;
}

/** Tells whether a name can be written as a placeholder. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** Takes away the space that all lines of a text begin with, and blank space around the text. */
export function dedent(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  // the first line of a text in backticks stands right behind the backtick, so its indent says nothing
  const common = commonSpace(lines.slice(1));
  return lines
    .map((line, index) => (index === 0 ? line : line.trim() === "" ? "" : line.slice(common)))
    .join("\n")
    .trim();
}

/** Takes blank lines around a text away, and nothing else: its lines are somebody's file. */
export function withoutOuterLines(text: string): string {
  const lines = text.replaceAll("\r\n", "\n");
  if (lines.trim() === "") return "";
  const first = lines.length - lines.trimStart().length;
  const end = lines.indexOf("\n", lines.trimEnd().length);
  return lines.slice(lines.lastIndexOf("\n", first) + 1, end === -1 ? undefined : end);
}

/** The length of the space that all lines with text begin with: the same characters, so that a tab is not four blanks. */
function commonSpace(lines: readonly string[]): number {
  let common: string | undefined;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const space = line.slice(0, line.length - line.trimStart().length);
    common ??= space;
    let same = 0;
    while (same < common.length && common[same] === space[same]) same++;
    common = common.slice(0, same);
  }
  return common?.length ?? 0;
}
