/** Secrets in addresses: a password before the host, a token in its place, signatures and keys among the parameters. */
import { redacted } from "./secret-names.ts";

// The class before each `:` or `@` does not hold that character, and none holds `/`, so that one address is looked at once.
const password = /(:\/\/[^\s/?#:@"'<>]*:)[^\s/?#"'<>]+@/g;
/** A password that was not escaped: with `/`, `?` or `#` in it. Digits and a slash after the colon are a port. */
const roughPassword = /(:\/\/[^\s/?#:@"'<>]*:)(?!\d{1,5}(?:[/?#]|$)|\[redacted\]@)[^\s@"'<>]{1,256}@/g;
const bareToken = /(:\/\/)[\w-]{20,}@/g;
const parameter =
  /([&?](?:key|sig|signature|x-amz-(?:signature|credential|security-token)|x-goog-signature)=)[^\s&"'<>#]{12,}/gi;

/** Addresses of other forms: `user:password@tcp(host)` of Go, `jdbc:oracle:thin:user/password@host`. */
const beforeNetwork = /(?<=(?:^|[\s"'`=])[\w.-]{1,64}:)[^\s"'`<>]{1,256}?(?=@(?:tcp|unix)\()/g;
const beforeOracle = /(?<=jdbc:oracle:\w{1,8}:[^\s/@"'<>]{1,64}\/)[^\s/@"'<>]{1,256}(?=@)/g;

/** Replaces what is secret in addresses: user, host and path stay. */
export function redactAddresses(text: string): string {
  let clean = text;
  if (text.includes("@tcp(") || text.includes("@unix(")) clean = clean.replace(beforeNetwork, redacted);
  if (text.includes("jdbc:oracle:")) clean = clean.replace(beforeOracle, redacted);
  if (!text.includes("://")) return clean;
  return clean
    .replace(password, `$1${redacted}@`)
    .replace(roughPassword, `$1${redacted}@`)
    .replace(bareToken, `$1${redacted}@`)
    .replace(parameter, `$1${redacted}`);
}
