/**
 * Secrets that their name announces: `api_key: …`, `"password":"…"`, `Authorization: Bearer …`, `Cookie: a=b; c=d`,
 * `--token …`, `<password>…</password>`. An expression finds the name, the code below finds where the value ends: no input makes it go back.
 */
import { isUncertainName, redacted, secretNameSource } from "./secret-names.ts";

const announced = new RegExp(
  `(${secretNameSource}|[Cc][Oo][Oo][Kk][Ii][Ee])` +
    // a type between name and value; or quotes and a sign; or a blank or the next item of a list behind an option; or an element
    "(\\??:[ \\t]{0,4}[A-Za-z]{1,20}[ \\t]{1,4}=[ \\t]{0,4}|\\\\{0,4}[\"'`]?\\]?[ \\t]{0,4}(?::=|=>|={1,3}|:)[ \\t]{0,4}|(?<=--[\\w-]{1,60})(?:[ \\t]{1,4}|\\\\{0,4}[\"'],[ \\t]{0,4}(?=\\\\{0,4}[\"'](?!-)))|(?<=<[\\w:.-]{1,60})>)",
  "g",
);

/** Where a value stands, without its quotes. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

/** Replaces values behind the names of secrets; the names, signs and quotes stay. */
export function redactPairs(text: string): string {
  let clean = "";
  let copied = 0;
  announced.lastIndex = 0;
  for (let found = announced.exec(text); found !== null; found = announced.exec(text)) {
    const [all, name = "", sign = ""] = found;
    const from = found.index + all.length;
    const place = /^cookie$/i.test(name) ? cookiesAt(text, from) : valueAt(text, from);
    const value = text.slice(place.start, place.end);
    // A harmless value is short: looking at it again, as it may hold a pair of its own, costs little.
    if (isHarmless(value, name, sign, place.quoted)) continue;
    clean += text.slice(copied, place.start) + redacted;
    copied = place.end;
    announced.lastIndex = place.end;
  }
  return copied === 0 ? text : clean + text.slice(copied);
}

const opening = /(\\{0,4})(?:[bfru]{0,2}(["'`]))/y;
const scheme = /(?:bearer|basic|token|apikey|negotiate)[ \t]{1,4}/iy;
const longScheme = /(?:digest|hawk|oauth|aws4-hmac-sha256)[ \t]/iy;

/** The length of what a sticky expression finds at a place. */
function lengthAt(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex - at : 0;
}

function valueAt(text: string, from: number): Place {
  opening.lastIndex = from;
  const [opened = "", slashes = "", quote] = opening.exec(text) ?? [];
  const after = from + opened.length;
  const start = after + lengthAt(scheme, text, after);
  if (quote !== undefined) return { start, end: quotedEnd(text, start, quote, slashes !== ""), quoted: true };
  if (lengthAt(longScheme, text, start) > 0) return { start, end: lineEnd(text, start), quoted: false };
  return { start, end: plainEnd(text, start), quoted: false };
}

/** The end of a quoted value: its quote, or the end of the line when it has none. */
function quotedEnd(text: string, from: number, quote: string, escaped: boolean): number {
  for (let at = from; at < text.length; at++) {
    const sign = text[at];
    if (sign === "\n" || sign === "\r") return at;
    if (sign === quote) return escaped ? withoutLast(text, from, at, "\\") : at;
    if (sign === "\\" && !escaped) at++;
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const end = text.slice(from).search(/[\r\n]/);
  return end < 0 ? text.length : from + end;
}

const stop = /[\s"'`<>]/;
const nextParameter = /&(?:amp;)?[\w.-]{1,64}=/y;
const nextItem = /[;,](?:[\s)\]}]|$|[\w .-]{1,64}[=:])/y;

/** The end of a value without quotes: a blank or quote, or a sign before the next pair. */
function plainEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (stop.test(sign)) break;
    if (sign === "&" && lengthAt(nextParameter, text, at) > 0) break;
    if ((sign === ";" || sign === ",") && lengthAt(nextItem, text, at) > 0) break;
  }
  return text.startsWith(redacted, from) ? at : withoutLast(text, from, at, ")]}.,:;!?\\");
}

/** Goes back over signs that end a sentence or a bracket, not a secret. */
function withoutLast(text: string, from: number, to: number, signs: string): number {
  let end = to;
  while (end > from && signs.includes(text[end - 1] ?? "")) end--;
  return end;
}

const cookie = /[^\s;,="'`]{1,200}=[^\s;"'`]*/y;
const moreCookies = /;[ ]?[^\s;"'`]*/y;

/** A list `a=b; c=d`; nothing when no cookie stands there. */
function cookiesAt(text: string, from: number): Place {
  const start = from + lengthAt(/["'`]/y, text, from);
  let end = start + lengthAt(cookie, text, start);
  if (end === start) return { start, end, quoted: false };
  for (let more = 1; more > 0; end += more) more = lengthAt(moreCookies, text, end);
  return { start, end, quoted: false };
}

const placeholder =
  /^(?:\\?\$?\{\{?[\w. ]*\}?\}?|\$\(?[A-Z_]+\)?|\*+|x{3,}|%[sdv]|[A-Z][A-Z_]*_(?:KEY|TOKEN|SECRET|PASSWORD)|<[\w -]*>?|…)$/;
const version = /^[~^<>=v]{0,2}\d{1,4}(?:\.\d{1,4}){1,3}$/;
const word =
  /^(?:a|an|and|any|are|boolean|bytes|cannot|empty|expected|expired|false|for|from|has|in|incorrect|invalid|is|missing|must|never|nil|no|none|not|null|number|object|of|optional|or|required|should|str|string|that|the|this|to|too|true|undefined|unknown|unset|was|will|with|wrong|you|your)$/i;

/** Whether what stands behind a secret's name is no secret: nothing, a word of a sentence, a type, code. */
function isHarmless(value: string, name: string, sign: string, quoted: boolean): boolean {
  if (value.length > 64) return false;
  if (value === "" || value === redacted || placeholder.test(value) || version.test(value) || word.test(value))
    return true;
  if (/token$/i.test(name) && /^\d{1,9}$/.test(value)) return true; // a number of tokens
  if (/pwd$/i.test(name) && /^(?:\/|[A-Z]:\\)/.test(value)) return true; // the working directory
  if (quoted) return /^[,;)]/.test(value); // the quote belongs to what stands before it: `log("password:", …)`
  if (sign.endsWith("=")) return false; // `name=value` is seldom written in prose or code
  if (!/[A-Za-z0-9]/.test(value) || isCode(value, name)) return true;
  return isUncertainName(name) && value.length < 12 && !(value.length > 5 && /\d/.test(value));
}

const call = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*\??\.?[([]|^[{[(|]|^(?:await|new)$|^\/.*[\\[({]/;
const path = /^[A-Za-z_$]{1,30}(?:\??\.[A-Za-z_$]{1,30})+$/;
const namesInCamelCase = /^[_$]?[A-Za-z][a-z]{2,}(?:[A-Z][a-z]+)+$/;
const inCode = /(?:Password|Passphrase|Secret|Key|Token|Credentials?|Authorization)$/;

/** Whether a value is a piece of a program: a call, a list, a field, a variable or type named like the secret. */
function isCode(value: string, name: string): boolean {
  if (call.test(value) || value === name || (path.test(value) && !/pass|pwd/i.test(name))) return true;
  if (namesInCamelCase.test(value)) return inCode.test(value) || !/pass|pwd/i.test(name);
  return /^(?:process|this|self|options|config|env|import\.meta|os\.environ)\./.test(value);
}
