/**
 * Runs before every test file: takes away what looks like a secret, a key or a proxy, so that no test can reach a
 * provider by accident and none passes only on the machine of somebody who has a key.
 */
const forbidden = /(_KEY|_TOKEN|_SECRET|_PASSWORD|_CREDENTIALS?|_BASE_URL|_API_BASE)$|^(https?|all|no|ftp)_proxy$/i;

for (const name of Object.keys(process.env)) {
  if (forbidden.test(name)) delete process.env[name];
}
