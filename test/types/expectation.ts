/**
 * Type cases as text. A case is a `check("name", …)`. What must not compile has lines `// error: <text>` right above the
 * line of the error, one line for each error; the text is a part of the message, or parts in order with " … " between.
 */
import type { Diagnostic } from "./project.ts";

/** The errors that one line of a case must give. */
export interface Expected {
  readonly line: number;
  readonly messages: readonly string[];
}

/** One `check`, with the lines from its first to the next case's. */
export interface Case {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly expected: readonly Expected[];
}

/** The longest message that is still read, in lines. */
const longestMessage = 8;

/** What compilers say when they have lost the reader, or send people the wrong way. */
const misleading = /exactOptionalPropertyTypes|implicitly has an? '|excessively deep|No overload|Two different types/;

/** Finds the cases of a file. */
export function casesIn(text: string): readonly Case[] {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, index) => {
    if (!/^\s*check\(/.test(line)) return [];
    const name = /^check\("(.+)", (async )?\(\) => \{$/.exec(line)?.[1];
    if (name === undefined) throw new Error(`line ${index + 1} is not of the form check("name", () => {: ${line}`);
    return [{ name, index }];
  });
  return starts.map(({ name, index }, place) => {
    const end = starts[place + 1]?.index ?? lines.length;
    return { name, from: index + 1, to: end, expected: expectedIn(lines, index, end) };
  });
}

function expectedIn(lines: readonly string[], from: number, to: number): readonly Expected[] {
  const expected: Expected[] = [];
  let messages: string[] = [];
  for (let index = from; index < to; index++) {
    const line = lines[index] ?? "";
    const message = /^\s*\/\/ error: (.+)$/.exec(line)?.[1];
    if (message !== undefined) messages.push(message);
    else if (messages.length > 0 && !/^\s*\/\//.test(line)) {
      expected.push({ line: index + 1, messages });
      messages = [];
    }
  }
  return expected;
}

/** Says what the compiler told otherwise than a case expects; nothing when all is as expected. */
export function differences({ from, to, expected }: Case, diagnostics: readonly Diagnostic[]): readonly string[] {
  const here = diagnostics.filter(({ line }) => line >= from && line <= to);
  const problems = here
    .filter(({ message }) => message.split("\n").length > longestMessage)
    .map(({ line, message }) => `line ${line}: the message has more than ${longestMessage} lines: ${message}`);
  for (const { line, message } of here) {
    if (misleading.test(message)) problems.push(`line ${line}: the message misleads: ${message}`);
  }
  const open = new Set(here);
  for (const { line, messages } of expected) {
    for (const wanted of messages) {
      const fitting = [...open].find((one) => one.line === line && fits(one.message, wanted));
      if (fitting !== undefined) open.delete(fitting);
      else problems.push(`line ${line}: no error with: ${wanted}`);
    }
  }
  return [...problems, ...[...open].map(({ line, message }) => `line ${line}: not expected: ${message}`)];
}

function fits(message: string, wanted: string): boolean {
  const text = message.replace(/\s+/g, " ");
  let from = 0;
  return wanted.split(" … ").every((part) => {
    const at = text.indexOf(part.trim(), from);
    from = at + part.length;
    return at !== -1;
  });
}
