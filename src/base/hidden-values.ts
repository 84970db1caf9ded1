/**
 * Secrets that are known word for word, because somebody has read them from an environment. Redaction takes them out
 * wherever they stand, of whatever form: also as JSON, addresses and forms write them.
 */
import { redacted } from "./secret-names.ts";
import { isSecretVariable, tellsSecret } from "./secret-variables.ts";

/** How often each value was told. */
const told = new Map<string, number>();
/** Finds any of them; and a part of each that is written in one way only, by which most texts are passed over. */
let anyHidden: RegExp | undefined;
let anyAnchor = /(?:)/;
/** Whether other values are told than these two find: they are made when a text is looked at. */
let stale = false;

/** Hides the secrets of an environment, until the result is disposed of. */
export function hideValuesOf(env: Readonly<Record<string, string | undefined>>): Disposable {
  const values = new Set(Object.entries(env).flatMap(([name, value]) => secretsIn(name, value ?? "")));
  change(values, 1);
  return {
    [Symbol.dispose]() {
      change(values, -1);
      values.clear();
    },
  };
}

function change(values: ReadonlySet<string>, by: 1 | -1): void {
  for (const value of values) {
    const before = told.get(value) ?? 0;
    const count = before + by;
    if (count > 0) told.set(value, count);
    else told.delete(value);
    stale ||= before === 0 || count === 0;
  }
}

function makeExpressions(): void {
  stale = false;
  // The longest first: of two that begin at the same place, it hides more.
  const hidden = [...told.keys()].sort((a, b) => b.length - a.length);
  anyHidden = hidden.length === 0 ? undefined : new RegExp(`(?=(${hidden.map(sourceOf).join("|")}))`, "g");
  const anchors = hidden.map(anchorOf);
  anyAnchor = anchors.every((anchor) => anchor.length >= shortestAnchor) ? new RegExp(anchors.join("|")) : /(?:)/;
}

const shortestAnchor = 4;

/** The longest piece of a value that no writing changes. */
const anchorOf = (value: string): string =>
  value.split(/[^A-Za-z0-9]+/).reduce((longest, piece) => (piece.length > longest.length ? piece : longest), "");

/** Replaces the values that {@link hideValuesOf} was told. A value takes what is glued to its end with it. */
export function withoutHidden(text: string): string {
  if (stale) makeExpressions();
  if (anyHidden === undefined || !anyAnchor.test(text)) return text;
  let clean = "";
  let copied = 0;
  let end = -1; // of what is being hidden; values may overlap
  anyHidden.lastIndex = 0;
  for (let match = anyHidden.exec(text); match !== null; match = anyHidden.exec(text)) {
    const { index, 1: found = "" } = match;
    anyHidden.lastIndex = index + 1; // a value may begin inside another
    if (index > end) {
      if (end >= 0) copied = end;
      clean += text.slice(copied, index) + redacted;
    }
    const to = index + found.length;
    if (to > end) end = endOfWord(text, to); // a word is walked once, however many values are in it
  }
  return end < 0 ? text : clean + text.slice(end);
}

const restOfWord = /[\w-]*/y;

/** A key may begin as a hidden value does: half of it must not be left. */
function endOfWord(text: string, from: number): number {
  restOfWord.lastIndex = from;
  restOfWord.test(text);
  return Math.max(from, restOfWord.lastIndex);
}

const shortest = 8;

/** What of a variable must not be seen. */
function secretsIn(name: string, value: string): readonly string[] {
  const trimmed = value.trim();
  const parts = [...trimmed.matchAll(inside)]
    .flatMap(({ groups: { password = "", pair = "" } = {} }) => [password, decoded(password), pair])
    .filter(isWorthHiding);
  if (parts.length > 0) return parts;
  return isSecretVariable(name) && isWhole(name, trimmed) && isWorthHiding(trimmed) ? [trimmed] : [];
}

/** A password in an address or in a connection string. */
const inside =
  /:\/\/[^\s/?#:@]*:(?<password>[^\s/?#]+)@|(?:password|pwd|accountkey|sharedaccesskey)=(?<pair>[^\s;&]+)/gi;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether the value as a whole is a secret: the name says so, or it belongs to a service and looks like a key. */
function isWhole(name: string, value: string): boolean {
  if (/token/i.test(name) && /^\d+$/.test(value)) return false; // a number of tokens
  if (/^(?:[\w+.-]+:\/\/|~?\/|\.{1,2}\/|[A-Za-z]:[\\/])/.test(value)) return false; // an address, a path
  return (
    tellsSecret(name) ||
    (/^[\w+/=-]{20,}$/.test(value) && /[a-z]/.test(value) && /[A-Z].*\d.*\d|\d.*\d.*[A-Z]/.test(value))
  );
}

const words =
  /^(?:password|passw0rd|changeme|postgres(?:ql)?|mongodb|localhost|username|anonymous|undefined|disabled|required|optional|default|enabled|production|development|staging|testing|example)$/i;

/** Hiding others would hide ordinary text, and guessing them is no work. */
const isWorthHiding = (value: string): boolean =>
  value.length >= shortest && !words.test(value) && new Set(value).size >= 4 && value !== redacted;

/** The source of an expression that finds a value as it is, and as JSON, addresses and forms escape it. */
const sourceOf = (value: string): string => (value.match(/\\+|[\s\S]/gu) ?? []).map(pieceSource).join("");

const shortEscapes: Readonly<Record<string, string>> = { "\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f" };

/**
 * Matches a character as it is, with JSON's escapes (more of them where JSON stands in JSON), or percent-encoded; or a row
 * of backslashes: each by itself could be matched in many ways, which would take time without end.
 */
function pieceSource(char: string): string {
  if (/^[A-Za-z0-9]$/.test(char)) return char;
  if (char.startsWith("\\")) return `(?:\\\\{${char.length},${16 * char.length}}|(?:%(?:25)?5[Cc]){${char.length}})`;
  const units = Array.from({ length: char.length }, (_, at) => `\\\\{1,8}u${anyCaseHex(char.charCodeAt(at), 4)}`);
  const bytes = [...new TextEncoder().encode(char)].map((byte) => `%(?:25)?${anyCaseHex(byte, 2)}`);
  const ways = [`\\\\{0,8}${literal(char)}`, units.join(""), bytes.join("")];
  const short = shortEscapes[char];
  if (short !== undefined) ways.push(`\\\\{1,8}${short}`);
  if (char === " ") ways.push("\\+");
  return `(?:${ways.join("|")})`;
}

const literal = (char: string): string =>
  Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");

const anyCaseHex = (code: number, length: number): string =>
  code
    .toString(16)
    .padStart(length, "0")
    .replace(/[a-f]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);
