import { describe, expect, it } from "vitest";
import { redact } from "./index.ts";

const digits = "0123456789abcdefABCDEF0123456789abcdefABCDEF";

describe("keys and tokens of known form", () => {
  it.each([
    ["OpenAI", "sk-aaaaaaaaaaaaaaaaaaaaaaaa"],
    ["OpenAI, with digits and dashes", "sk-1a2b-3c4d_5e6f-7g8h-9i0j"],
    ["OpenAI, for a project", `sk-proj-${digits}`],
    ["OpenAI, for a service account", "sk-svcacct-abcdefgh"],
    ["OpenAI, for an administrator", "sk-admin-abcdefgh"],
    ["Anthropic", "sk-ant-api03-x1Y2_x1Y2_x1Y2-x1Y2_x1Y2_x1Y2_x1Y2_x1Y2_AA"],
    ["GitHub", "ghp_Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9"],
    ["GitHub, OAuth", `gho_${digits.slice(0, 36)}`],
    ["GitHub, user", `ghu_${digits.slice(0, 36)}`],
    ["GitHub, server", `ghs_${digits.slice(0, 36)}`],
    ["GitHub, refresh", `ghr_${digits.slice(0, 36)}`],
    ["GitHub, of an app", `ghs_123456_${digits.slice(0, 36)}`],
    ["GitHub, fine-grained", `github_pat_11ABCDEFG0_${digits}`],
    ["GitLab", "glpat-abc_DEF-1234567890xyz"],
    ["Slack, bot", "xoxb-123456789012-abcDEF"],
    ["Slack, app", "xapp-1-A012345-678-abcdef"],
    ["Slack, hook", "hooks.slack.com/services/T000/B000/XXXXXXXX"],
    ["AWS", "AKIAABCDEFGH12345678"],
    ["AWS, temporary", "ASIAABCDEFGHIJKLMNOP"],
    ["Google", `AIza${digits.slice(0, 35)}`],
    ["Google, access", "ya29.a0AfH6SMBx-y_z0123"],
    ["Google, client", "GOCSPX-abcdefghij_KLMNOP-qr"],
    ["Stripe", "sk_live_0123456789abcdefABCDEF01"],
    ["Stripe, restricted", "rk_test_0123456789abcdefABCDEF01"],
    ["Stripe, webhook", "whsec_0123456789abcdef+/ABCDEF=="],
    ["npm", `npm_${digits.slice(0, 36)}`],
    ["Hugging Face", "hf_abcdefghijABCDEFGHIJklmnopqrstuvwx"],
    ["Groq", `gsk_${digits}`],
    ["xAI", `xai-${digits}`],
    ["SendGrid", "SG.abcdefghijklmnop_-1234.abcdefghijklmnop_-1234567890"],
    ["DigitalOcean", `dop_v1_${"0123456789abcdef".repeat(4)}`],
    ["Vault", "hvs.CAESIabcdefghij_-klmnop"],
    ["age", "AGE-SECRET-KEY-1QQPQQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQ"],
    ["JSON web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-part_abc"],
    ["JSON web token, cut off", "eyJhbGciOiJIUzI1NiJ9"],
    ["JSON web token, behind another text", "eyJa.eyJhbGciOiJIUzI1NiJ9.eyJ9"],
    ["JSON web token, of odd header", "eyJ4eXoiOiIxIn0.eyJzdWIiOiIxIn0."],
  ])("%s", (_of, secret) => {
    expect(redact(secret)).toBe("[redacted]");
    expect(redact(`bad key ${secret} used`)).toBe("bad key [redacted] used");
    expect(redact(`("${secret}")`)).toBe('("[redacted]")');
    for (const before of ["x", "Q", "7", "_", "-", ".", "/", "%3D", "é"]) {
      expect(redact(`${before}${secret}`), before).toBe(`${before}[redacted]`);
    }
  });

  it("finds several in one text", () => {
    expect(redact("sk-aaaaaaaaaaaaaaaaaaaaaaaa, AKIAABCDEFGH12345678!")).toBe("[redacted], [redacted]!");
  });

  it.each(["RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "PGP ", ""])("private key blocks of kind %j", (kind) => {
    const block = kind === "PGP " ? " BLOCK" : "";
    const key = `-----BEGIN ${kind}PRIVATE KEY${block}-----\nMIIB/ab+c==\n\n-----END ${kind}PRIVATE KEY${block}-----`;
    expect(redact(`a\n${key}\nb\n${key}\nc`)).toBe("a\n[redacted]\nb\n[redacted]\nc");
    expect(redact(JSON.stringify({ pem: key, n: 1 }))).toBe('{"pem":"[redacted]","n":1}');
    expect(redact(`a ${key.slice(0, -20)}`)).toBe("a [redacted]");
  });

  it("keys glued to a word that ends as they begin", () => {
    expect(redact(`task-${"aB3dE6gH".repeat(5)}`)).toBe("ta[redacted]");
    expect(redact(`disk-ant-api03-${"aB3dE6gH".repeat(5)}`)).toBe("di[redacted]");
  });
});

describe("passwords and tokens in addresses", () => {
  it.each([
    ["https://user:hunter2@host/path?a=b", "https://user:[redacted]@host/path?a=b"],
    ["redis://:hunter2@cache:6379/0", "redis://:[redacted]@cache:6379/0"],
    ["mongodb+srv://u:p%40ss@h1,h2/db", "mongodb+srv://u:[redacted]@h1,h2/db"],
    ["postgres://user:p/w?x#y@host/db", "postgres://user:[redacted]@host/db"],
    ["a https://u:one@h b https://u:two@h c", "a https://u:[redacted]@h b https://u:[redacted]@h c"],
    ["https://0123456789abcdef0123456789abcdef@sentry.example/1", "https://[redacted]@sentry.example/1"],
    ["https://h/p?X-Amz-Signature=0123456789abcdef&a=b", "https://h/p?X-Amz-Signature=[redacted]&a=b"],
    ["https://h/p?a=b&sig=0123456789abcdef#c", "https://h/p?a=b&sig=[redacted]#c"],
    ["jdbc:postgresql://h/db?user=me&password=hunter2&a=b", "jdbc:postgresql://h/db?user=me&password=[redacted]&a=b"],
    [
      "jdbc:sqlserver://h:1433;user=sa;password=Hunter!2;a=b",
      "jdbc:sqlserver://h:1433;user=sa;password=[redacted];a=b",
    ],
    ["jdbc:oracle:thin:scott/tiger@//h:1521/s", "jdbc:oracle:thin:scott/[redacted]@//h:1521/s"],
    ["jdbc:oracle:oci8:scott/tiger@h", "jdbc:oracle:oci8:scott/[redacted]@h"],
    ["me:hun@ter:2@tcp(h:3306)/db", "me:[redacted]@tcp(h:3306)/db"],
    ["dsn='me:hunter2@unix(/tmp/s)/db'", "dsn='me:[redacted]@unix(/tmp/s)/db'"],
    ["a:b2@tcp(h)/d jdbc:oracle:thin:scott/tiger@//h", "a:[redacted]@tcp(h)/d jdbc:oracle:thin:scott/[redacted]@//h"],
    ["amqps://me:hunter2@h/v", "amqps://me:[redacted]@h/v"],
    ["https://h/c?sv=2024&sig=abcdefghijkl%3D&se=1", "https://h/c?sv=2024&sig=[redacted]&se=1"],
    ["https://h/p?api_key=abc&x=1&access_token=def", "https://h/p?api_key=[redacted]&x=1&access_token=[redacted]"],
  ])("%s", (text, clean) => expect(redact(text)).toBe(clean));

  it.each([
    "http://localhost:4873/@scope/package",
    "jdbc:oracle:thin:@//h:1521/s, jdbc:sqlite:/tmp/a@b",
    "listen on a@tcp(h:1), at time 12:30 @tcp(h:2)",
    "ssh://git@github.com/owner/name.git",
    "https://example.com:8080/a:b@c",
    "https://example.com/?key=primary&page=2",
    "mailto:somebody@example.com",
  ])("not in %s", (text) => expect(redact(text)).toBe(text));
});

describe("credentials in headers", () => {
  it.each([
    ["Authorization: Bearer abc123 next", "Authorization: Bearer [redacted] next"],
    ["authorization: bearer abc123", "authorization: bearer [redacted]"],
    ['"Authorization": "Basic dXNlcjpwYXNz"', '"Authorization": "Basic [redacted]"'],
    ["Proxy-Authorization: Basic dXNlcjpwYXNz", "Proxy-Authorization: Basic [redacted]"],
    ["Authorization: token abc123def", "Authorization: token [redacted]"],
    ["Authorization: abc123def", "Authorization: [redacted]"],
    ['Authorization: Digest username="x", response="abc"\nnext', "Authorization: [redacted]\nnext"],
    ["sent Bearer a.b-c_d~e+f/g=", "sent Bearer [redacted]"],
    ["BEARER%20abcdef1", "BEARER%20[redacted]"],
    ["used Basic dXNlcjpwYXNz here", "used Basic [redacted] here"],
    ["used Basic dXNlcjpwYXNzd29yZA== here", "used Basic [redacted] here"],
    ["used Basic dXNlcjpwYXNzd here", "used Basic [redacted] here"],
    ["used Basic aBcDeFgHiJkLmNoPqRsTuVwX here", "used Basic [redacted] here"],
    ["used Basic abcdefg= here", "used Basic [redacted] here"],
    ["used Basic abcdefg7 here", "used Basic [redacted] here"],
    ["used bearer a-b-c-d", "used bearer [redacted]"],
    ["used BEARER AUTH9X", "used BEARER [redacted]"],
    ["used Bearer abcdef-9", "used Bearer [redacted]"],
    ["used Bearer abCdef", "used Bearer [redacted]"],
    ["used Bearer ab/[redacted]cd.ef", "used Bearer [redacted]"],
    ["Cookie: sid=abc; theme=dark\nnext", "Cookie: [redacted]\nnext"],
    ["Set-Cookie: sid=abc; HttpOnly; Path=/", "Set-Cookie: [redacted]"],
    ['{"cookie":"sid=abc","a":1}', '{"cookie":"[redacted]","a":1}'],
    ["X-Api-Key: abc123", "X-Api-Key: [redacted]"],
  ])("%s", (text, clean) => expect(redact(text)).toBe(clean));

  it.each([
    "the bearer of bad news, Bearer token, bearer tokens/keys, BEARER TOKEN.",
    "Basic authentication, Basic authentication/authorization, basic TypeScript, BASIC LANGUAGE, basic understanding.",
    "Bearer Token-Type_Value, BEARER AUTH-TOKEN/KEY, Bearer x-ray.",
    "Basic run-1234-abcd, basic abcdefg-=, basic =abcdefg, Basic aBcDeFgHiJkLmNoPqRsTuVw",
    "Basic gIDDOmFi, Basic YWJjOmHDw", // a colon in them, but no texts
    "Authorization: required",
    "cookie: none; cookies: 5; Cookie jar",
  ])("not in %j", (text) => expect(redact(text)).toBe(text));
});

describe("values behind the name of a secret", () => {
  it.each([
    ["<password>hunter2</password>", "<password>[redacted]</password>"],
    ["<wsse:Password>hunter2</wsse:Password>", "<wsse:Password>[redacted]</wsse:Password>"],
    ['["mysql","--password","hunter2","-v"]', '["mysql","--password","[redacted]","-v"]'],
    ["['run', '--api-key', 'a b', '-v']", "['run', '--api-key', '[redacted]', '-v']"],
    ['[\\"--token\\",\\"abc\\"]', '[\\"--token\\",\\"[redacted]\\"]'],
    ["SharedAccessKeyName=Root;SharedAccessKey=abc+/=", "SharedAccessKeyName=Root;SharedAccessKey=[redacted]"],
    [
      "serviceKey=abc deploy_key: abc1 HMAC-Key=abc adminKey='abc'",
      "serviceKey=[redacted] deploy_key: [redacted] HMAC-Key=[redacted] adminKey='[redacted]'",
    ],
    ["api_key: 0123456789abcdef0123456789abcdefXYZ", "api_key: [redacted]"],
    ["OPENAI_API_KEY=abc DB_PASS=hunter2 x", "OPENAI_API_KEY=[redacted] DB_PASS=[redacted] x"],
    ["GITHUB_TOKEN: abcdefg", "GITHUB_TOKEN: [redacted]"],
    ['{"password":"hunter2","a":1}', '{"password":"[redacted]","a":1}'],
    ['{\\"password\\":\\"hunter2\\",\\"a\\":1}', '{\\"password\\":\\"[redacted]\\",\\"a\\":1}'],
    ['{"apiKey": "a\\"b\\\\", "c": 1}', '{"apiKey": "[redacted]", "c": 1}'],
    ["{'client_secret': 'abc def', 'x': 1}", "{'client_secret': '[redacted]', 'x': 1}"],
    ["password: hunter2, user: x", "password: [redacted], user: x"],
    ["(passwd=hunter2)", "(passwd=[redacted])"],
    ["Server=db;User Id=me;Password=a;b!c;Database=x", "Server=db;User Id=me;Password=[redacted];Database=x"],
    ["Pwd=hunter2;", "Pwd=[redacted];"],
    ["AccountKey=abc+/def==;EndpointSuffix=x", "AccountKey=[redacted];EndpointSuffix=x"],
    ["aws_secret_access_key = abc/def+ghi", "aws_secret_access_key = [redacted]"],
    ["const password: string = 'hunter2';", "const password: string = '[redacted]';"],
    ["if (token === 'abc1')", "if (token === '[redacted]')"],
    ["'passphrase' => 'abc'", "'passphrase' => '[redacted]'"],
    ["x['secret'] := `abc`", "x['secret'] := `[redacted]`"],
    ["secret=b'abc'", "secret=b'[redacted]'"],
    ["run --token abcdefg --api-key=abc -v", "run --token [redacted] --api-key=[redacted] -v"],
    ["refresh token: abcd1234", "refresh token: [redacted]"],
    ['password="hunter2\nnext', 'password="[redacted]\nnext'],
    ["password=sk-aaaaaaaaaaaaaaaaaaaaaaaa!tail", "password=[redacted]"],
    ["secret: correcthorse", "secret: [redacted]"],
    ["password=é€漢字", "password=[redacted]"],
    ["password: 12345678", "password: [redacted]"],
    ['password="hunter2\rnext', 'password="[redacted]\rnext'],
    ["password=a&b,c;d e", "password=[redacted] e"],
    ["{token=abc1,user=bob}", "{token=[redacted],user=bob}"],
    [`password=${"x".repeat(65)}`, "password=[redacted]"],
    ["token: 1234567890, token=12ab", "token: [redacted], token=[redacted]"],
    ["pwd=a/b PWD=x:/y", "pwd=[redacted] PWD=[redacted]"],
    ['password: "a,b;c)"', 'password: "[redacted]"'],
    ["'token'=abc(1) x", "'token'=[redacted]) x"],
    ["secret: abc123", "secret: [redacted]"],
    ["password: server.name, password: someUserName", "password: [redacted], password: [redacted]"],
    ["password: notthis.name2", "password: [redacted]"],
  ])("%s", (text, clean) => expect(redact(text)).toBe(clean));

  it.each([
    "Unexpected token } in JSON at position 5",
    'useState<Secret>(null), Array<Token>, <Token>identifier</Token>, <th>Password</th>, <input type="password">Enter',
    '["--password", "--other"] "--tokens", "5"',
    "Unexpected token: punc (})",
    "Unexpected token: identifier",
    "inputTokens: 123, tokens=99, max_tokens=100, token: 5, nextToken=12",
    "The password: must be long. Secret: never give up. Secretary: Ann",
    "password: string; token: Token; privateKey: KeyLike; apiKey?: string",
    "const token = getToken(); const secret = secrets[0]; token = match[0]",
    "this.password = password; apiKey: options.apiKey, password: confirmPassword",
    'console.log("password:", x)',
    "password=${DB_PASSWORD} api_key=<YOUR KEY> token=*** secret={{ secret }} token=$TOKEN API_KEY=…",
    "PWD=/home/somebody PWD=C:\\Users",
    "password:) password:...",
    `password=${"x".repeat(64)}`,
    "secret: ab12, secret: abc12, token: 1, token: 123456789",
    "apiKey: server.name; token: someUserName; password: this.name2",
    "use --password to give one",
    "key: value, cacheKey=abc123, primary key: 5",
    '"js-token": "^9.0.1"',
    'password: ""',
    'const API_KEY = "OPENAI_API_KEY"',
    "tokenizer: abc123def",
  ])("not in %s", (text) => expect(redact(text)).toBe(text));
});

describe("long texts of letters and digits near the name of a secret", () => {
  const long = "0123456789abcdef0123456789ABCDEFxyz";
  const hash = "5b946afdfb0abb6a435c228e4ad8821a0d81e60f9045079fb01426b909780c10";

  it.each([
    [`the token ${long} was refused`, "the token [redacted] was refused"],
    [`refused token2 ${long}abcdef`, "refused token2 [redacted]"],
    [`wrong password for me (${long})`, "wrong password for me ([redacted])"],
    [`API key is ${long}`, "API key is [redacted]"],
    [`the token of the run ${hash.slice(0, 33)}`, "the token of the run [redacted]"],
    [`the token of the run ${hash}0`, "the token of the run [redacted]"],
    [`the secret key is: '${hash}'`, "the secret key is: '[redacted]'"],
    [`the password and the token value '${hash}'`, "the password and the token value '[redacted]'"],
    [`token: [redacted], other token ${long}`, "token: [redacted], other token [redacted]"],
    [`the token is ${hash}`, "the token is [redacted]"],
    [`secret key '${hash.slice(0, 40)}'`, "secret key '[redacted]'"],
  ])("%s", (text, clean) => expect(redact(text)).toBe(clean));

  it.each([
    long,
    `expected hash ${hash}`,
    `the secret scan of commit ${hash.slice(0, 40)} found nothing`,
    `tokens of run ${long}`,
    `sha512-${"x".repeat(20)}/jwt7aB+${long}==`,
    `the token of the commit ${hash}`,
    `the token of the commit ${hash.toUpperCase()}`,
    `the token of the file ${hash.slice(0, 32)}`,
    `the secret of which is in ${hash}`,
    `the token is not ${"x".repeat(41)} ${long}`,
    "the token of createAuthenticationProviderFromEnvironment",
    `token: [redacted], hash: ${long}`,
  ])("not in %s", (text) => expect(redact(text)).toBe(text));
});

describe("what is no secret stays", () => {
  it.each([
    "run-3f2b8f0e-1c2d-4e5f-8a9b-0c1d2e3f4a5b",
    "task-3f2b8f0e-1c2d-4e5f-8a9b-0c1d2e3f4a5b risk-abcdefghijklmnopqrst mask-2024-01-01-is-a-long-name",
    "commit 0123456789abcdef0123456789abcdef01234567",
    "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
    "internationalization SomeVeryLongIdentifierOfAProgram a_very_long_identifier_of_a_program",
    "eyJhIjoxfQ eyJabcdefgh.ts npm_config_registry npm_lifecycle_event ghs_and_lows xapp-some-long-directory",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "sk-learn sk-cube-grid sk_buff ASIA AKIRA hf_hub",
    "",
  ])("%s", (text) => expect(redact(text)).toBe(text));
});

it("changes nothing the second time", () => {
  const text =
    "Authorization: Bearer abc1 password='x1' https://u:p@h?token=a1 sk-aaaaaaaaaaaaaaaaaaaaaaaa Cookie: a=b; c=d";
  const once = redact(text);
  expect(redact(once)).toBe(once);
});

// A form that goes back over its text again and again would take hours here, and the run's time limit ends the test.
describe("a megabyte of what is made to be slow", () => {
  const size = Number(process.env.WINK_SLOW_SIZE ?? 1_048_576); // less in mutation runs, which come here two thousand times
  const fill = (part: string): string => part.repeat(Math.ceil(size / part.length)).slice(0, size);

  it.each([
    ...["sk-", "sk-a", "sk-ant-", "eyJ", "eyJa.", "SG.", "SG.aaaaaaaaaaaaaaaaaaaa", "xapp-", "xapp-a", "A", "0"],
    ...[
      "://",
      "://a:",
      "://a:b/",
      "://a@",
      "?key=",
      "-----BEGIN PRIVATE KEY-----",
      "-----BEGIN ",
      "Bearer ",
      "basic a",
    ],
    ...[
      "password",
      "password=",
      "password: ",
      'password="',
      "password='\"",
      'password=\\"',
      "password=a;",
      "password=&",
    ],
    ...["token: a ", "secret: x1\n", "cookie=a=b;", "cookie: ;;;", "--token ", "--token-", "api key ", "_token", '\\"'],
    ...[
      "gsk_",
      "gsk_a",
      "glpat-a.",
      "dp.st.a",
      "1//0",
      "AIza",
      "a1Q~",
      "re_a",
      "vc",
      "MNO.",
      "a.atlasv1.",
      "12345678:AA",
    ],
    ...["aB3/+ASt", "JQQJ9a", "aB3NRAL", "Private-Lines: 1\n", "PRIVATE KEY", "---- BEGIN ", "Bearer [redacted]"],
    ...[
      "jdbc:oracle:thin:a/",
      " a:a@tcp(",
      "a:@unix(",
      "<password>",
      "<a",
      '--token","',
      "--a",
      "aws_secret_access_key",
    ],
    ...["token 0a ", `secret${"a".repeat(31)} `, "authorization: Digest ", "password: string = ", "password=)", "\n"],
  ])("made of %j", (part) => expect(redact(fill(part)).length).toBeLessThanOrEqual(2 * size));

  it.each([
    'password="\\a',
    "password=a",
    "password=)",
    "sk-a",
    "://a:",
    "cookie: a=b;",
    "Basic a",
    "Bearer a.",
    "eyJ0.",
    "Bearer [redacted]a",
    "@tcp( a:a",
    "jdbc:oracle:thin:/a",
    "NRALab",
    "JQQJ9 +ASta",
    "Private-Lines: 1\nab\n",
  ])("after one %j", (start) => expect(redact(start + fill(start.slice(-2))).length).toBeLessThanOrEqual(2 * size));
});
