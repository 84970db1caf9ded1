import { anObject } from "./check-options.ts";
import { WinkError } from "./errors.ts";
import { hideValuesOf } from "./hidden-values.ts";

/**
 * Hides the secrets of an environment, such as `process.env`, from all that is redacted.
 * They are the values of at least 8 characters of variables whose name tells that they are secret, and those of a
 * service's variables that look like a key: `AWS_REGION` stays. Words, numbers of tokens, paths and addresses are no
 * secrets; the password in an address is. Dispose of the result to forget them. Throws `INPUT_INVALID`, which shows no value.
 */
export function hideSecretsOf(env: Readonly<Record<string, string | undefined>>): Disposable {
  if (!anObject.fits(env)) throw wrong("hideSecretsOf", "variables and their values: { SECRET: value }", env);
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && typeof value !== "string") throw wrong(`hideSecretsOf, ${name}`, "text", value);
  return hideValuesOf(env);
}

const wrong = (at: string, expected: string, received: unknown): WinkError =>
  new WinkError("INPUT_INVALID", {
    at,
    problem: "Nothing of this could be hidden",
    expected,
    received: Array.isArray(received) ? "a list" : received === null ? "null" : typeof received,
  });
