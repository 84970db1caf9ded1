/**
 * The forms of keys and tokens that show by themselves what they are, under the names of who gives them. Only forms that
 * nothing else has: what may be a hash, an id or a word is left to the name that announces it.
 *
 * Keys run into the text around them when texts are put together carelessly, so few of the forms ask for a word's edge;
 * their beginnings are rare enough without. Time grows with the length of the text only: a repetition without an upper
 * bound stands at the end of its form, where nothing after it can fail, or is ended by a character that it does not contain.
 */

/** A form: what stands before the first sign that is rare in texts, and that sign with all behind it. */
export type SecretForm = readonly [head: string, rest: RegExp];

// "task-…", "disk-…" and the like are words, unless a whole key follows.
const noWord = /(?<!\b(?:[Mm]a|(?:[Ss]ub)?[Tt]a|[DRdr]i|[Dd]e|[Kk]io))sk/.source;
const wholeKey =
  /-(?:(?:ant-api\d\d|proj|svcacct|admin)-)?(?=\w{0,40}\d)(?=\w{0,40}[A-Z])(?=\w{0,40}[a-z])\w{32,}[\w-]*/;

/** The forms by their owners. */
export const secretForms: Readonly<Record<string, readonly SecretForm[]>> = {
  "OpenAI, Anthropic, DeepSeek, OpenRouter and others": [
    [noWord, /-(?:(?:ant|proj|svcacct|admin)-[\w-]{8,}|(?=[\w-]{0,64}\d)[\w-]{20,}|[A-Za-z0-9]{16,}[\w-]*)/],
    ["sk", wholeKey],
  ],
  ElevenLabs: [["sk", /_[a-f0-9]{48,}/]],
  Fireworks: [["fw", /_(?=[A-Za-z]{0,60}\d)[A-Za-z0-9]{20,}/]],
  Groq: [["gsk", /_[A-Za-z0-9]{20,}/]],
  "Hugging Face": [["hf", /_[A-Za-z0-9]{20,}/]],
  LangSmith: [["lsv2", /_[a-z]{2}_[a-f0-9]{32,}(?:_[a-f0-9]+)?/]],
  NVIDIA: [["nvapi", /-[\w-]{32,}/]],
  Perplexity: [["pplx", /-[A-Za-z0-9]{32,}/]],
  Pinecone: [["pcsk", /_\w{40,}/]],
  Replicate: [["r8", /_[A-Za-z0-9]{30,}/]],
  Tavily: [["tvly", /-(?=[A-Za-z-]{0,60}\d)[A-Za-z0-9-]{20,}/]],
  Together: [["tgp", /_v1_[\w-]{32,}/]],
  xAI: [["xai", /-[A-Za-z0-9]{20,}/]],
  AWS: [["bedrock", /-api-key-[\w+/=-]{32,}/]],
  Azure: [["[\\w~.]{3}\\dQ", /~[\w~.-]{31,}/]],
  Cloudflare: [
    ["cf(?:k|ut|at)", /_[A-Za-z0-9]{40,}/],
    ["v1", /\.0-[a-f0-9]{24}-[a-f0-9]{100,}/],
  ],
  DigitalOcean: [["do[por]", /_v1_[a-f0-9]{32,}/]],
  Fly: [["fm[12][ar]?", /_[\w+/=-]{40,}/]],
  Google: [
    ["AQ", /\.Ab[\w-]{40,}/],
    ["ya29", /\.[\w-]{10,}/],
    ["GOCSPX", /-[\w-]{16,}/],
  ],
  Heroku: [["HRKU", /-[\w-]{32,}/]],
  Netlify: [["nf[bcopu]", /_[A-Za-z0-9]{36,}/]],
  Supabase: [
    ["sbp", /_(?:v0_)?[a-f0-9]{40,}/],
    ["sb", /_secret_[\w-]{20,}/],
  ],
  Vercel: [
    ["vc[acikpr]", /_(?=[A-Za-z_-]{0,60}\d)[\w-]{24,}/],
    ["vercel", /_blob_rw_\w{20,}/],
  ],
  Neon: [
    ["napi", /_[a-z0-9]{60,}/],
    ["npg", /_(?=[A-Za-z]{0,60}\d)[A-Za-z0-9]{12,}/],
  ],
  PlanetScale: [["pscale", /_(?:tkn|oauth|pw)_[\w.=-]{32,}/]],
  "MongoDB Atlas": [["mdb", /_sa_sk_[\w-]{32,}/]],
  GitHub: [
    ["gh[oprsu]", /_(?:[A-Za-z0-9]{1,12}_)?[A-Za-z0-9]{16,}(?:\.[\w-]{16,}){0,2}/],
    ["github", /_pat_\w{16,}/],
  ],
  GitLab: [["gl(?:pat|oas|dt|rtr?|cbt|ptt|ft|imt|agent|wt|soat|ffct)", /-[\w-]{16,}(?:\.[a-z0-9]{2,}){0,2}/]],
  Buildkite: [["bk(?:ua|aj|ct)", /_[a-f0-9]{40,}/]],
  CircleCI: [["CCIPAT", /_\w{20,}/]],
  Docker: [["dckr", /_[op]at_[\w-]{20,}/]],
  npm: [["npm", /_[A-Za-z0-9]{20,}/]],
  PyPI: [["pypi", /-Ag[\w-]{40,}/]],
  RubyGems: [["rubygems", /_[a-f0-9]{40,}/]],
  Postman: [["PMAK", /-[a-f0-9]{24}-[a-f0-9]{30,}/]],
  Pulumi: [["pul", /-[a-f0-9]{40,}/]],
  Terraform: [["[A-Za-z0-9]{14}\\.atlasv1", /\.[\w-]{40,}/]],
  Vault: [["hv[brs]", /\.[\w-]{20,}/]],
  Doppler: [["dp", /\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{1,40}\.)?[A-Za-z0-9]{40,}/]],
  "1Password": [["ops", /_eyJ[\w+/=-]{40,}/]],
  Tailscale: [["tskey", /-[a-z]{3,10}-[\w-]{16,}/]],
  age: [["AGE", /-SECRET-KEY-(?:[A-Z]{1,8}-)?1[A-Z0-9]{20,}/]],
  Grafana: [["gl(?:sa|c)", /_[\w+/=-]{32,}/]],
  "New Relic": [
    ["NR(?:AK|II|JS|AA|RA|BR)", /-[\w-]{20,}/],
    ["[a-z0-9]{32}[A-Fa-f0-9]{4}NRA", /L/],
  ],
  Sentry: [["sntry[su]", /_[\w+/=-]{40,}/]],
  Airtable: [["pat[A-Za-z0-9]{14}", /\.[a-f0-9]{64}/]],
  Contentful: [["CFPAT", /-[\w-]{40,}/]],
  Dropbox: [["sl", /\.(?:u\.)?[\w-]{100,}/]],
  Figma: [["figd", /_[\w-]{20,}/]],
  HubSpot: [["pat", /-[a-z]{2}\d-[0-9a-f]{8}-[0-9a-f-]{20,}/]],
  Linear: [["lin", /_(?:api|oauth)_[A-Za-z0-9]{32,}/]],
  Notion: [
    ["ntn", /_[A-Za-z0-9]{40,}/],
    ["secret", /_(?=[A-Za-z]{0,60}\d)[A-Za-z0-9]{40,}/],
  ],
  Shopify: [["shp(?:at|ca|pa|ss|ua)", /_[A-Fa-f0-9]{32,}/]],
  Typeform: [["tfp", /_[\w-]{40,}/]],
  Discord: [
    ["[MNO][\\w-]{23,27}", /\.[\w-]{6}\.[\w-]{27,}/],
    ["discord(?:app)?", /\.com\/api\/webhooks\/[\w/-]{20,}/],
  ],
  Slack: [
    ["xox[a-z]", /-[A-Za-z0-9-]{8,}/],
    ["xapp", /-(?=[A-Za-z-]{0,40}\d)[A-Za-z0-9-]{10,}/],
    ["hooks", /\.slack\.com\/(?:services|triggers|workflows)\/[\w/]{10,}/],
  ],
  Telegram: [["\\d{8,10}", /:AA[\w-]{32,}/]],
  Brevo: [["x(?:keysib|smtpsib)", /-[a-f0-9]{64}-[A-Za-z0-9]{16,}/]],
  Resend: [["re", /_(?=[A-Za-z_]{0,40}\d)[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}/]],
  SendGrid: [["SG", /\.[\w-]{16,}\.[\w-]{16,}/]],
  Braintree: [["access", /_token\$\w{1,20}\$[a-z0-9]{16}\$[a-f0-9]{32}/]],
  Square: [["sq0(?:atp|csp)", /-[\w-]{22,}/]],
  Stripe: [
    ["[rs]k", /_(?:org_)?(?:live|prod|test)_[A-Za-z0-9]{16,}/],
    ["whsec", /_[A-Za-z0-9+/=]{16,}/],
  ],
};

/** The forms that have no such sign. */
export const wholeForms: Readonly<Record<string, readonly RegExp[]>> = {
  AWS: [/A[KS]IA[A-Z0-9]{16,}/, /ABSKQmVkcm9ja[A-Za-z0-9+/=]{20,}/],
  Google: [/AIza[\w-]{20,}/, /1\/\/0[\w-]{40,}/],
  Atlassian: [/AT[AC]TT3[\w=-]{40,}/],
  Databricks: [/dapi[a-f0-9]{32,}(?:-\d)?/],
  Twilio: [/SK[a-f0-9]{32}/],
  "JSON web tokens": [/eyJ[\w.-]{10,}/], // perhaps one: `secret-tokens.ts` looks closer
};
