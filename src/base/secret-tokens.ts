/** Secrets that show what they are by their own form: keys, tokens and key blocks. */
import { isInBlob } from "./base64-blob.ts";
import { type SecretForm, secretForms, wholeForms } from "./secret-forms.ts";
import { redacted } from "./secret-names.ts";

/** Forms by owner. */
export interface Forms {
  readonly signed: Readonly<Record<string, readonly SecretForm[]>>;
  readonly whole: Readonly<Record<string, readonly RegExp[]>>;
}

/** All that are known. */
export const allForms: Forms = { signed: secretForms, whole: wholeForms };

/** Where a key stands. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** Makes what replaces keys and tokens of the given forms. */
export function tokenRedaction({ signed, whole }: Forms): (text: string) => string {
  const findSigned = signedFinder(Object.values(signed).flat());
  const findWhole = wholeFinder(Object.values(whole).flat());
  return (text) => {
    const places: Place[] = [];
    for (let found = findSigned(text, 0); found !== undefined; found = findSigned(text, found.end)) places.push(found);
    for (let found = findWhole(text, 0); found !== undefined; found = findWhole(text, found.end)) places.push(found);
    return places.length === 0 ? text : withoutPlaces(text, places);
  };
}

/** What looks like a key may stand inside another, by chance, or reach over its end: such are replaced as one. */
function withoutPlaces(text: string, places: Place[]): string {
  let clean = "";
  let copied = -1;
  for (const { start, end } of places.sort((a, b) => a.start - b.start)) {
    if (copied < 0 || start >= copied) clean += text.slice(Math.max(0, copied), start) + redacted;
    copied = Math.max(copied, end);
  }
  return clean + text.slice(copied);
}

/** No token is shorter, and no block. */
const [shortest, shortestBlock] = [12, 27];
const redactKnown = tokenRedaction(allForms);

/** Replaces keys, tokens and key blocks of known form. */
export function redactTokens(text: string): string {
  return text.length < shortest ? text : redactKnown(text.length < shortestBlock ? text : withoutBlocks(text));
}

/**
 * Makes what finds the next key from a place on. Signs are rare in texts, so they are looked for first, then the heads
 * before them, and only then the rest: many times faster than from left to right.
 */
function signedFinder(forms: readonly SecretForm[]): (text: string, from: number) => Place | undefined {
  const bySign = Map.groupBy(forms, ([, { source }]) => /^\\?./.exec(source)?.[0] ?? "");
  const headed = [...bySign].map(([sign, those]) => `${sign}(?<=(?:${those.map(([head]) => head).join("|")})${sign})`);
  const anyHeaded = new RegExp(headed.join("|"), "g");
  const ways = forms.map(([head, { source }]) => `(?<=(?<head>${head}))${source}`);
  const anyForm = new RegExp(ways.join("|"), "y");
  return (text, from) => {
    anyHeaded.lastIndex = from;
    while (anyHeaded.test(text)) {
      const at = anyHeaded.lastIndex - 1;
      anyForm.lastIndex = at;
      const { 0: rest, groups } = anyForm.exec(text) ?? {};
      if (rest !== undefined) return { start: at - (groups?.head ?? "").length, end: at + rest.length };
    }
    return undefined;
  };
}

/** Makes what finds the next key without a sign from a place on. */
function wholeFinder(forms: readonly RegExp[]): (text: string, from: number) => Place | undefined {
  const anyForm = new RegExp(forms.map(({ source }) => source).join("|"), "g");
  return (text, from) => {
    anyForm.lastIndex = from;
    for (let found = anyForm.exec(text); found !== null; found = anyForm.exec(text)) {
      const [start, end] = [found.index, anyForm.lastIndex];
      const isKey = !found[0].startsWith("eyJ") || isWebToken(found[0]);
      if (isKey && !isInBlob(text, start, end)) return { start, end };
    }
    return undefined;
  };
}

/** Whether a text that begins as base64 of `{"` has two parts, or what headers of tokens begin with is in it. */
const isWebToken = (text: string): boolean => /^eyJ[\w-]{5,}\.[\w-]{5}|eyJ(?:hbGci|0eXAi|raWQi|lbmMi|jdHki)/.test(text);

const keyBlock =
  /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}(?:[\s\S]*?-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|[\s\S]*)/g;
const puttyLines = /(Private-Lines: ?\d{1,4}(?:\r?\n|\\r\\n|\\n))(?:[A-Za-z0-9+/=]{1,100}(?:\r?\n|\\r\\n|\\n|$))+/g;

/** Azure signs its keys with these, a few characters before the end of what looks like any base64. */
const azureSign = /\+A(?:Ba|CR|Eh|Rm|Sb|St)|A(?:CDb|IoT|zCa|zFu|zSe)|JQQJ9/;
const azureKey =
  /^[\w+/-]{32,80}(?:(?:\+A(?:Ba|CR|Eh|Rm|Sb|St)|A(?:CDb|IoT|zCa|zFu|zSe))[\w+/-]{6}|JQQJ9[A-Za-z0-9]{20,32})={0,2}$/;
const base64Word = /(?<!\\(?=[nr]))[\w+/-]{42,}={0,2}/g; // not with the letter of an escaped line end

/** Replaces what is longer or odder than a token; a key block without its end is taken to go on to the end of the text. */
function withoutBlocks(text: string): string {
  let clean = text;
  if (text.includes("PRIVATE KEY")) clean = clean.replace(keyBlock, redacted);
  if (text.includes("Private-Lines:")) clean = clean.replace(puttyLines, `$1${redacted}`);
  if (!azureSign.test(text)) return clean;
  return clean.replace(base64Word, (word, at: number, all: string) =>
    azureKey.test(word) && !isInBlob(all, at, at + word.length) ? redacted : word,
  );
}
