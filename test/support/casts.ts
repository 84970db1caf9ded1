import ts from "typescript-6";
import { parse, type SourceText } from "./source-tree.ts";

const commentLine = /^\s*\/\/\s*(?!any: )\S/;
const trailingComment = /\s\/\/\s*\S/;
const anyForFile = /^\s*\/\/ any: \S/m;

/** Whether a `//` comment stands behind this node on its last line, or alone on the line above any line it begins on. */
function hasReason(source: ts.SourceFile, lines: readonly string[], node: ts.Node, keyword: ts.Node): boolean {
  const end = source.getLineAndCharacterOfPosition(keyword.getEnd());
  if (trailingComment.test(` ${(lines[end.line] ?? "").slice(end.character)}`)) return true;
  const starts = [node, keyword].map((part) => source.getLineAndCharacterOfPosition(part.getStart()).line);
  return starts.some((line) => commentLine.test(lines[line - 1] ?? ""));
}

/**
 * Names every `as X` (but not `as const`) and every type `any` of a file that gives no reason beside it. A line
 * `// any: <reason>` speaks for every `any` of its file, as public types need it again and again in constraints.
 */
export function unreasonedCasts(file: SourceText): string[] {
  const source = parse(file);
  const lines = file.text.split("\n");
  const anyIsExplained = anyForFile.test(file.text);
  const found: string[] = [];
  const report = (node: ts.Node, what: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push(`${file.path}:${line + 1} ${what} without a reason: ${(lines[line] ?? "").trim()}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)) {
      if (!ts.isConstTypeReference(node.type) && !hasReason(source, lines, node, node.type)) report(node.type, "cast");
    } else if (node.kind === ts.SyntaxKind.AnyKeyword) {
      if (!anyIsExplained && !hasReason(source, lines, node, node)) report(node, "any");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
