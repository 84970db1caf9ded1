/** Tells a password or key from what only looks like one. */
import type { Hit } from "./rule.ts";

const named = "(?i)(passw(or)?d|secret|api_?-?key|access_?-?key|private_?-?key|auth_?-?token|token)";

/** What to search for: a name followed by a value, keys of known forms, and addresses with a password. */
export const secretPattern: string = [
  `${named}["']?\\s*(:=|[:=])\\s*["'\`]?[^\\s"'\`]{8,}`,
  `${named}\\s*:\\s*string\\s*=\\s*["'\`][^\\s"'\`]{8,}`,
  "\\bAKIA[0-9A-Z]{16}\\b",
  "-----BEGIN [A-Z ]*PRIVATE KEY-----",
  "[a-z][a-z0-9+]*://[^/\\s:@\"']+:[^@/\\s\"'$<{]{6,}@",
].join("|");

const value =
  /(?:passw(?:or)?d|secret|api_?-?key|access_?-?key|private_?-?key|auth_?-?token|token)["']?\s*(?:: string\s*=|:=|[:=])\s*(["'`]?)([^\s"'`,;]{8,})\1?(.*)$/i;
const standIn =
  /^(x+|\*+|\.+)$|example|change_?-?me|placeholder|your[_-]?|dummy|redacted|todo|insert|<|>|\$\{|\{\{|%\(|%s|\$\(|^\$|process\.env|os\.environ|getenv/i;

/** Whether a hit shows a value that somebody could use. */
export function isSecret({ path, line }: Hit): boolean {
  if (/\.env\.(example|sample|template|dist)$|\.(md|rst)$/i.test(path)) return false;
  if (/\bAKIA[0-9A-Z]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n|\s*$)/.test(line)) return !/EXAMPLE/.test(line);
  const address = /:\/\/[^/\s:@"']+:([^@/\s"'$<{]{6,})@/.exec(line);
  if (address !== null) return !standIn.test(address[1] ?? "") && !/^(pass|pwd|secret)/i.test(address[1] ?? "");
  const found = value.exec(line);
  if (found === null) return false;
  const [, quote, text = "", rest = ""] = found;
  if (standIn.test(text) || /^["'`]?\s*\+/.test(rest)) return false;
  return quote === "" ? isBare(path, line) && isRandom(text) : isRandom(text);
}

/** Values without quotes are texts in configuration only; in code they are names and calls. */
const isBare = (path: string, line: string): boolean =>
  /(^|\/)\.env(\.|$)|\.(ya?ml|ini|cfg|properties|toml)$/i.test(path) ||
  /^\s*(export\s+|ENV\s+)?[A-Z][A-Z0-9_]*=/.test(line);

/** Words are names of things (`access_token`, `X-Api-Key`, `urn:a:b`); secrets mix letters, digits and signs. */
function isRandom(text: string): boolean {
  if (/^[./~?]|^https?:|^urn:|[()[\]]/.test(text)) return false;
  return /\d/.test(text) ? /[a-z]/i.test(text) || text.length >= 12 : /[^A-Za-z0-9._:/?-]/.test(text);
}
