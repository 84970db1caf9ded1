/**
 * Takes secrets out of what leaves the process: errors, logs, what is told of a run. Found are keys of known form, what
 * stands behind a secret's name, passwords in addresses, and what `hideSecretsOf` was told. Hashes, commits, ids and
 * long base64 are left alone.
 */
import { isInBlob } from "./base64-blob.ts";
import { withoutHidden } from "./hidden-values.ts";
import { redactAddresses } from "./secret-addresses.ts";
import { mayNameSecret, redacted, secretNameSource } from "./secret-names.ts";
import { redactPairs } from "./secret-pairs.ts";
import { redactTokens } from "./secret-tokens.ts";

/** Replaces the secrets in a text by `[redacted]`. Names that announce a secret and the text around it stay. */
export function redact(text: string): string {
  const whole = text.includes("is not valid JSON") ? text.replace(quotedByParser, "$1 is") : text;
  const clean = redactAddresses(redactTokens(withoutHidden(whole)));
  if (!mayNameSecret(clean)) return clean;
  return redactPairs(clean.replace(credentials, withoutCredentials)).replace(near, withoutNear);
}

/** What `JSON.parse` quotes of a text, cut in the middle of anything: a client may say it, or a tool. */
const quotedByParser =
  /(Unexpected token '[\s\S]{1,6}?'), (?:\.{3})?\\*"[\s\S]{0,99}?"(?:\.{3})? is(?= not valid JSON)/g;

// A piece of the value may look like a key, and has been replaced before.
const credentials =
  /\b([Bb]earer|BEARER|[Bb]asic|BASIC)([ \t]{1,4}|%20)([\w.~+/=-]*(?:\[redacted\][\w.~+/=-]*)+|[\w.~+/=-]{6,})/g;

function withoutCredentials(all: string, scheme: string, blank: string, value: string): string {
  if (value.includes(redacted)) return `${scheme}${blank}${redacted}`;
  const harmless = scheme.toLowerCase() === "basic" ? !isBasic(value) : isWords(value);
  return harmless ? all : `${scheme}${blank}${redacted}`;
}

const word = "(?:[A-Za-z][a-z]{0,15}|[A-Z]{2,16})";
/** Up to three words: "token", "authentication/authorization", "TOKEN". */
const words = new RegExp(`^${word}(?:[-_/.]${word}){0,2}\\.?$`);
const isWords = (text: string): boolean => words.test(text);

/** Whether a text is base64 of `user:password`, or too odd for a word. */
function isBasic(text: string): boolean {
  if (isWords(text) || !/^[A-Za-z0-9+/]+=*$/.test(text)) return false;
  if (/[0-9=]/.test(text) || text.length >= 24) return true;
  return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(atob(text.slice(0, text.length & ~3)));
}

// In hashes written as base64 there are such names by chance, with digits and signs around them.
const name = `(?<![0-9+=][A-Za-z]{0,20})(?:${secretNameSource})(?![A-Za-z])`;
const near = new RegExp(`${name}[^\\r\\n]{0,40}?(?<![A-Za-z0-9])([A-Za-z0-9]{32,})`, "g");
const upToName = new RegExp(`^.*${name}`);

/** A long text of letters and digits near a secret's name is one, unless it is a hash that is not called the secret. */
function withoutNear(all: string, value: string, at: number, text: string): string {
  const before = all.slice(0, -value.length);
  const between = before.replace(upToName, "");
  if (!/\d/.test(value) || between.includes(redacted)) return all;
  if (/^\d[A-Za-z0-9+/]*$/.test(between)) return all; // a hash as base64
  if (isInBlob(text, at, at + all.length)) return all;
  const isHash = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(value);
  if (isHash && !/^\W{0,4}(?:(?:is|was|key|token|value)\W{1,4}){0,2}$/.test(between)) return all;
  return before + redacted;
}
