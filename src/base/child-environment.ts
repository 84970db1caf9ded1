/**
 * The environment of a child process. A child never gets the parent's environment as it is: names on a short list are
 * passed or, when asked for, all that do not look like a secret; and its home is always a folder made for it.
 */
import { WinkError } from "./errors.ts";
import { redact } from "./redact.ts";

/** Options of {@link childEnvironment}. */
export interface ChildEnvironmentOptions {
  /** The parent's environment. */
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
export function childEnvironment(options: ChildEnvironmentOptions): Record<string, string> {
  const { from, home, add = {}, inherit = false } = options;
  const env = new Map<string, string>();
  for (const [name, value] of Object.entries(from)) {
    if (value === undefined || homeName.test(name) || problemOf(name, value) !== undefined) continue;
    if (passedName.test(name) || (inherit && !inHomeName.test(name) && !isSecret(name, value))) env.set(name, value);
  }
  for (const [name, value] of Object.entries(add)) {
    if (homeName.test(name)) throw invalid(name, "the child's home is given as `home` and cannot be replaced");
    env.set(name, checked(name, value));
  }
  if (home === "") throw invalid("HOME", "the home of a child is an empty text");
  env.set("HOME", checked("HOME", home));
  if (Object.keys(from).some((name) => /^USERPROFILE$/i.test(name))) env.set("USERPROFILE", home);
  return Object.fromEntries(env);
}

// Windows ignores the case of names, so every rule does. POSIX programs seldom have two names that differ by case only.

/** The home itself, on Windows too. */
const homeName = /^(?:HOME|USERPROFILE|HOMEDRIVE|HOMEPATH)$/i;
/** Folders in the parent's home, where programs keep their logins. */
const inHomeName = /^(?:APPDATA|LOCALAPPDATA|XDG_.*)$/i;

/** What programs need to start at all, and no secret is kept in. */
const passedName =
  /^(?:PATH|LANG|LANGUAGE|LC_(?:ALL|ADDRESS|COLLATE|CTYPE|IDENTIFICATION|MEASUREMENT|MESSAGES|MONETARY|NAME|NUMERIC|PAPER|TELEPHONE|TIME)|TZ|TERM|TMPDIR|TMP|TEMP|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|PROGRAMDATA|PROGRAMFILES(?:\(X86\))?|COMMONPROGRAMFILES(?:\(X86\))?|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE|OS)$/i;

/** Names that belong to a service, or to what is kept secret: each begins with one of these and `_`. */
const secretPrefixes: readonly string[] = [
  ...["ANTHROPIC", "CLAUDE", "CODEX", "COHERE", "DEEPSEEK", "FIREWORKS", "GEMINI", "GROQ", "HF", "HUGGINGFACE"],
  ...["HUGGING_FACE", "LANGCHAIN", "LANGFUSE", "LANGSMITH", "MISTRAL", "OPENAI", "OPENROUTER", "PERPLEXITY"],
  ...["REPLICATE", "TOGETHER", "XAI"], // models
  ...["AWS", "AZURE", "CF", "CLOUDFLARE", "CLOUDSDK", "DIGITALOCEAN", "FIREBASE", "FLY", "GCLOUD", "GCP", "GOOGLE"],
  ...["HEROKU", "NETLIFY", "S3", "SUPABASE", "VERCEL"], // clouds
  ...["ACTIONS", "BITBUCKET", "BUILDKITE", "CIRCLE", "DOCKER", "GH", "GITHUB", "GITLAB", "KUBE", "KUBERNETES"],
  ...["NPM", "PYPI", "TWINE", "VAULT"], // code and its delivery
  ...["AMQP", "DATABASE", "DB", "ELASTIC", "ELASTICSEARCH", "KAFKA", "MARIADB", "MONGO", "MONGODB", "MYSQL"],
  ...["POSTGRES", "POSTGRESQL", "RABBITMQ", "REDIS"], // stores
  ...["DATADOG", "DD", "DISCORD", "MAILGUN", "SENDGRID", "SENTRY", "SLACK", "SMTP", "STRIPE", "TELEGRAM", "TWILIO"],
  ...["AUTH", "CERT", "ENCRYPTION", "GPG", "JWT", "KEY", "OAUTH", "PEM", "PRIVATE", "SIGNING", "SSH"],
];

const secretName = new RegExp(
  [
    `^(?:${secretPrefixes.join("|")})_`,
    "TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|APIKEY|PRIVATEKEY|ACCESSKEY", // anywhere
    "(?:^|_)(?:KEYS?|PASS|AUTH|DSN|PAT|COOKIES?)(?:_|$)", // a word of its own
    "_PWD$|CONNECTION_?STRING|^PGPASS", // PWD alone is the working directory
  ].join("|"),
  "i",
);

/** Whether a variable may hold a secret: by its name, or because redaction finds one in its value. */
const isSecret = (name: string, value: string): boolean => secretName.test(name) || redact(value) !== value;

function problemOf(name: string, value: string): string | undefined {
  if (name === "") return "a name is empty";
  if (name.includes("=")) return "the name has a '='";
  if (name.includes("\0")) return "the name has a NUL";
  if (typeof value !== "string") return "the value is not a text";
  return value.includes("\0") ? "the value has a NUL" : undefined;
}

function checked(name: string, value: string): string {
  const problem = problemOf(name, value);
  if (problem !== undefined) throw invalid(name, problem);
  return value;
}

function invalid(name: string, problem: string): WinkError {
  return new WinkError("ENVIRONMENT_INVALID", {
    problem: `The child's environment cannot be made: ${problem}`,
    at: JSON.stringify(name),
    details: { name },
  });
}
