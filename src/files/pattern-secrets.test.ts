/** A secret in a pattern: an error about the pattern holds no piece of it. */
import { expect, test } from "vitest";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { hideSecretsOf } from "../base/index.ts";
import { memoryFiles } from "./index.ts";

const password = "blue-gorilla-umbrella-77";
const key = "sk-proj-Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3";
const far = "x".repeat(90); // so that a cut of what is shown would go through the secret

test.each(
  [password, key].flatMap((secret) => [
    [`(${secret}`, "grep", secret],
    [`${secret}(`, "grep", secret],
    [`${far}${secret}(`, "grep", secret],
    [`{${secret}`, "glob", secret],
    [`!${secret}`, "glob", secret],
    [`${far}${secret}{`, "glob", secret],
  ]),
)("%s is told in no piece by %s", async (pattern, method, secret) => {
  using _hidden = hideSecretsOf({ APP_PASSWORD: password });
  const fs = memoryFiles({ "a.txt": "a" });
  const work = method === "grep" ? fs.grep(pattern) : fs.glob(pattern);
  const error = await rejectionOf(work);
  expect(error.code).toBe("PATTERN_INVALID");
  const all = [error.stack, JSON.stringify(error)].join();
  for (let at = 0; at + 4 <= secret.length; at++) {
    const piece = secret.slice(at, at + 4);
    if (!"sk-proj-".includes(piece)) expect([piece, all.includes(piece)]).toEqual([piece, false]);
  }
});
