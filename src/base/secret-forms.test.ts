import { createHash } from "node:crypto";
import { describe, expect, it, test } from "vitest";
import { blindTo, fixedSecretOf, samplesOfBlocks, samplesOfForms } from "../../test/support/secret-samples.ts";
import { redact } from "./redact.ts";
import { secretForms, wholeForms } from "./secret-forms.ts";

const named = (samples: typeof samplesOfForms) =>
  samples.map((sample) => [`${sample.owner}: ${sample.begin.trim()}…`, fixedSecretOf(sample), sample] as const);

describe("a key of known form", () => {
  it.each([...named(samplesOfForms), ...named(samplesOfBlocks)])("%s", (_of, { text, core }, { owner }) => {
    for (const around of [
      ["", ""],
      ["a ", " b"],
      ['{"a":"', '","b":1}'],
      ["('", "')"],
      ["\n", "\n"],
    ]) {
      const clean = redact(around.join(text));
      expect(clean).not.toContain(core.slice(0, 8));
      expect(clean).toBe(around.join("[redacted]"));
    }
    if (samplesOfBlocks.some((block) => block.owner === owner)) return;
    for (const before of ["x", "Q", "7", "_", "-", ".", "/", "%3D", "é", "="]) {
      expect(redact(before + text), before).toBe(`${before}[redacted]`);
    }
  });

  it.each([...named(samplesOfForms), ...named(samplesOfBlocks)])("%s, in a list with one a line", (_of, { text }) => {
    for (const end of ["\n", "\r\n"]) {
      for (let count = 2; count <= 8; count++) {
        const lines = (line: string): string => Array.from({ length: count }, () => line).join(end);
        const [keys, clean] = [{ keys: lines(text) }, { keys: lines("[redacted]") }];
        expect(redact(keys.keys)).toBe(clean.keys);
        expect(redact(JSON.stringify(keys))).toBe(JSON.stringify(clean));
        expect(redact(JSON.stringify(JSON.stringify(keys)))).toBe(JSON.stringify(JSON.stringify(clean)));
      }
    }
  });

  test.each([...new Set([...Object.keys(secretForms), ...Object.keys(wholeForms)])])(
    "is not found any more when those of %s are left out",
    (owner) => {
      const blind = blindTo(owner);
      const own = samplesOfForms.filter((sample) => sample.owner === owner).map(fixedSecretOf);
      expect(own).not.toEqual([]);
      expect(own.some(({ text, core }) => blind(text).includes(core))).toBe(true);
    },
  );

  it.each(["\n", "\r\n", "\\n"])("may be lines of PuTTY that end with %j", (end) => {
    const lines = ["Encryption: none", "Private-Lines: 2", "AAAAgQCB8Qp/+w==", "AAAAFQD=", "Private-MAC: 0a1b"];
    const clean = [...lines.slice(0, 2), "[redacted]Private-MAC: 0a1b"].join(end);
    expect(redact(lines.join(end))).toBe(clean);
  });

  it("takes the place of two that run into each other", () => {
    const [npm, groq] = ["npm_", "gsk_"].map((begin) => `${begin}${"aB3d".repeat(10)}`);
    expect(redact(`${npm}${groq}`)).toBe("[redacted]");
    expect(redact(`a ${npm} ${groq} b`)).toBe("a [redacted] [redacted] b");
  });
});

describe("what only begins like a key", () => {
  it.each([
    "gsk_short hf_hub npm_config_registry npm_lifecycle_event r8_0 fw_version",
    "the_secret_of_a_long_name_that_goes_on secret_manager_client",
    "re_render re_export_everything before_all_of_them_are_read_again",
    "vcp_the_very_long_name_of_a_function_that_does_things",
    "sb_publishable_0123456789abcdefghij github_path_of_something pat-terns",
    "hooks.slack.com/docs discord.com/channels/123456789012345678",
    "12:34:56.789 12345678:ABC https://example.com:8080/AAA v1.0-beta.2",
    "Main.method.that Namespace.Something.ofAnother Microsoft.NETCore.App.Runtime.linux-x64.nupkg.metadata",
    "SKU0123456789 dapid dapi-client ATATUS SKETCHES",
    "dp.st sl.exe hvs.js AQ.md SG.1 ya29.",
    "tvly-client-for-javascript-and-typescript pul-request",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0123456789abcdefghijABCDEFGHIJ me@host",
  ])("is none: %s", (text) => expect(redact(text)).toBe(text));
});

/** The same bytes by chance each time. */
const bytes = (length: number, seed: string): Buffer =>
  createHash("shake256", { outputLength: length }).update(seed).digest();

describe("what is by chance like a key stays", () => {
  it("in base64 of images and files, also with lines", () => {
    for (let count = 0; count < 6; count++) {
      const data = bytes(60_000, `data ${count}`).toString("base64");
      expect(redact(`data:image/png;base64,${data}`)).toBe(`data:image/png;base64,${data}`);
      const lines = data.replace(/.{76}/g, "$&\n");
      expect(redact(lines)).toBe(lines);
      expect(redact(JSON.stringify({ data: lines }))).toBe(JSON.stringify({ data: lines }));
    }
  });

  it.each(["AIza", "AKIA", "1//0", "ATATT3", "pWd7/", "jWT+"])("%s inside of base64", (piece) => {
    const stuff = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ+0/".repeat(5);
    const text = `${stuff}${piece}${"ABCDEFGHIJKLMNOP12".repeat(3)}${stuff}`;
    expect(redact(text)).toBe(text);
  });

  it("in hashes of any length and kind, in ids, and in integrity", () => {
    for (let count = 0; count < 200; count++) {
      const hex = [16, 20, 28, 32, 48, 64].map((length) => bytes(length, `${count}`).toString("hex"));
      const words = [
        ...hex,
        ...hex.map((text) => text.toUpperCase()),
        `sha512-${bytes(64, `${count}`).toString("base64")}`,
      ];
      for (const word of words) expect(redact(`at ${word}, and`)).toBe(`at ${word}, and`);
    }
    for (const id of [
      "01ARZ3NDEKTSV4RRFFQ69G5FAV",
      "chatcmpl-9aB3dE6gH9jK2mN5pQ8sT1vW4yZ",
      "call_aB3dE6gH9jK2mN5pQ8sT1vW4",
      "msg_01aB3dE6gH9jK2mN5pQ8sT1v",
      "req_011CQaB3dE6gH9jK2mN5pQ8",
      "toolu_01A09q90qw90lq917835lq9",
      "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b",
      "org-aB3dE6gH9jK2mN5pQ8sT1vW4",
      "V1StGXR8_Z5jdHi6B-myT",
    ])
      expect(redact(id), id).toBe(id);
  });
});
