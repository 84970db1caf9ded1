import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript-6";

/** A name that a file takes from another one; `*` is all of that file. */
interface Taken {
  readonly from: string;
  readonly name: string;
}

/** One file of declarations. */
interface File {
  readonly source: ts.SourceFile;
  /** The statements that declare each name; overloads are several. */
  readonly declared: ReadonlyMap<string, readonly ts.Statement[]>;
  /** What the names of imports stand for. */
  readonly imported: ReadonlyMap<string, Taken>;
  /** What names stand for that are passed on. */
  readonly passedOn: ReadonlyMap<string, Taken>;
  /** Files of which all is passed on. */
  readonly passedOnWhole: readonly string[];
  readonly keptStatements: Set<ts.Statement>;
  readonly keptNames: Set<string>;
}

/**
 * Removes the declarations of a folder to which no name leads from its entries: what is only inside needs none. An entry gives all
 * that it exports; of any other file what is asked of it stays, and what that needs.
 */
export function pruneTypes(folder: string, entries: readonly string[]): void {
  const files = new Map<string, File>();
  const fileOf = (path: string): File => {
    const known = files.get(path) ?? read(path);
    files.set(path, known);
    return known;
  };
  const take = ({ from, name }: Taken): void => {
    if (!existsSync(from)) return; // of another package
    const file = fileOf(from);
    if (name === "*") for (const each of exportsOf(file)) keep(file, each);
    else keep(file, name);
  };
  const keep = (file: File, name: string): void => {
    if (file.keptNames.has(name)) return;
    file.keptNames.add(name);
    const elsewhere = file.passedOn.get(name) ?? file.imported.get(name);
    if (elsewhere !== undefined) take(elsewhere);
    const statements = file.declared.get(name);
    if (statements !== undefined) for (const statement of statements) keepStatement(file, statement);
    else if (elsewhere === undefined) for (const from of file.passedOnWhole) take({ from, name });
  };
  const keepStatement = (file: File, statement: ts.Statement): void => {
    if (file.keptStatements.has(statement)) return;
    file.keptStatements.add(statement);
    const look = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && (file.declared.has(node.text) || file.imported.has(node.text)))
        keep(file, node.text);
      if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal))
        take({ from: pathOf(file.source.fileName, node.argument.literal.text), name: "*" });
      ts.forEachChild(node, look);
    };
    look(statement);
  };
  for (const entry of entries) take({ from: entry, name: "*" });
  for (const name of globSync("**/*.d.ts", { cwd: folder })) {
    const path = join(folder, name);
    const file = files.get(path);
    if (file === undefined) rmSync(path);
    else writeFileSync(path, keptText(file));
  }
}

/** Where a file lies that another one names. */
const pathOf = (file: string, named: string): string =>
  named.startsWith(".") ? join(dirname(file), named.replace(/\.[jt]s$/, ".d.ts")) : named;

function read(path: string): File {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const declared = new Map<string, ts.Statement[]>();
  const imported = new Map<string, Taken>();
  const passedOn = new Map<string, Taken>();
  const passedOnWhole: string[] = [];
  const declare = (name: string, statement: ts.Statement): void =>
    void declared.set(name, [...(declared.get(name) ?? []), statement]);
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const from = pathOf(path, textOf(statement.moduleSpecifier));
      const { name, namedBindings } = statement.importClause ?? {};
      if (name !== undefined) imported.set(name.text, { from, name: "default" });
      if (namedBindings === undefined) continue;
      if (ts.isNamespaceImport(namedBindings)) imported.set(namedBindings.name.text, { from, name: "*" });
      else
        for (const one of namedBindings.elements)
          imported.set(one.name.text, { from, name: (one.propertyName ?? one.name).text });
    } else if (ts.isExportDeclaration(statement)) {
      const from = statement.moduleSpecifier && pathOf(path, textOf(statement.moduleSpecifier));
      const clause = statement.exportClause;
      if (clause === undefined) passedOnWhole.push(from ?? "");
      else if (ts.isNamespaceExport(clause)) passedOn.set(clause.name.text, { from: from ?? "", name: "*" });
      else
        for (const one of clause.elements)
          passedOn.set(one.name.text, { from: from ?? path, name: (one.propertyName ?? one.name).text });
    } else for (const name of namesOf(statement)) declare(name, statement);
  }
  return { source, declared, imported, passedOn, passedOnWhole, keptStatements: new Set(), keptNames: new Set() };
}

const textOf = (node: ts.Expression): string => (ts.isStringLiteral(node) ? node.text : "");

/** The names that a statement declares. */
function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.DeclarationStatement; // as: what else stands in declarations at the top has a name, or none
  return [name?.text ?? ""];
}

/** All that a file gives to others. */
function exportsOf({ declared, passedOn, passedOnWhole }: File): readonly string[] {
  if (passedOnWhole.length > 0) throw new Error(`prune-types: an entry passes on all of ${passedOnWhole.join(", ")}`);
  const own = [...declared].filter(([, statements]) => statements.some(isExported)).map(([name]) => name);
  return [...own, ...passedOn.keys()];
}

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** The text of what is kept. Statements that name nothing, such as `export {}`, stay. */
function keptText({ source, keptStatements, keptNames }: File): string {
  const kept = (elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]) =>
    elements.filter(({ name }) => keptNames.has(name.text)).map((one) => one.getText());
  return source.statements
    .flatMap((statement) => {
      if (ts.isImportDeclaration(statement)) {
        const bindings = statement.importClause?.namedBindings;
        if (bindings === undefined || !ts.isNamedImports(bindings)) return [statement.getFullText()];
        const list = kept(bindings.elements);
        return list.length === 0 ? [] : [statement.getText().replace(bindings.getText(), `{ ${list.join(", ")} }`)];
      }
      if (ts.isExportDeclaration(statement)) {
        const clause = statement.exportClause;
        if (clause === undefined || !ts.isNamedExports(clause) || clause.elements.length === 0)
          return [statement.getText()];
        const list = kept(clause.elements);
        return list.length === 0 ? [] : [statement.getText().replace(clause.getText(), `{ ${list.join(", ")} }`)];
      }
      return keptStatements.has(statement) ? [statement.getFullText().trimStart()] : [];
    })
    .join("\n")
    .concat("\n");
}
