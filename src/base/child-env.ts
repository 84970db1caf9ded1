/**
 * The environment of a child process. A child never gets the parent's environment as it is: names on a short list are
 * passed or, when asked for, all that do not look like a secret; and its home is always a folder made for it.
 */
import { WinkError } from "./errors.ts";
import { redact } from "./redact.ts";
import { isSecretVariable } from "./secret-variables.ts";

/** Options of {@link childEnv}. */
export interface ChildEnvOptions {
  /** The parent's environment, such as `process.env`. */
  readonly from: Readonly<Record<string, string | undefined>>;
  /** The folder that is the child's home, made for it and removed after it. */
  readonly home: string;
  /** Variables that the child gets as they are, also when they are secrets. `HOME` is not one of them. */
  readonly add?: Readonly<Record<string, string>>;
  /** Passes on whatever of the parent's looks like no secret, not only the short list. */
  readonly inherit?: boolean;
}

/**
 * Makes the environment of a child process.
 * Throws `ENVIRONMENT_INVALID` for `HOME` in `add`, and for names and texts that no process can be given.
 */
export function childEnv(options: ChildEnvOptions): Record<string, string> {
  const { from, home, add = {}, inherit = false } = options;
  const env = new Map<string, string>();
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined || homeName.test(name) || problemOf(name, value) !== undefined) continue;
    if (passedName.test(name) || (inherit && !inHomeName.test(name) && !isSecret(name, value))) env.set(name, value);
  }
  for (const [name, value] of Object.entries(add)) {
    if (homeName.test(name)) throw invalid(name, "the child's home as `home`", "another home");
    env.set(name, checked(name, value));
  }
  if (home === "") throw invalid("HOME", "the path of a folder", "an empty text");
  env.set("HOME", checked("HOME", home));
  if (Object.keys(from).some((name) => /^USERPROFILE$/i.test(name))) env.set("USERPROFILE", home);
  return Object.fromEntries(env);
}

// Windows ignores the case of names, so every rule does. POSIX programs seldom have two names that differ by case only.

const anyOf = (names: readonly string[]): RegExp =>
  new RegExp(`^(?:${names.map((name) => name.replace(/[()]/g, "\\$&").replace("*", ".*")).join("|")})$`, "i");

/** The home itself, on Windows too. Whole names: `HOMEBREW_PREFIX` is none of them. */
export const homeNames: readonly string[] = ["HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH"];
const homeName = anyOf(homeNames);

/** Folders in the parent's home, where programs keep their logins. */
export const inHomeNames: readonly string[] = ["APPDATA", "LOCALAPPDATA", "XDG_*"];
const inHomeName = anyOf(inHomeNames);

/** What programs need to start at all, and no secret is kept in. */
export const passedNames: readonly string[] = [
  ...["PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_ADDRESS", "LC_COLLATE", "LC_CTYPE", "LC_IDENTIFICATION"],
  ...["LC_MEASUREMENT", "LC_MESSAGES", "LC_MONETARY", "LC_NAME", "LC_NUMERIC", "LC_PAPER", "LC_TELEPHONE", "LC_TIME"],
  ...["TZ", "TERM", "TMPDIR", "TMP", "TEMP"],
  ...["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)"],
  ...["COMMONPROGRAMFILES", "COMMONPROGRAMFILES(X86)", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "OS"],
];
const passedName = anyOf(passedNames);

/** Whether a variable may hold a secret: by its name, or because redaction finds one in its value. */
const isSecret = (name: string, value: string): boolean => isSecretVariable(name) || redact(value) !== value;

/** What would be right, and what came; undefined for what can be passed. */
function problemOf(name: string, value: string): readonly [expected: string, received: string] | undefined {
  if (name === "") return ["a name", "an empty text"];
  if (name.includes("=")) return ["a name without '='", "one that has it"];
  if (name.includes("\0")) return ["a name without NUL", "one that has it"];
  if (typeof value !== "string") return ["a text as its value", typeof value];
  return value.includes("\0") ? ["a value without NUL", "one that has it"] : undefined;
}

function checked(name: string, value: string): string {
  const problem = problemOf(name, value);
  if (problem !== undefined) throw invalid(name, ...problem);
  return value;
}

function invalid(name: string, expected: string, received: string): WinkError {
  return new WinkError("ENVIRONMENT_INVALID", {
    problem: "The child's environment cannot be made",
    at: JSON.stringify(name),
    expected,
    received,
    details: { name },
  });
}
