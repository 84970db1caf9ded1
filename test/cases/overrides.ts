import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { type JsonObject, type JsonValue, sha256 } from "../../src/base/index.ts";
import { definePrompt, section } from "../../src/prompt/index.ts";
import { asciiJson } from "../../src/prompt/overrides/ascii-json.ts";
import {
  contentHash,
  contractHash,
  deleteOverrides,
  describeTemplate,
  localOverrides,
  memoryOverrides,
  type OverrideId,
  type OverrideStore,
  resolveOverrides,
  seedOverrides,
  setOverrides,
} from "../../src/prompt/overrides/index.ts";
import { lookup } from "../support/override-sample.ts";
import { type Case, mapped, passed, type RunCase, textOf, type Verdict } from "./case.ts";
import { holds } from "./expectation.ts";

const ownVersion = "the version of the file is 2: placeholders and contracts are not those of the Python library";

/** The prompt of most cases: one section and one tool. */
const only = section({ key: "system", title: "System", body: "You are an assistant.", tools: [lookup] });
const small = definePrompt({ ns: "demo", key: "p", sections: [only] });
const smallId: OverrideId = { ns: "demo", key: "p", tag: "latest" };

/** The prompt whose file and descriptor are written out. */
const welcome = definePrompt({
  ns: "webapp/agents",
  key: "welcome",
  sections: [
    section({
      key: "system",
      title: "System",
      params: z.object({ who: z.string() }),
      body: "You are an assistant for {{who}}.",
      tools: [lookup],
      sections: [
        section({ key: "inner", title: "Inner", body: "Be kind." }),
        section({ key: "locked", title: "Locked", body: "Be quick.", overridable: false }),
      ],
    }),
  ],
});

/** Gives a store over a folder of its own to some work. */
async function inFolder<T>(work: (store: OverrideStore, root: string) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "wink-cases-"));
  try {
    return await work(localOverrides({ root }), root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const fileOf = ({ ns, key, tag }: OverrideId): string => `.weakincentives/prompts/overrides/${ns}/${key}/${tag}.json`;

function hashes({ input, expected }: Case): Verdict {
  const { template, value, canonical, ...contract } = input as Record<string, JsonValue>;
  if (typeof template === "string") expect(contentHash(template)).toBe(expected);
  else if (value !== undefined) {
    expect(asciiJson(value)).toBe(canonical);
    expect(sha256(asciiJson(value))).toBe(expected);
  } else {
    const { description, params_schema: parameters, result_schema: result } = contract as Record<string, JsonObject>;
    const text = String(description);
    expect({
      description_hash: sha256(text),
      params_hash: sha256(asciiJson(parameters ?? {})),
      result_hash: sha256(asciiJson(result ?? {})),
      contract_hash: contractHash({ description: text, parameters: parameters ?? {}, result: result ?? {} }),
      rule: "sha256(desc_hash + '::' + params_hash + '::' + result_hash)",
    }).toEqual(expected);
  }
  return passed;
}

async function seededFile({ input, expected }: Case): Promise<Verdict> {
  const { ns, key, tag } = input as Record<keyof OverrideId, string>;
  const { path, bytes } = expected as { path: string; bytes: string };
  const [{ hash = "" } = {}] = describeTemplate(welcome).sections;
  const [{ hash: contract = "" } = {}] = describeTemplate(welcome).tools;
  const own = bytes
    .replace("${who}", "{{who}}")
    .replace(contentHash("You are an assistant for ${who}."), hash)
    .replace(/(?<="expected_contract_hash": ")\w+/, contract)
    .replace('"version": 1', '"version": 2');
  expect({ ns, key }).toEqual({ ns: welcome.ns, key: welcome.key });
  await inFolder(async (store, root) => {
    await seedOverrides(welcome, { store, tag });
    expect(readFileSync(join(root, path), "utf8")).toBe(own);
  });
  return mapped(`${ownVersion}; the rest of the file is the same, byte for byte`);
}

function descriptor({ expected }: Case): Verdict {
  const { sections, tools } = describeTemplate(welcome);
  const old = contentHash("You are an assistant for ${who}.");
  const [{ hash: own = "" } = {}] = sections;
  expect({
    sections: sections.map(({ path, number, hash }) => ({
      path: path.split("."),
      number,
      hash: hash === own ? old : hash,
    })),
    tools: tools.map(({ path, name }) => ({ path: path.split("."), name })),
  }).toEqual(expected);
  return mapped("a placeholder is `{{who}}`, which gives its text another hash; the keys of a path are joined by dots");
}

async function filePath({ input, expected }: Case): Promise<Verdict> {
  const { ns, prompt_key: key, tag: described } = input as Record<"ns" | "prompt_key", string> & { tag: unknown };
  const id = { ns, key, tag: textOf(described) };
  const empty = { ...id, sections: {}, tools: {}, at: "" };
  const written = (): Promise<string> =>
    inFolder(async (store, root) => {
      await store.update(id, () => empty);
      return existsSync(join(root, fileOf(id))) ? fileOf(id) : "elsewhere";
    });
  const { ok } = expected as { ok?: string };
  if (ok === undefined || ok === fileOf(id)) {
    await holds(expected, written);
    return passed;
  }
  await holds({ error: "PromptOverridesError" }, written);
  return mapped("a name is refused or taken as it is written (decision 0008)");
}

async function resolve({ input, expected, correct }: Case): Promise<Verdict> {
  const [text, isMapped] = typeof input === "string" ? [input, false] : ownFile(input);
  const problems: string[] = [];
  const resolved = (): Promise<unknown> =>
    inFolder(async (store, root) => {
      if (text !== undefined) put(join(root, fileOf(smallId)), text);
      const { prompt, applied, problems: told } = await resolveOverrides(small.bind(), { store });
      problems.push(...told.map(({ kind }) => kind));
      if (applied.sections.length + applied.tools.length === 0) return null;
      const [node] = prompt.template.nodes;
      const { body, tools } = node?.section ?? {};
      return {
        sections: Object.fromEntries(applied.sections.map((path) => [path, body?.kind === "parts" && body.written])),
        tools: Object.fromEntries(applied.tools.map((name) => [name, changedTexts(tools?.[0])])),
      };
    });
  if (correct === undefined) await holds(expected, resolved);
  else if (correct.endsWith("correct: PromptOverridesError")) {
    expect(expected).toEqual({ error: "AttributeError" });
    await holds({ error: "PromptOverridesError" }, resolved);
  } else {
    expect(correct).toContain("correct: reject or report as stale");
    await holds({ ok: null }, resolved);
    expect(problems).toEqual(["unknown-param"]);
  }
  return isMapped ? mapped(ownVersion) : passed;
}

/** The text of the file of a case, with our version and the hashes that it names. */
function ownFile(input: unknown): readonly [text: string | undefined, isMapped: boolean] {
  if (input === null) return [undefined, false];
  const { version } = input as { version?: number };
  const { sections, tools } = describeTemplate(small);
  const text = JSON.stringify(version === undefined ? input : { ...(input as object), version: version + 1 })
    .replaceAll("HASH_OK", sections[0]?.hash ?? "")
    .replaceAll("TOOL_OK", tools[0]?.hash ?? "");
  return [text, version !== undefined];
}

/** What of a tool is not as the code says it. */
function changedTexts(tool: Pick<typeof lookup, "description" | "parameters"> | undefined) {
  const described = (of: typeof tool): Record<string, string | undefined> =>
    Object.fromEntries(
      Object.entries((of?.parameters.properties ?? {}) as Record<string, { description?: string }>).map(
        ([name, { description }]) => [name, description],
      ),
    );
  const before = described(lookup);
  return {
    description: tool?.description === lookup.description ? null : tool?.description,
    param_descriptions: Object.fromEntries(
      Object.entries(described(tool)).filter(([name, text]) => text !== before[name]),
    ),
  };
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function upsert({ input, expected }: Case): Promise<Verdict> {
  const store = memoryOverrides();
  const set = async (path: string) => {
    const { sections } = await setOverrides(small, [{ section: path, body: "New." }], { store });
    return Object.keys(sections);
  };
  const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
    valid: () => set("system"),
    "unknown path is an error on write": () => set("nope"),
    "ns mismatch": () => store.update(smallId, () => ({ ...smallId, ns: "other", sections: {}, tools: {}, at: "" })),
  };
  const work = kinds[input as string];
  if (work === undefined) throw new Error(`no such upsert: ${String(input)}`);
  await holds(expected, work);
  return passed;
}

async function deletion({ expected }: Case): Promise<Verdict> {
  const store = memoryOverrides();
  await seedOverrides(small, { store });
  const once = async (): Promise<null> => (await deleteOverrides(small, { store })) ?? null;
  await holds(expected, async () => [await once(), await once()]);
  return passed;
}

async function seed({ expected }: Case): Promise<Verdict> {
  const store = memoryOverrides();
  await seedOverrides(small, { store });
  const before = await setOverrides(small, [{ section: "system", body: "Edited." }], { store });
  await holds(expected, async () => {
    const again = await seedOverrides(small, { store });
    expect(again).toEqual(before);
    return Object.keys(again.sections);
  });
  return passed;
}

async function setSection({ input, expected }: Case): Promise<Verdict> {
  const { path, body } = input as { path: string[]; body: string };
  const store = memoryOverrides();
  await holds(expected, async () => {
    const { sections } = await setOverrides(small, [{ section: path.join("."), body }], { store });
    return (sections[path.join(".")] as { body?: string }).body;
  });
  return passed;
}

/** What holds of hashes, descriptors and files of overrides. */
export const overrides: Readonly<Record<string, RunCase>> = {
  hash: hashes,
  descriptor,
  override: seededFile,
  "override.path": filePath,
  "override.resolve": resolve,
  "override.upsert": upsert,
  "override.delete": deletion,
  "override.seed": seed,
  "override.set_section": setSection,
  "bug-550": (one) => resolve({ ...one, input: (one.input as { raw: string }).raw }),
};
