/** Reads from the source which questions each error answers: what was wrong, where, what was expected, what came. */
import { join } from "node:path";
import ts from "typescript-6";
import { root, type SourceText } from "./source-tree.ts";

/** The parts of an error that answer a question; what to do stands in the table of codes. */
export const questions = ["problem", "at", "expected", "received"] as const;

export type Question = (typeof questions)[number];

/** One place that makes an error. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** The codes that it may have; `any` for one that only a running program knows. */
  readonly codes: readonly string[];
  /** The questions that it may leave without an answer. */
  readonly open: readonly Question[];
}

const options: ts.CompilerOptions = {
  lib: ["lib.es2024.d.ts"],
  types: [],
  noResolve: true, // packages are of no matter here
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2024,
};

/** The files of TypeScript's library, read once. */
const library = new Map<string, ts.SourceFile | undefined>();

function programOf(files: readonly SourceText[]): ts.Program {
  const texts = new Map(files.map(({ path, text }) => [join(root, path), text]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.getSourceFile = (path, version) => {
    const text = texts.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, version, true);
    if (!library.has(path)) library.set(path, getSourceFile(path, version));
    return library.get(path);
  };
  return ts.createProgram({ rootNames: [...texts.keys()], options, host });
}

/** A call of a function that makes errors, seen from inside the function. */
interface Call {
  readonly of: ts.SignatureDeclaration;
  readonly given: readonly ts.Expression[];
}

/**
 * Every place of these files that makes a `WinkError`, by whatever name. An answer counts when its type allows neither undefined, null
 * nor "", and is not `any`. What a function takes from its parameters is looked for in its calls, which then are the places; one that
 * is used otherwise too, as a value, is a place itself.
 */
export function errorPlaces(files: readonly SourceText[]): Place[] {
  const program = programOf(files);
  const checker = program.getTypeChecker();
  const sources = files.flatMap(({ path }) => program.getSourceFile(join(root, path)) ?? []);
  const made: ts.NewExpression[] = [];
  const named = new Map<string, ts.Identifier[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && checker.getTypeAtLocation(node).getSymbol()?.name === "WinkError") made.push(node);
    if (ts.isIdentifier(node)) {
      const others = named.get(node.text);
      if (others === undefined) named.set(node.text, [node]);
      else others.push(node);
    }
    ts.forEachChild(node, visit);
  };
  for (const source of sources) visit(source);

  const symbolAt = (node: ts.Identifier): ts.Symbol | undefined => {
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  };

  /** The parameter that a name stands for, and the field of it when the parameter is taken apart. */
  const parameterOf = (node: ts.Expression): { parameter: ts.ParameterDeclaration; field?: string } | undefined => {
    const declared = ts.isIdentifier(node) ? symbolAt(node)?.valueDeclaration : undefined;
    if (declared === undefined) return undefined;
    if (ts.isParameter(declared)) return { parameter: declared };
    if (!ts.isBindingElement(declared) || !ts.isParameter(declared.parent.parent)) return undefined;
    const parameter = declared.parent.parent;
    return declared.dotDotDotToken === undefined
      ? { parameter, field: (declared.propertyName ?? declared.name).getText() }
      : { parameter };
  };

  /** The calls of a function, and whether it is used otherwise: given to somebody, or under another name. */
  const usesOf = (of: ts.SignatureDeclaration): { calls: readonly ts.CallExpression[]; isValue: boolean } => {
    const isNamed = ts.isFunctionDeclaration(of) || ts.isVariableDeclaration(of.parent);
    const name = ts.isVariableDeclaration(of.parent) ? of.parent.name : of.name;
    if (!isNamed || name === undefined || !ts.isIdentifier(name)) return { calls: [], isValue: true };
    const symbol = symbolAt(name);
    const uses = namesOf(name.text)
      .flatMap((text) => named.get(text) ?? [])
      .filter((use) => isUse(use) && symbolAt(use) === symbol);
    const calls = uses.flatMap((use) => callOf(use) ?? []);
    return { calls, isValue: calls.length === 0 || calls.length < uses.length };
  };

  /** The names that something of this name is imported and exported by. */
  const namesOf = (name: string): readonly string[] => {
    const names = new Set([name]);
    for (const one of names) // and those that are added meanwhile
      for (const { parent } of named.get(one) ?? [])
        if (ts.isImportOrExportSpecifier(parent) && parent.propertyName?.text === one) names.add(parent.name.text);
    return [...names];
  };

  const isAnswer = (type: ts.Type): boolean =>
    type.isUnion()
      ? type.types.every(isAnswer)
      : (type.flags & noAnswer) === 0 && !(type.isStringLiteral() && type.value === "");

  const fieldOf = (node: ts.Expression, name: string): ts.Type | undefined => {
    const field = checker.getTypeAtLocation(node).getProperty(name);
    if (field === undefined || field.flags & ts.SymbolFlags.Optional) return undefined;
    return checker.getTypeOfSymbolAtLocation(field, node);
  };

  /** What a call gives for a parameter; nothing where no call is looked at. */
  const givenFor = (node: ts.Expression, call: Call | undefined) => {
    const found = parameterOf(node);
    if (found === undefined || found.parameter.parent !== call?.of) return undefined;
    const place = call.of.parameters.indexOf(found.parameter);
    const given = call.given.slice(0, place + 1).some(ts.isSpreadElement) ? undefined : call.given[place];
    return given === undefined ? undefined : { given, field: found.field };
  };

  /** Whether a name stands for a parameter, or a field of one, whose default is no answer. */
  const isEmptyUnlessGiven = (node: ts.Expression): boolean => {
    const declared = ts.isIdentifier(node) ? symbolAt(node)?.valueDeclaration : undefined;
    if (declared === undefined || !(ts.isParameter(declared) || ts.isBindingElement(declared))) return false;
    return declared.initializer !== undefined && !isAnswer(checker.getTypeAtLocation(declared.initializer));
  };

  const valueAnswers = (node: ts.Expression, call: Call | undefined): boolean => {
    if (isAnswer(checker.getTypeAtLocation(node)) && !isEmptyUnlessGiven(node)) return true;
    const found = givenFor(node, call);
    if (found === undefined) return false;
    return found.field === undefined
      ? valueAnswers(found.given, undefined)
      : answers(found.field, found.given, undefined);
  };

  const answers = (question: string, parts: ts.Expression, call: Call | undefined): boolean => {
    const type = fieldOf(parts, question);
    if (ts.isObjectLiteralExpression(parts)) {
      // what stands behind in a spread may take an answer away
      if (call === undefined && (type === undefined || !isAnswer(type))) return false;
      for (const property of parts.properties.toReversed()) {
        if (ts.isSpreadAssignment(property)) {
          if (answers(question, property.expression, call)) return true;
        } else if (property.name?.getText() === question) {
          if (ts.isPropertyAssignment(property)) return valueAnswers(property.initializer, call);
          return ts.isShorthandPropertyAssignment(property) && valueAnswers(property.name, call);
        }
      }
      return false;
    }
    if (type !== undefined && isAnswer(type)) return true;
    const found = givenFor(parts, call);
    return found !== undefined && found.field === undefined && answers(question, found.given, undefined);
  };

  const codesOf = (node: ts.Expression | undefined): readonly string[] => {
    if (node === undefined) return ["any"];
    const type = checker.getTypeAtLocation(node);
    const all = type.isUnion() ? type.types : [type];
    const codes = all.flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
    return codes.length === 0 || codes.length > mostCodes ? ["any"] : codes;
  };

  const placeOf = (at: ts.Node, code: ts.Expression | undefined, open: readonly Question[]): Place => {
    const source = at.getSourceFile();
    const line = source.getLineAndCharacterOfPosition(at.getStart()).line + 1;
    return { file: source.fileName.slice(root.length + 1), line, codes: codesOf(code), open };
  };

  /** The places that a call, or the making of an error, stands for: the calls of its function when that is given the code. */
  const placesOf = (at: ts.Node, code: ts.Expression, open: readonly Question[], parts?: ts.Expression): Place[] => {
    const owners = [code, ...(parts === undefined || open.length === 0 ? [] : leavesOf(parts))].map(
      (node) => parameterOf(node)?.parameter.parent,
    );
    const of = owners.find((owner) => owner !== undefined);
    if (of === undefined) return [placeOf(at, code, open)];
    const { calls, isValue } = usesOf(of);
    const told = calls.flatMap((call) => {
      const inside: Call = { of, given: [...call.arguments] };
      const left = open.filter((question) => parts === undefined || !answers(question, parts, inside));
      const given = givenFor(code, inside)?.given;
      return given === undefined ? [placeOf(call, code, left)] : placesOf(call, given, left);
    });
    return isValue ? [placeOf(at, code, open), ...told] : told;
  };

  return made.flatMap((node) => {
    const [code, parts] = node.arguments ?? [];
    if (code === undefined || parts === undefined) return [placeOf(node, code, questions)];
    return placesOf(
      node,
      code,
      questions.filter((question) => !answers(question, parts, undefined)),
      parts,
    );
  });
}

/** Types of which nobody knows what they say, or which say nothing. A value of a package is `any` here. */
const noAnswer =
  ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void;

/** Whether a name is one that a program uses, not one that declares, imports, exports or is asked for its type. */
function isUse(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isImportOrExportSpecifier(parent) || ts.isTypeQueryNode(parent)) return false;
  return !((ts.isFunctionDeclaration(parent) || ts.isVariableDeclaration(parent)) && parent.name === name);
}

/** The call of what a name stands for, also behind the name of a module: `errors.made(…)`. */
function callOf(name: ts.Identifier): ts.CallExpression | undefined {
  const called = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name;
  const { parent } = called;
  return ts.isCallExpression(parent) && parent.expression === called ? parent : undefined;
}

/** More codes than any place chooses from. */
const mostCodes = 10;

/** The names that parts of an error are taken from. */
function leavesOf(parts: ts.Expression): ts.Expression[] {
  if (!ts.isObjectLiteralExpression(parts)) return [parts];
  return parts.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property)) return leavesOf(property.expression);
    if (ts.isShorthandPropertyAssignment(property)) return [property.name];
    return ts.isPropertyAssignment(property) ? [property.initializer] : [];
  });
}
