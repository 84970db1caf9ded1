import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve, sep } from "node:path";
import ts from "typescript-6";

/** The root of this repository. */
export const root: string = resolve(dirname(import.meta.filename), "../..");

/** A source file, with its path from the root in forward slashes. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** One mention of another module. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly kind: "static" | "type" | "dynamic";
}

/** Reads the TypeScript files below a folder of the repository, in a stable order; a missing folder gives none. */
export function readSources(folder: string): SourceText[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      path: path.slice(root.length + 1).replaceAll(sep, "/"),
      text: readFileSync(path, "utf8"),
    }));
}

/** Whether a file is test code, to which the rules of the package's own code do not apply. */
export const isTest = (path: string): boolean => /\.(test|test-d)\.ts$/.test(path);

/** The syntax tree of a file; no types. */
export const parse = (file: SourceText): ts.SourceFile =>
  ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2024, true, ts.ScriptKind.TS);

/** Every import, re-export, `import()` and `import("…").Type` of a file. */
export function importsOf(file: SourceText): Import[] {
  const source = parse(file);
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, kind: Import["kind"]): void => {
    if (specifier === undefined) return;
    const text = ts.isStringLiteralLike(specifier) ? specifier.text : "(computed)";
    found.push({ specifier: text, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, kind });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(
        node,
        node.moduleSpecifier,
        node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? "type" : "static",
      );
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly ? "type" : "static");
    } else if (ts.isImportTypeNode(node)) {
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument, "type");
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], "dynamic");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The path from the root that a relative import of a file points at. */
export const resolveImport = (from: string, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(from), specifier));
