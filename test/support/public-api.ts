import { join } from "node:path";
import ts from "typescript-6";
import { root } from "./source-tree.ts";

/** One name that an entry of the package exports. */
export interface PublicName {
  readonly name: string;
  /** What it is, in TypeScript's words: "function", "interface", "const type" when a name is two things. */
  readonly kind: string;
  /** Where it is declared, "src/base/json.ts:12". */
  readonly where: string;
  /** The doc comment without its tags; empty when there is none. */
  readonly doc: string;
}

/** The longest first sentence of a doc comment, in columns: it has to fit one line of an overview. */
const sentenceLimit = 100;

const kinds: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Function, "function"],
  [ts.SymbolFlags.Class, "class"],
  [ts.SymbolFlags.Variable, "const"],
  [ts.SymbolFlags.Interface, "interface"],
  [ts.SymbolFlags.TypeAlias, "type"],
  [ts.SymbolFlags.Namespace, "namespace"],
];

/** Only names and comments are wanted, so no library is loaded and nothing is checked. */
const options: ts.CompilerOptions = {
  noLib: true,
  types: [],
  allowImportingTsExtensions: true,
  noEmit: true,
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2024,
};

function describe(checker: ts.TypeChecker, exported: ts.Symbol): PublicName {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const declaration = symbol.declarations?.[0];
  const source = declaration?.getSourceFile();
  const line = source === undefined ? 0 : source.getLineAndCharacterOfPosition(declaration?.getStart() ?? 0).line + 1;
  return {
    name: exported.name,
    kind: kinds.flatMap(([flag, kind]) => (symbol.flags & flag ? [kind] : [])).join(" ") || "unknown",
    where: source === undefined ? "nowhere" : `${source.fileName.slice(root.length + 1)}:${line}`,
    doc: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
  };
}

/** Reads what each entry of the package exports, by entry name, sorted; entries map names to source files. */
export function readPublicApi(entries: ReadonlyMap<string, string>): Map<string, PublicName[]> {
  const program = ts.createProgram({ rootNames: [...entries.values()].map((path) => join(root, path)), options });
  const checker = program.getTypeChecker();
  return new Map(
    [...entries].map(([name, path]) => {
      const source = program.getSourceFile(join(root, path));
      const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
      if (module === undefined) return [name, []];
      const names = checker.getExportsOfModule(module).map((symbol) => describe(checker, symbol));
      return [name, names.sort((a, b) => (a.name < b.name ? -1 : 1))];
    }),
  );
}

/** Says what is wrong with the doc comment of a name, or nothing. */
export function docProblem({ name, where, doc }: PublicName): string | undefined {
  if (doc === "") return `${where} ${name} has no doc comment`;
  const sentence = doc.split(/(?<=[.!?:])\s|\n\s*\n/, 1)[0]?.replace(/\s+/g, " ") ?? "";
  if (sentence.length > sentenceLimit) {
    return `${where} ${name}: the first sentence has ${sentence.length} columns, more than ${sentenceLimit}`;
  }
  return /[.!?:]$/.test(sentence) ? undefined : `${where} ${name}: the first sentence does not end: ${sentence}`;
}

/** The file below api/ that holds the names of an entry: "./model/openai" has api/model-openai.txt. */
export const apiFile = (entry: string): string => `api/${entry.slice(2).replaceAll("/", "-") || "index"}.txt`;

/** The text of that file: one line a name, with what it is. */
export const apiText = (names: readonly PublicName[]): string =>
  names.map(({ name, kind }) => `${kind} ${name}\n`).join("");
