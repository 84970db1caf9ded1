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
 * Every place of these files that makes a `WinkError`. An answer counts when its type allows neither undefined nor "". What
 * a function takes from its parameters is looked for in its calls, which then are the places.
 */
export function errorPlaces(files: readonly SourceText[]): Place[] {
  const program = programOf(files);
  const checker = program.getTypeChecker();
  const sources = files.flatMap(({ path }) => program.getSourceFile(join(root, path)) ?? []);
  const callsByName = new Map<string, ts.CallExpression[]>();
  const made: ts.NewExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === "WinkError") made.push(node);
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const { text } = node.expression;
      callsByName.set(text, [...(callsByName.get(text) ?? []), node]);
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

  const callsOf = (of: ts.SignatureDeclaration): readonly ts.CallExpression[] => {
    const name = of.name ?? (ts.isVariableDeclaration(of.parent) ? of.parent.name : undefined);
    if (name === undefined || !ts.isIdentifier(name)) return [];
    const symbol = symbolAt(name);
    const calls = callsByName.get(name.text) ?? [];
    return calls.filter(({ expression }) => ts.isIdentifier(expression) && symbolAt(expression) === symbol);
  };

  const isAnswer = (type: ts.Type): boolean =>
    type.isUnion()
      ? type.types.every(isAnswer)
      : (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) === 0 &&
        !(type.isStringLiteral() && type.value === "");

  const fieldOf = (node: ts.Expression, name: string): ts.Type | undefined => {
    const field = checker.getTypeAtLocation(node).getProperty(name);
    if (field === undefined || field.flags & ts.SymbolFlags.Optional) return undefined;
    return checker.getTypeOfSymbolAtLocation(field, node);
  };

  /** What a call gives for a parameter; nothing where no call is looked at. */
  const givenFor = (node: ts.Expression, call: Call | undefined) => {
    const found = parameterOf(node);
    if (found === undefined || found.parameter.parent !== call?.of) return undefined;
    const given = call.given[call.of.parameters.indexOf(found.parameter)];
    return given === undefined ? undefined : { given, field: found.field };
  };

  const valueAnswers = (node: ts.Expression, call: Call | undefined): boolean => {
    if (isAnswer(checker.getTypeAtLocation(node))) return true;
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

  const codesOf = (node: ts.Expression): readonly string[] => {
    const type = checker.getTypeAtLocation(node);
    const all = type.isUnion() ? type.types : [type];
    const codes = all.flatMap((one) => (one.isStringLiteral() ? [one.value] : []));
    return codes.length === 0 || codes.length > mostCodes ? ["any"] : codes;
  };

  const placeOf = (at: ts.Node, code: ts.Expression, open: readonly Question[]): Place => {
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
    const calls = of === undefined ? [] : callsOf(of);
    if (of === undefined || calls.length === 0) return [placeOf(at, code, open)];
    return calls.flatMap((call) => {
      const inside: Call = { of, given: [...call.arguments] };
      const left = open.filter((question) => parts === undefined || !answers(question, parts, inside));
      const told = givenFor(code, inside)?.given;
      return told === undefined ? [placeOf(call, code, left)] : placesOf(call, told, left);
    });
  };

  return made.flatMap((node) => {
    const [code, parts] = node.arguments ?? [];
    if (code === undefined || parts === undefined) return [];
    return placesOf(
      node,
      code,
      questions.filter((question) => !answers(question, parts, undefined)),
      parts,
    );
  });
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
