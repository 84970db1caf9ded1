/**
 * Which variables of an environment may hold a secret, by their names: what children do not inherit, and what
 * redaction is told to hide. Windows ignores the case of names, so every rule does.
 */

/** Names that belong to a service, or to what is kept secret: each begins with one of these and `_`. */
export const secretPrefixes: Readonly<Record<string, readonly string[]>> = {
  models: [
    ...["ANTHROPIC", "CLAUDE", "CODEX", "COHERE", "DEEPSEEK", "FIREWORKS", "GEMINI", "GROQ", "HF", "HUGGINGFACE"],
    ...["HUGGING_FACE", "LANGCHAIN", "LANGFUSE", "LANGSMITH", "MISTRAL", "OPENAI", "OPENROUTER", "PERPLEXITY"],
    ...["REPLICATE", "TOGETHER", "XAI"],
  ],
  clouds: [
    ...["AWS", "AZURE", "CF", "CLOUDFLARE", "CLOUDSDK", "DIGITALOCEAN", "FIREBASE", "FLY", "GCLOUD", "GCP", "GOOGLE"],
    ...["HEROKU", "NETLIFY", "S3", "SUPABASE", "VERCEL"],
  ],
  "code and its delivery": [
    ...["ACTIONS", "BITBUCKET", "BUILDKITE", "CIRCLE", "DOCKER", "GH", "GITHUB", "GITLAB", "KUBE", "KUBERNETES"],
    ...["NPM", "PYPI", "TWINE", "VAULT"],
  ],
  stores: [
    ...["AMQP", "DATABASE", "DB", "ELASTIC", "ELASTICSEARCH", "KAFKA", "MARIADB", "MONGO", "MONGODB", "MYSQL"],
    ...["POSTGRES", "POSTGRESQL", "RABBITMQ", "REDIS"],
  ],
  services: [
    ...["DATADOG", "DD", "DISCORD", "MAILGUN", "SENDGRID", "SENTRY", "SLACK", "SMTP", "STRIPE", "TELEGRAM", "TWILIO"],
  ],
  "kinds of secrets": [
    ...["AUTH", "CERT", "ENCRYPTION", "GPG", "JWT", "KEY", "OAUTH", "PEM", "PRIVATE", "SIGNING", "SSH"],
  ],
};

/** What stands in the name of a secret wherever it is kept. */
export const secretParts: readonly string[] = [
  ...["TOKEN", "SECRET", "PASSW", "PASSPHRASE", "PASSCODE", "CREDENTIAL", "APIKEY", "PRIVATEKEY", "ACCESSKEY"],
  "WEBHOOK",
];

/** What makes a name secret as a word of its own, between `_` or at either end. */
export const secretWords: readonly string[] = [
  "KEY",
  "KEYS",
  "PASS",
  "AUTH",
  "DSN",
  "PAT",
  "SALT",
  "SAS",
  "COOKIE",
  "COOKIES",
];

/**
 * Names by which programs know a password, or an address with one, that no other rule finds: in words, and as expressions.
 * `PWD` alone is the working directory.
 */
export const oddNames: Readonly<Record<string, string>> = {
  "end with `_PWD`": "_PWD$",
  "have `CONNECTIONSTRING` or `CONNECTION_STRING` anywhere": "CONNECTION_?STRING",
  "begin with `PGPASS`": "^PGPASS",
};

const tells = new RegExp(
  [secretParts.join("|"), `(?:^|_)(?:${secretWords.join("|")})(?:_|$)`, ...Object.values(oddNames)].join("|"),
  "i",
);

const belongs = new RegExp(`^(?:${Object.values(secretPrefixes).flat().join("|")})_`, "i");

/** Tells whether a variable's name says that a secret is in it: `DB_PASSWORD`, `clientSecret`. */
export const tellsSecret = (name: string): boolean => tells.test(name);

/** Tells whether a variable may hold a secret, by its name: it tells so, or belongs to a service that gives keys. */
export const isSecretVariable = (name: string): boolean => tells.test(name) || belongs.test(name);
