/** Names that say that what stands behind them is secret: of fields in data, of keys and headers in texts. */

/** What stands in the place of a secret. */
export const redacted = "[redacted]";

/** Matches a word in any case. Classes are several times faster here than the `i` flag, and every text is searched. */
const anyCase = (word: string): string => word.replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);
const anyOf = (words: readonly string[]): string => `(?:${words.map(anyCase).join("|")})`;
const joint = "[ _-]?";

/** What keys are called that are secret. */
export const keyWords: readonly string[] = [
  ...["api", "access", "account", "admin", "auth", "deploy", "encryption", "hmac", "master", "private", "secret"],
  ...["service", "signing", "subscription"],
];

/** Names that announce a secret and nothing else. */
const certain: readonly string[] = [
  anyOf(["password", "passwd", "passphrase", "passcode", "pwd", "authorization"]),
  `[_-]${anyOf(["pass", "auth", "token", "secret"])}`,
  `${anyOf(keyWords)}${joint}${anyCase("key")}`,
  `${anyOf(["access", "api", "auth", "authentication", "bearer", "id", "oauth", "private", "refresh", "security", "session"])}${joint}${anyCase("token")}`,
  `${anyOf(["app", "client", "consumer", "shared", "webhook"])}${joint}${anyCase("secret")}`,
];

/** Words that also stand in ordinary texts: "unexpected token: name". */
const uncertain = anyOf(["token", "secrets", "secret", "credentials", "credential", "jwt"]);

/** The source of an expression that finds a secret's name in a text; its end must be checked by what follows. */
export const secretNameSource: string = [...certain, uncertain].join("|");

const stem = new RegExp(
  anyOf(["auth", "basic", "bearer", "cookie", "cred", "jwt", "key", "pass", "pwd", "secre", "token"]),
);

/** Tells whether a text may hold a secret's name, a cookie or credentials: most texts are passed over by this look. */
export const mayNameSecret = (text: string): boolean => stem.test(text);

const onlyUncertain = new RegExp(`^${uncertain}$`);

/** Tells whether a name found by {@link secretNameSource} also stands in ordinary texts. */
export const isUncertainName = (name: string): boolean => onlyUncertain.test(name);

const secretField = new RegExp(
  [
    "(?:password|passwd|passphrase|passcode|(?<!^old|^)pwd|authorization|cookies?|secrets?|credentials?|jwt)$",
    `(?:${keyWords.join("|")})keys?$`,
    "(?<!page|next|continuation|max)token$",
  ].join("|"),
);

/** Names that were asked for before: data has few names, again and again. */
const known = new Map<string, boolean>();
const mostKnown = 1_000;

/** Tells whether a field of this name holds a secret: `apiKey`, `x-api-key`, `Set-Cookie`; not `tokens`, not `key`. */
export function isSecretField(name: string): boolean {
  const before = known.get(name);
  if (before !== undefined) return before;
  const is = name === "_auth" || secretField.test(name.replace(/[ ._-]/g, "").toLowerCase());
  if (known.size < mostKnown && name.length <= 100) known.set(name, is);
  return is;
}
