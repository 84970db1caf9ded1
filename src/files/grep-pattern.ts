import { redact, WinkError } from "../base/index.ts";
import { shownPattern, signsAt } from "./glob-parse.ts";
import { type LineSearch, lineEnd, lineStart, lineText } from "./grep-lines.ts";
import { literalSearch } from "./grep-literal.ts";
import { requiredExpression } from "./grep-required.ts";
import { readRequired } from "./grep-syntax.ts";

/** The longest pattern, in UTF-16 units. */
const longestPattern = 1_000;

/** Compiles a pattern in RE2 syntax; throws `PATTERN_INVALID`. A plain text needs no engine; for others it is loaded once. */
export async function compileSearch(pattern: string, ignoreCase: boolean): Promise<LineSearch> {
  if (pattern === "") throw patternError(pattern, "The pattern is empty", undefined, "what to find");
  if (pattern.length > longestPattern) {
    throw patternError(pattern, "The pattern is too long", undefined, `at most ${longestPattern} characters`);
  }
  const literal = readPattern(pattern);
  if (literal !== undefined && !ignoreCase && literal.length <= longestLiteral) return literalSearch(literal);
  return await expressionSearch(pattern, ignoreCase);
}

/** Looking for a longer text could take the product of the two lengths. */
const longestLiteral = 100;

/**
 * The engine alone says what matches; it takes linear time on every pattern. `RegExp` only finds the lines that it must look
 * at: see `requiredExpression`.
 */
async function expressionSearch(pattern: string, ignoreCase: boolean): Promise<LineSearch> {
  const { RE2JS, RE2JSException, RE2JSSyntaxException } = await import("re2js");
  let expression: InstanceType<typeof RE2JS>;
  try {
    expression = RE2JS.compile(pattern, RE2JS.MULTILINE | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const syntax = error instanceof RE2JSSyntaxException ? error : undefined;
    const place = syntax?.getPattern();
    const at = place && place !== pattern ? pattern.indexOf(place) : -1;
    throw patternError(
      pattern,
      sentence(syntax?.getDescription() ?? error.message),
      at < 0 ? undefined : at,
      plainHint,
    );
  }
  const required = readRequired(pattern, ignoreCase);
  const candidate = required && requiredExpression(required);
  const wholeFirst = candidate === undefined && !lineBound.test(pattern);
  return {
    cost: Math.max(1, expression.programSize()),
    find(text, from, reach) {
      // One look at the whole says of most texts that no line can match: line ends do not change what a line's own match needs.
      if (
        wholeFirst &&
        from === 0 &&
        text.length <= reach &&
        !expression.test(text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text)
      ) {
        return undefined;
      }
      for (let at = from; at < text.length; ) {
        if (candidate !== undefined) {
          candidate.lastIndex = at;
          if (!candidate.test(text.length > reach ? text.slice(0, reach) : text)) return undefined;
          at = lineStart(text, candidate.lastIndex - 1);
        }
        const end = lineEnd(text, at);
        const line = lineText(text, at, end);
        const searched = line.length > reach ? line.slice(0, reach) : line;
        if (expression.test(searched)) {
          const matcher = expression.matcher(searched);
          if (matcher.find()) return { line, at, start: matcher.start(), end: matcher.end() };
        }
        at = end + 1;
      }
      return undefined;
    },
  };
}

/** Constructs that mean something else at the ends of a whole text than at those of a line: `\A`, `\z`, `(?-m)`. */
const lineBound = /\\[Az]|\(\?[a-zA-Z]*-/;

/**
 * Looks for what no search in linear time or line by line can do, and says where it stands.
 * Gives the text that the pattern means when it has no operators.
 */
function readPattern(pattern: string): string | undefined {
  let literal = "";
  let plain = true;
  for (let at = 0; at < pattern.length; at++) {
    const sign = pattern.charAt(at);
    if (sign === "\n") throw patternError(pattern, "The pattern has a line break", at, "a pattern for one line");
    if (sign === "\\") {
      const next = pattern.charAt(at + 1);
      if (next === "n") throw patternError(pattern, "The pattern has a line break", at, "a pattern for one line");
      if (/^[1-9kg]$/.test(next)) throw patternError(pattern, "The pattern has a back-reference", at, "RE2 syntax");
      if (next === "Q") at = afterQuote(pattern, at);
      if (next === "" || /[A-Za-z0-9]/.test(next) || next > "\x7e") plain = false;
      literal += next;
      at += 1;
    } else if (sign === "[") {
      plain = false;
      at = classEnd(pattern, at);
    } else if (sign === "(") {
      plain = false;
      const opening = /^\(\?(?:<?[=!]|>)/.exec(pattern.slice(at, at + 4))?.[0];
      if (opening === "(?>") throw patternError(pattern, "The pattern has an atomic group", at, "RE2 syntax");
      if (opening !== undefined)
        throw patternError(pattern, `The pattern has a look-around, \`${opening}\``, at, "RE2 syntax");
    } else if (".*+?)|{}^$".includes(sign)) plain = false;
    else literal += sign;
  }
  return plain ? literal : undefined;
}

/** The position before the end of a `\Q…\E`, so that what is quoted is not looked at. */
function afterQuote(pattern: string, at: number): number {
  const end = pattern.indexOf("\\E", at + 2);
  return end < 0 ? pattern.length : end;
}

/** The position of the `]` that ends a class; a `]` that comes first is a character. */
function classEnd(pattern: string, start: number): number {
  let at = pattern.charAt(start + 1) === "^" ? start + 2 : start + 1;
  if (pattern.charAt(at) === "]") at += 1;
  for (; at < pattern.length; at++) {
    const sign = pattern.charAt(at);
    if (sign === "\\") at += 1;
    else if (pattern.startsWith("[:", at)) at = Math.max(at, pattern.indexOf(":]", at) + 1);
    else if (sign === "]") return at;
  }
  return at;
}

const plainHint = "RE2 syntax, where a backslash makes an operator a plain character";
const sentence = (text: string): string => `The pattern is wrong: ${text}`;

/** Makes a `PATTERN_INVALID` for a regular expression; `at` counts from 0. */
function patternError(pattern: string, problem: string, at: number | undefined, expected: string): WinkError {
  return new WinkError("PATTERN_INVALID", {
    at: `pattern ${shownPattern(pattern)}${at === undefined ? "" : `, character ${at + 1}`}`,
    problem,
    expected,
    received: signsAt(pattern, at ?? 0),
    details: { pattern: redact(pattern).slice(0, longestPattern), ...(at === undefined ? {} : { position: at + 1 }) },
  });
}
