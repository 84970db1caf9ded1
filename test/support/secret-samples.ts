/**
 * Keys as their owners give them, put together from parts: no text here is a key, so that none is found by those who
 * look for keys in repositories.
 */
import fc from "fast-check";
import { allForms, tokenRedaction } from "../../src/base/secret-tokens.ts";

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const hex = "0123456789abcdef";
const alphanumeric = upper + lower + digits;
const wide = `${alphanumeric}_-`;

/** One form of a key: a fixed beginning, characters by chance, a fixed end. */
export interface SecretSample {
  /** As in `secretForms` and `wholeForms`; else what it is. */
  readonly owner: string;
  readonly begin: string;
  readonly units: string;
  readonly length: number;
  readonly end: string;
}

const sample = (owner: string, begin: string, units: string, length: number, end = ""): SecretSample => {
  return { owner, begin, units, length, end };
};

const sk = "OpenAI, Anthropic, DeepSeek, OpenRouter and others";

/** Forms of `secretForms` and `wholeForms`: at least one of each owner. */
export const samplesOfForms: readonly SecretSample[] = [
  sample(sk, "sk-", alphanumeric, 48),
  sample(sk, "sk-", hex, 32, "0"),
  sample(sk, "sk-proj-", wide, 120),
  sample(sk, "sk-svcacct-", wide, 100),
  sample(sk, "sk-admin-", wide, 100),
  sample(sk, "sk-ant-api03-", wide, 93, "AA"),
  sample(sk, "sk-ant-oat01-", wide, 93, "AA"),
  sample(sk, "sk-or-v1-", hex, 64),
  sample("ElevenLabs", "sk_", hex, 48),
  sample("Fireworks", "fw_3", alphanumeric, 23),
  sample("Groq", "gsk_", alphanumeric, 52),
  sample("Hugging Face", "hf_", alphanumeric, 34),
  sample("LangSmith", "lsv2_pt_", hex, 32, "_0123456789"),
  sample("NVIDIA", "nvapi-", wide, 64),
  sample("Perplexity", "pplx-", alphanumeric, 48),
  sample("Pinecone", "pcsk_", `${alphanumeric}_`, 60),
  sample("Replicate", "r8_", alphanumeric, 37),
  sample("Tavily", "tvly-dev-", alphanumeric, 32, "7"),
  sample("Together", "tgp_v1_", wide, 43),
  sample("xAI", "xai-", alphanumeric, 80),
  sample("AWS", "AKIA", `${upper}234567`, 16),
  sample("AWS", "ASIA", `${upper}234567`, 16),
  sample("AWS", "ABSKQmVkcm9ja0FQSUtleS", alphanumeric, 90, "="),
  sample("AWS", "bedrock-api-key-", alphanumeric, 90, "=="),
  sample("Azure", "aB38Q~", `${alphanumeric}_~.-`, 34),
  sample("Cloudflare", "cfut_", alphanumeric, 40, "0a1b2c3d"),
  sample("Cloudflare", "cfat_", alphanumeric, 40, "0a1b2c3d"),
  sample("Cloudflare", "cfk_", alphanumeric, 40, "0a1b2c3d"),
  sample("Cloudflare", "v1.0-0123456789abcdef01234567-", hex, 146),
  sample("DigitalOcean", "dop_v1_", hex, 64),
  sample("Fly", "fm2_", `${alphanumeric}+/`, 60, "=="),
  sample("Google", "AIza", wide, 35),
  sample("Google", "AQ.Ab8", wide, 47),
  sample("Google", "ya29.", wide, 60),
  sample("Google", "GOCSPX-", wide, 28),
  sample("Google", "1//0", wide, 60),
  sample("Heroku", "HRKU-AA", wide, 58),
  sample("Netlify", "nfp_", alphanumeric, 36),
  sample("Supabase", "sbp_", hex, 40),
  sample("Supabase", "sb_secret_", wide, 31),
  sample("Vercel", "vcp_7", wide, 50),
  sample("Vercel", "vck_7", wide, 50),
  sample("Vercel", "vercel_blob_rw_", alphanumeric, 16, "_0123456789abcdef"),
  sample("Neon", "napi_", lower + digits, 64),
  sample("Neon", "npg_0", alphanumeric, 15),
  sample("PlanetScale", "pscale_tkn_", wide, 43),
  sample("MongoDB Atlas", "mdb_sa_sk_", wide, 40),
  sample("Databricks", "dapi", hex, 32, "-2"),
  ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map((begin) => sample("GitHub", begin, alphanumeric, 36)),
  sample("GitHub", "ghs_123456_", alphanumeric, 60, ".aaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbb"),
  sample("GitHub", "github_pat_11ABCDEFG0_", alphanumeric, 59),
  sample("GitLab", "glpat-", wide, 20),
  sample("GitLab", "glpat-", wide, 27, ".01.0w1x2y3z4"),
  sample("GitLab", "glrt-", wide, 20),
  sample("Buildkite", "bkua_", hex, 40),
  sample("CircleCI", "CCIPAT_", alphanumeric, 22, "_0123456789abcdef"),
  sample("Docker", "dckr_pat_", wide, 27),
  sample("npm", "npm_", alphanumeric, 36),
  sample("PyPI", "pypi-AgEIcHlwaS5vcmcC", wide, 150),
  sample("RubyGems", "rubygems_", hex, 48),
  sample("Postman", "PMAK-0123456789abcdef01234567-", hex, 34),
  sample("Pulumi", "pul-", hex, 40),
  sample("Terraform", "aB3dE6gH9jK2mN.atlasv1.", wide, 67),
  sample("Vault", "hvs.", wide, 90),
  sample("Doppler", "dp.st.dev_main.", alphanumeric, 43),
  sample("1Password", "ops_eyJ", alphanumeric, 120, "=="),
  sample("Tailscale", "tskey-auth-", alphanumeric, 12, "CNTRL-aB3dE6gH9jK2mN5pQ8"),
  sample("age", "AGE-SECRET-KEY-1", upper + digits, 58),
  sample("age", "AGE-SECRET-KEY-PQ-1", upper + digits, 58),
  sample("Grafana", "glsa_", alphanumeric, 32, "_01ab23cd"),
  sample("New Relic", "NRAK-", upper + digits, 27),
  sample("Sentry", "sntrys_eyJ", alphanumeric, 60, "=_aB3dE6gH9jK2mN5pQ8sT1vW4yZ"),
  sample("Sentry", "sntryu_", hex, 64),
  sample("Atlassian", "ATATT3xFfGF0", wide, 170, "=0A1B2C3D"),
  sample("Airtable", "pataB3dE6gH9jK2mN.", hex, 64),
  sample("Contentful", "CFPAT-", wide, 43),
  sample("Dropbox", "sl.u.", wide, 130),
  sample("Figma", "figd_", wide, 40),
  sample("HubSpot", "pat-na1-01234567-89ab-cdef-0123-", hex, 12),
  sample("Linear", "lin_api_", alphanumeric, 40),
  sample("Notion", "ntn_", alphanumeric, 46),
  sample("Notion", "secret_7", alphanumeric, 42),
  sample("Shopify", "shpat_", hex, 32),
  sample("Typeform", "tfp_", wide, 44),
  sample("Discord", "MTIzNDU2Nzg5MDEyMzQ1Njc4.aB3dE6.", wide, 38),
  sample("Discord", "discord.com/api/webhooks/123456789012345678/", wide, 68),
  ...["xoxa-", "xoxb-", "xoxe-", "xoxp-"].map((begin) => sample("Slack", `${begin}123456789012-`, alphanumeric, 24)),
  sample("Slack", "xapp-1-A012345-678-", hex, 64),
  sample("Slack", "hooks.slack.com/services/T000/B000/", alphanumeric, 24),
  sample("Telegram", "1234567890:AA", wide, 33),
  sample("Brevo", `xkeysib-${hex.repeat(4)}-`, alphanumeric, 16),
  sample("Resend", "re_7aB3dE6g_", alphanumeric, 24),
  sample("SendGrid", "SG.aB3dE6gH9jK2mN5pQ8sT1v.", wide, 43),
  sample("Twilio", "SK", hex, 32),
  sample("Braintree", "access_token$production$0123456789abcdef$", hex, 32),
  sample("Square", "sq0atp-", wide, 22),
  ...["sk_live_", "rk_live_", "sk_test_"].map((begin) => sample("Stripe", begin, alphanumeric, 24)),
  sample("Stripe", "whsec_", alphanumeric, 32),
  sample("JSON web tokens", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.", wide, 43),
];

/** Blocks, and keys that are known by more than their beginning. */
export const samplesOfBlocks: readonly SecretSample[] = [
  ...["", "RSA ", "EC ", "OPENSSH "].map((kind) =>
    sample("PEM", `-----BEGIN ${kind}PRIVATE KEY-----\n`, alphanumeric, 64, `\n-----END ${kind}PRIVATE KEY-----`),
  ),
  sample(
    "SSH2",
    "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n",
    alphanumeric,
    64,
    "\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
  ),
  sample("Azure storage", "aB3d", alphanumeric, 72, "+AStaB3dEg=="),
  sample("Azure service bus", "aB3", alphanumeric, 30, "+ASbaB3dEg="),
  sample("Azure search", "aB3", alphanumeric, 39, "AzSeaB3dEg"),
  sample("Azure AI", "aB3", alphanumeric, 49, "JQQJ99BAACAAAAAAAAAAAAACOGaB3d"),
  sample("New Relic license", "", hex, 32, "FFFFNRAL"),
];

/** Redaction that does not know the forms of one owner. */
export function blindTo(owner: string): (text: string) => string {
  const without = <Form>(forms: Readonly<Record<string, Form>>): Record<string, Form> =>
    Object.fromEntries(Object.entries(forms).filter(([name]) => name !== owner));
  return tokenRedaction({ signed: without(allForms.signed), whole: without(allForms.whole) });
}

/** A key and the part of it that nobody may see. */
export interface PlantedSecret {
  readonly text: string;
  readonly core: string;
}

/** Keys of a form, by chance. */
export function secretOf({ begin, units, length, end }: SecretSample): fc.Arbitrary<PlantedSecret> {
  return fc
    .array(fc.constantFrom(...units), { minLength: length, maxLength: length })
    .map((made) => ({ core: made.join(""), text: `${begin}${made.join("")}${end}` }));
}

/** The same key each time. */
export function fixedSecretOf({ begin, units, length, end }: SecretSample): PlantedSecret {
  const core = Array.from({ length }, (_, at) => units[(7 * at + (at >> 3) + 3) % units.length]).join("");
  return { core, text: `${begin}${core}${end}` };
}
