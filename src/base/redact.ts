/**
 * Takes secrets out of what leaves the process: errors, logs, what is told of a run. The patterns are those of known
 * providers and of names that say what stands behind them; hashes, commits and ids are left alone. Every repetition is
 * bounded, so the time grows with the length of the text only.
 */

/** What stands in the place of a secret. */
const redacted = "[redacted]";

/** Keys and tokens that show what they are by their own form. */
const formed: readonly RegExp[] = [
  /\bsk-(?:ant-|proj-|svcacct-|admin-)?[A-Za-z0-9_-]{16,512}/g, // OpenAI, Anthropic and compatible servers
  /\b(?:sk|rk|pk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,256}/g, // Stripe
  /\bgh[pousr]_[A-Za-z0-9]{16,255}/g, // GitHub
  /\bgithub_pat_[A-Za-z0-9_]{16,255}/g,
  /\bglpat-[A-Za-z0-9_-]{16,128}/g, // GitLab
  /\bxox[abeprs]-[A-Za-z0-9-]{10,255}/g, // Slack
  /\bxapp-[A-Za-z0-9-]{10,255}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, // AWS
  /\bAIza[A-Za-z0-9_-]{30,64}/g, // Google
  /\bya29\.[A-Za-z0-9_-]{20,512}/g,
  /\bnpm_[A-Za-z0-9]{30,64}/g,
  /\bhf_[A-Za-z0-9]{30,64}/g, // Hugging Face
  /\bdop_v1_[a-f0-9]{40,80}/g, // DigitalOcean
  /\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{4,8192}\.[A-Za-z0-9_-]{0,1024}/g, // JWT
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,20000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)/g,
];

/** Places that say that a secret follows; the first group stays. */
const announced: readonly RegExp[] = [
  /\b(Bearer\s{1,4})[A-Za-z0-9._~+/=-]{6,8192}/gi,
  /\b(Basic\s{1,4})[A-Za-z0-9+/=]{8,4096}/g,
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/?#@]{0,256}:)[^\s/?#@]{1,512}(?=@)/gi, // scheme://user:password@host
  /((?:^|[^A-Za-z0-9])(?:[A-Za-z0-9]{1,40}[_-]){0,4}(?:api[_-]?key|apikey|access[_-]?key|secret[_-]?key|private[_-]?key|client[_-]?secret|access[_-]?token|refresh[_-]?token|auth[_-]?token|session[_-]?token|id[_-]?token|token|password|passwd|passphrase|pwd|secret|credentials?)["']?\s{0,3}[:=]\s{0,3})(?:"[^"\n]{1,4096}"|'[^'\n]{1,4096}'|[^\s"',;&)}\]]{3,4096})/gi,
  /((?:^|[^A-Za-z0-9])(?:set-)?cookie["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"'][^"'\n]{0,4096}/gi,
  /((?:^|[^A-Za-z0-9])(?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?)(?!Bearer|Basic)[^\s"',]{4,4096}/gi,
];

/** A text in which none of these stands cannot hold a secret: most texts are passed over by this one look. */
const hint =
  /sk-|[srp]k_|whsec_|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|xapp-|AKIA|ASIA|AIza|ya29\.|npm_|hf_|dop_v1_|eyJ|PRIVATE KEY|bearer|basic |:\/\/|key|token|passw|passphrase|pwd|secret|credential|cookie|authorization/i;

/** Replaces the secrets in a text. Names that announce a secret and the text around it stay. */
export function redact(text: string): string {
  if (!hint.test(text)) return text;
  let clean = text;
  for (const pattern of formed) clean = clean.replace(pattern, redacted);
  for (const pattern of announced) clean = clean.replace(pattern, `$1${redacted}`);
  return clean;
}

/** Names of fields whose value is a secret whatever it looks like. */
const secretName =
  /^(?:.*[_-])?(?:authorization|cookie|password|passwd|passphrase|pwd|secret|credentials?|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|secret[_-]?key|client[_-]?secret)$|(?:Password|Secret|Token|ApiKey|AccessKey|PrivateKey|SecretKey)$/i;

/** Deeper data is cut off. */
const deepest = 64;

/**
 * Replaces the secrets in all texts of plain data, and whole values under names like `password`. Data without secrets is
 * given back as it is, not copied. What JSON cannot hold becomes text: errors their message, bigints and dates their form.
 */
export function redactDeep(value: unknown): unknown {
  return walk(value, 0, new Set());
}

function walk(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === "string") return redact(value);
  if (value === null || typeof value === "number" || typeof value === "boolean" || value === undefined) return value;
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object") return `[${typeof value}]`;
  if (above.has(value)) return "[circular]";
  if (depth >= deepest) return "[too deep]";
  above.add(value);
  try {
    return walkObject(value, depth, above);
  } finally {
    above.delete(value);
  }
}

function walkObject(value: object, depth: number, above: Set<object>): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => walk(item, depth + 1, above));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (value instanceof Error) return { name: value.name, message: redact(value.message) };
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Map) return walk(Object.fromEntries(value), depth, above);
  if (value instanceof Set) return walk([...value], depth, above);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  let changed = false;
  const fields = Object.entries(value).map(([name, inner]): readonly [string, unknown] => {
    const secret =
      (typeof inner === "string" || typeof inner === "object") &&
      inner !== null &&
      inner !== "" &&
      secretName.test(name);
    const clean = secret ? redacted : walk(inner, depth + 1, above);
    changed ||= clean !== inner;
    return [name, clean];
  });
  return changed ? Object.fromEntries(fields) : value;
}
