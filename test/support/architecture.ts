import ts from "typescript-6";
import { importsOf, isTest, parse, resolveImport, type SourceText } from "./source-tree.ts";

/** Where a package may be imported in src/, as path prefixes; `loaded` says whether by `import()` only. */
export interface PackageRule {
  readonly within: readonly string[];
  readonly loaded: "statically" | "lazily";
}

/** The rules of the house as data. */
export interface House {
  /** "base < limits < …"; folders with a comma between them stand side by side and do not import each other. */
  readonly order: string;
  /** The folder that may import every other, and that none may import. */
  readonly above: string;
  /** Files that other folders may import besides each folder's index.ts: the other entries of the package. */
  readonly entries: readonly string[];
  readonly packages: Readonly<Record<string, PackageRule>>;
  readonly sourceLines: number;
  readonly testLines: number;
  /** Files that may be longer, each with its reason. */
  readonly longFiles: Readonly<Record<string, string>>;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

/** The concept that a file belongs to: the folder directly below src/, or "" for the root entry and for test/. */
const conceptOf = (path: string): string => (path.startsWith("src/") ? (path.split("/").slice(1, -1)[0] ?? "") : "");

const ranksOf = (order: string): Map<string, number> =>
  new Map(order.split("<").flatMap((step, rank) => step.split(",").map((folder) => [folder.trim(), rank] as const)));

/** Whatever an editor, or the language, shows as the end of a line. */
const lineEnd = /\r\n|[\n\r\u2028\u2029]/;

function lengthProblem(file: SourceText, house: House): string[] {
  const limit = isTest(file.path) ? house.testLines : house.sourceLines;
  const lines = file.text.split(lineEnd).length - (/[\n\r]$/.test(file.text) ? 1 : 0);
  if (lines <= limit || house.longFiles[file.path] !== undefined) return [];
  return [`${file.path} has ${lines} lines, more than ${limit}: split it by concept`];
}

function edgeProblems(edge: Edge, house: House, ranks: ReadonlyMap<string, number>): string[] {
  const [from, to] = [conceptOf(edge.from), conceptOf(edge.to)];
  const where = `${edge.from}:${edge.line} imports ${edge.to}`;
  if (from === to) return [];
  if (to === "") return [`${where}: nothing in src/ imports the package's root entry`];
  const problems: string[] = [];
  const index = `src/${to}/index.ts`;
  const isFace = edge.to === index || house.entries.includes(edge.to);
  const isSuite = from === house.above && edge.to.endsWith("/conformance.ts");
  if (!isFace && !isSuite) problems.push(`${where}, past its public face ${index}`);
  if (from === "" || from === house.above) return problems;
  if (to === house.above) return [...problems, `${where}: ${to} stands above everything`];
  const [below, above] = [ranks.get(to), ranks.get(from)];
  if (below !== undefined && above !== undefined && below >= above) {
    const side = below === above ? `${from} and ${to} stand side by side` : `${to} stands above ${from}`;
    problems.push(`${where}: ${side}, arrows only go down`);
  }
  return problems;
}

function packageProblem(path: string, specifier: string, line: number, kind: string, house: House): string[] {
  if (specifier.startsWith("node:") && house.packages[specifier] === undefined) return [];
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const rule = house.packages[name];
  const where = `${path}:${line} imports the package ${name}`;
  if (rule === undefined) return [`${where}, which src/ may not import`];
  if (!rule.within.some((prefix) => path.startsWith(prefix))) {
    return [`${where}, allowed only in ${rule.within.join(", ") || "no file"}`];
  }
  if (kind === "type") return [];
  const loaded = kind === "dynamic" ? "lazily" : "statically";
  return loaded === rule.loaded ? [] : [`${where} ${loaded}, allowed only ${rule.loaded}`];
}

/** Ways to other modules that no import shows, so that nothing else here would see them. */
function hiddenWays(file: SourceText): string[] {
  const source = parse(file);
  const problems: string[] = [];
  const add = (position: number, what: string): void => {
    const line = source.getLineAndCharacterOfPosition(position).line + 1;
    problems.push(`${file.path}:${line} has ${what}, which goes round the rules of imports`);
  };
  for (const { pos } of [
    ...source.referencedFiles,
    ...source.typeReferenceDirectives,
    ...source.libReferenceDirectives,
  ]) {
    add(pos, "a /// <reference>");
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && /^(?:createRequire|getBuiltinModule)$/.test(node.text))
      add(node.getStart(), node.text);
    if (ts.isNewExpression(node) && /\bWorker$/.test(node.expression.getText())) add(node.getStart(), "new Worker");
    if (ts.isCallExpression(node) && node.expression.getText() === "require") add(node.getStart(), "require");
    if (ts.isExternalModuleReference(node)) add(node.getStart(), "require");
    ts.forEachChild(node, visit);
  };
  visit(source);
  return problems;
}

/** Each cycle once, as the way round it, beginning at its first file by name. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set<string>();
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): void => {
    const start = way.indexOf(file);
    if (start >= 0) {
      const round = way.slice(start);
      const first = round.indexOf(round.toSorted()[0] ?? file);
      const turned = [...round.slice(first), ...round.slice(0, first)];
      found.add(`cycle: ${[...turned, turned[0]].join(" → ")}`);
      return;
    }
    if (done.has(file)) return;
    way.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    way.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return [...found];
}

/** Says in one line each what breaks the rules of the house; nothing when all is well. */
export function violations(files: readonly SourceText[], house: House): string[] {
  const ranks = ranksOf(house.order);
  const paths = new Set(files.map((file) => file.path));
  const problems: string[] = [];
  const graph = new Map<string, string[]>();
  for (const folder of new Set(files.map((file) => conceptOf(file.path)))) {
    if (folder !== "" && folder !== house.above && !ranks.has(folder)) {
      problems.push(`src/${folder} has no place in the order of the house`);
    }
  }
  for (const path of Object.keys(house.longFiles)) {
    if (!paths.has(path)) problems.push(`${path} is listed as a long file and does not exist`);
  }
  for (const file of files) {
    problems.push(...lengthProblem(file, house));
    if (isTest(file.path)) continue;
    problems.push(...hiddenWays(file));
    const targets: string[] = [];
    for (const { specifier, line, kind } of importsOf(file)) {
      if (specifier.startsWith(".")) {
        const to = resolveImport(file.path, specifier);
        targets.push(to);
        if (!to.startsWith("src/")) problems.push(`${file.path}:${line} imports ${to}, outside src/`);
        else problems.push(...edgeProblems({ from: file.path, to, line }, house, ranks));
      } else {
        problems.push(...packageProblem(file.path, specifier, line, kind, house));
      }
    }
    graph.set(file.path, targets);
  }
  return [...problems, ...cycles(graph)];
}
