/**
 * Secrets that show what they are by their own form. Keys of real providers run into the text around them when texts
 * are put together carelessly, so few of the forms ask for a word's edge; their beginnings are rare enough without.
 *
 * Time grows with the length of the text only: a repetition without an upper bound stands at the end of its form, where
 * nothing after it can fail, or is ended by a character that it does not contain.
 */

import { redacted } from "./secret-names.ts";

const forms: readonly RegExp[] = [
  // OpenAI, Anthropic and compatible servers; "task-…", "disk-…" and the like are words, unless a whole key follows
  /(?<!\b(?:[Mm]a|(?:[Ss]ub)?[Tt]a|[DRdr]i|[Dd]e|[Kk]io))sk-(?:(?:ant|proj|svcacct|admin)-[\w-]{8,}|(?=[\w-]{0,64}\d)[\w-]{20,}|[A-Za-z0-9]{16,}[\w-]*)/,
  /sk-(?:(?:ant-api\d\d|proj|svcacct|admin)-)?(?=\w{0,40}\d)(?=\w{0,40}[A-Z])(?=\w{0,40}[a-z])\w{32,}[\w-]*/,
  /gh[oprsu]_(?:[A-Za-z0-9]{1,12}_)?[A-Za-z0-9]{16,}/, // GitHub
  /github_pat_\w{16,}/,
  /glpat-[\w-]{16,}/, // GitLab
  /xox[a-z]-[A-Za-z0-9-]{8,}/, // Slack
  /xapp-(?=[A-Za-z-]{0,40}\d)[A-Za-z0-9-]{10,}/,
  /hooks\.slack\.com\/services\/[\w/]{10,}/,
  /A[KS]IA[A-Z0-9]{16,}/, // AWS
  /AIza[\w-]{20,}/, // Google
  /ya29\.[\w-]{10,}/,
  /GOCSPX-[\w-]{16,}/,
  /[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/, // Stripe
  /whsec_[A-Za-z0-9+/=]{16,}/,
  /npm_[A-Za-z0-9]{20,}/,
  /hf_[A-Za-z0-9]{20,}/, // Hugging Face
  /gsk_[A-Za-z0-9]{20,}/, // Groq
  /xai-[A-Za-z0-9]{20,}/,
  /SG\.[\w-]{16,}\.[\w-]{16,}/, // SendGrid
  /dop_v1_[a-f0-9]{32,}/, // DigitalOcean
  /hvs\.[\w-]{20,}/, // Vault
  /AGE-SECRET-KEY-1[A-Z0-9]{20,}/,
  /eyJ[\w.-]{10,}/, // perhaps a JSON web token: `isWebToken` looks closer
];

const anyForm = new RegExp(forms.map(({ source }) => source).join("|"), "g");

const keyBlock =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\s\S]*)/g;

/** Replaces keys and tokens of known form; a key block without its end is taken to go on to the end of the text. */
export function redactTokens(text: string): string {
  const clean = text.includes("PRIVATE KEY") ? text.replace(keyBlock, redacted) : text;
  return clean.replace(anyForm, (found) => (found.startsWith("eyJ") && !isWebToken(found) ? found : redacted));
}

/** Whether a text that begins as base64 of `{"` has two parts, or what headers of tokens begin with is in it. */
const isWebToken = (text: string): boolean => /^eyJ[\w-]{5,}\.[\w-]{5}|eyJ(?:hbGci|0eXAi|raWQi|lbmMi|jdHki)/.test(text);
