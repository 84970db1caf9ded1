import { describe, expect, test } from "vitest";
import { lookup, search, welcome } from "../../../test/support/override-sample.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import type { JsonObject } from "../../base/index.ts";
import {
  contractHash,
  deleteOverrides,
  describeTemplate,
  memoryOverrides,
  type OverrideChange,
  type OverrideStore,
  overrideStatus,
  resolveOverrides,
  seedOverrides,
  setOverrides,
} from "./index.ts";

const { compiled } = welcome;
const id = { ns: "webapp/agents", key: "welcome", tag: "latest" };
const stale = "0".repeat(64);
const [system] = describeTemplate({ compiled }).sections;

const set = (store: OverrideStore, ...changes: OverrideChange[]) => setOverrides({ compiled }, changes, { store });

/** A store whose file has entries that nobody can use. */
async function withOld(): Promise<OverrideStore> {
  const store = memoryOverrides();
  const sections = { system: { expected_hash: stale, body: 3 }, "gone.one": ["odd"] };
  await store.update(id, () => ({ ...id, sections, tools: { gone: null }, at: "" }));
  return store;
}

describe("seedOverrides", () => {
  test("writes every text that may be replaced, and changes nothing of what is rendered", async () => {
    const store = memoryOverrides();
    const file = await seedOverrides({ compiled }, { store });
    const hashes = Object.fromEntries(describeTemplate({ compiled }).tools.map(({ name, hash }) => [name, hash]));
    expect(file.tools).toEqual({
      lookup: {
        expected_contract_hash: hashes.lookup,
        description: lookup.description,
        param_descriptions: { entity_id: "identifier to look up" },
      },
      // `id` says something else in each alternative, `by` says nothing
      search: {
        expected_contract_hash: hashes.search,
        description: search.description,
        param_descriptions: { most: "How many." },
      },
    });
    expect(Object.entries(file.sections)).toEqual(
      describeTemplate({ compiled }).sections.map(({ path, hash }) => [
        path,
        { expected_hash: hash, body: expect.any(String) },
      ]),
    );
    expect(await store.load(id)).toEqual(file);
    const prompt = welcome.bind({ who: "Ada" });
    expect((await resolveOverrides(prompt, { store })).prompt).toBe(prompt);
    expect(overrideStatus({ compiled }, file).map(({ state }) => state)).toEqual(Array(5).fill("same"));
  });

  test("keeps a file that is there", async () => {
    const store = await withOld();
    const before = await store.load(id);
    expect(await seedOverrides({ compiled }, { store })).toEqual(before);
    expect(await store.load(id)).toEqual(before);
    const other = await seedOverrides({ compiled }, { store, tag: "stable" });
    expect(other.tag).toBe("stable");
  });

  test("refuses a file that cannot be used, and leaves it", async () => {
    const store = memoryOverrides();
    const sections = { system: { expected_hash: system?.hash ?? "", body: 3 } };
    await store.update(id, () => ({ ...id, sections, tools: {}, at: "" }));
    expect((await rejectionOf(seedOverrides({ compiled }, { store }))).code).toBe("OVERRIDES_INVALID");
    expect((await store.load(id))?.sections).toEqual(sections);
  });
});

describe("setOverrides", () => {
  test("writes texts that then apply", async () => {
    const store = memoryOverrides();
    const file = await set(
      store,
      { section: "system.inner", body: "Be brief." },
      { section: "system", body: "For {{who}}.", hash: system?.hash },
      { tool: "lookup", params: { limit: "Most." } },
    );
    expect(await store.load(id)).toEqual(file);
    const { applied, problems } = await resolveOverrides(welcome.bind({ who: "Ada" }), { store });
    expect([applied, problems]).toEqual([{ sections: ["system", "system.inner"], tools: ["lookup"] }, []]);
  });

  test("keeps all other entries, also those that nobody can use", async () => {
    const store = await withOld();
    const file = await set(store, { section: "system.inner", body: "x" }, { tool: "search", description: "Find." });
    expect(file.sections).toMatchObject({ system: { expected_hash: stale, body: 3 }, "gone.one": ["odd"] });
    expect(Object.keys(file.sections)).toContain("system.inner");
    expect(Object.keys(file.tools)).toEqual(["gone", "search"]);
    const next = await set(store, { section: "system", body: "x" });
    expect(next.sections.system).toEqual({ expected_hash: system?.hash, body: "x" });
  });

  test("adds to what an override of the same contract says of a tool, and not to an older one", async () => {
    const store = memoryOverrides();
    await set(store, { tool: "lookup", description: "Look.", params: { limit: "Most." } });
    await set(store, { tool: "lookup", params: { entity_id: "Which.", limit: "At most." } });
    const entry = (await set(store, { tool: "lookup", description: "Look it up." })).tools.lookup;
    const params = { entity_id: "Which.", limit: "At most." };
    expect(entry).toMatchObject({ description: "Look it up.", param_descriptions: params });
    await store.update(id, (file) => ({
      ...id,
      sections: {},
      at: "",
      tools: { lookup: { ...(file?.tools.lookup as JsonObject), expected_contract_hash: stale } }, // as: it was just written
    }));
    const anew = (await set(store, { tool: "lookup", params: { limit: "Most." } })).tools.lookup;
    expect(anew).toMatchObject({ description: null, param_descriptions: { limit: "Most." } });
  });

  test("keeps a text for a param that is gone, and takes no new one", async () => {
    const store = memoryOverrides();
    const [{ hash = "" } = {}] = describeTemplate({ compiled }).tools;
    const tools = { lookup: { expected_contract_hash: hash, param_descriptions: { gone: "Old." } } };
    await store.update(id, () => ({ ...id, sections: {}, tools, at: "" }));
    const file = await set(store, { tool: "lookup", params: { limit: "Most." } });
    expect(file.tools.lookup).toMatchObject({ param_descriptions: { gone: "Old.", limit: "Most." } });
    const error = await rejectionOf(set(store, { tool: "lookup", params: { gone: "New." } }));
    expect(error.message).toContain('Tool "lookup" has no param "gone".');
  });

  const shape = { tool: "lookup", hash: contractHash({ description: "", parameters: {}, result: null }) };
  test.each<[string, OverrideChange, string]>([
    ["an unknown section", { section: "sytem", body: "x" }, 'Did you mean "system"?'],
    ["a path with slashes", { section: "system/inner", body: "x" }, 'Did you mean "system.inner"?'],
    ["a locked section", { section: "system.locked", body: "x" }, "Change the code"],
    ["text from state", { section: "plan", body: "x" }, "Change the code"],
    [
      "an older text",
      { section: "system", body: "x", hash: stale },
      `Expected hash ${system?.hash}. Received hash ${stale}.`,
    ],
    ["no hash at all", { section: "system", body: "x", hash: "latest" }, "The hash is not well formed"],
    ["an unknown placeholder", { section: "system", body: "{{whom}}" }, 'Did you mean "who"?'],
    ["no text", { section: "system", body: 3 as never }, "This is not a text"],
    ["an unknown tool", { tool: "lokup", description: "x" }, 'Did you mean "lookup"?'],
    ["a locked tool", { tool: "fixed", description: "x" }, "Change the code"],
    ["an older contract", { ...shape, description: "x" }, "The contract of tool"],
    ["an unknown param", { tool: "lookup", params: { entity: "x" } }, 'Did you mean "entity_id"?'],
    ["a description that is too long", { tool: "lookup", description: "x".repeat(201) }, "Expected 1 to 200 printable"],
    ["a description that is not ASCII", { tool: "lookup", description: "Größe" }, "Expected 1 to 200 printable"],
    ["a param's description that is none", { tool: "lookup", params: { limit: 3 as never } }, "This is not a text"],
  ])("refuses %s, and writes nothing", async (_what, change, message) => {
    const store = await withOld();
    const before = await store.load(id);
    const error = await rejectionOf(set(store, { section: "system.inner", body: "x" }, change));
    expect(error.code).toBe("OVERRIDES_INVALID");
    expect(error.message).toContain(message);
    for (const part of ["expected", "received", "fix", "example"] as const) expect(error.parts[part]).toBeTruthy();
    expect(await store.load(id)).toEqual(before);
  });

  test("takes what resolves, also for a prompt that has overrides already", async () => {
    const store = memoryOverrides();
    await set(store, { section: "system.inner", body: "Be brief." });
    const { prompt } = await resolveOverrides(welcome.bind({ who: "Ada" }), { store });
    await setOverrides({ compiled: prompt.template }, [{ section: "system.inner", body: "Be clear." }], { store });
    expect((await resolveOverrides(prompt, { store })).applied.sections).toEqual(["system.inner"]);
    expect(
      (await seedOverrides({ compiled: prompt.template }, { store, tag: "new" })).sections["system.inner"],
    ).toMatchObject({
      body: "Be kind.",
    });
  });
});

describe("deleteOverrides", () => {
  test("deletes one entry, also one that the template does not have", async () => {
    const store = await withOld();
    await set(store, { section: "system.inner", body: "x" }, { tool: "lookup", description: "x" });
    await deleteOverrides({ compiled }, { store, section: "gone.one" });
    await deleteOverrides({ compiled }, { store, tool: "gone" });
    await deleteOverrides({ compiled }, { store, section: "nowhere" });
    await deleteOverrides({ compiled }, { store, tool: "system" });
    const file = await store.load(id);
    expect([Object.keys(file?.sections ?? {}), Object.keys(file?.tools ?? {})]).toEqual([
      ["system", "system.inner"],
      ["lookup"],
    ]);
  });

  test("deletes the file; what is not there is fine", async () => {
    const store = await withOld();
    await deleteOverrides({ compiled }, { store, tag: "stable", section: "system" });
    await deleteOverrides({ compiled }, { store, tag: "stable" });
    expect(await store.list()).toHaveLength(1);
    await deleteOverrides({ compiled }, { store });
    await deleteOverrides({ compiled }, { store });
    expect(await store.list()).toEqual([]);
  });
});

describe("overrideStatus", () => {
  test("says of each entry how it stands, and what has none", async () => {
    const store = memoryOverrides();
    const [, inner, text] = describeTemplate({ compiled }).sections;
    const [contract] = describeTemplate({ compiled }).tools;
    await set(store, { section: "system.inner", body: "Be brief." }, { tool: "lookup", description: "Look." });
    const file = await store.update(id, (before) => ({
      ...id,
      at: "",
      tools: { ...before?.tools, fixed: {} },
      sections: {
        ...before?.sections,
        system: { expected_hash: stale, body: "Old." },
        text: { expected_hash: text?.hash ?? "", body: "{{who}}" },
        gone: 5,
      },
    }));
    const status = overrideStatus({ compiled }, file);
    expect(status.map(({ kind, name, state }) => [kind, name, state])).toEqual([
      ["section", "gone", "unknown"],
      ["section", "system", "stale"],
      ["section", "system.inner", "applies"],
      ["section", "text", "invalid"],
      ["tool", "fixed", "not-overridable"],
      ["tool", "lookup", "applies"],
      ["tool", "search", "none"],
    ]);
    const entry = (name: string) => status.find((one) => one.name === name);
    expect(entry("gone")).toMatchObject({ expected: undefined, found: undefined, text: undefined });
    expect(entry("system")).toMatchObject({ expected: stale, found: system?.hash, text: "Old." });
    expect(entry("system")?.message).toContain('The text of section "system" has changed since');
    expect(entry("text")?.message).toContain("The placeholder {{who}} is not declared");
    expect(entry("system.inner")).toMatchObject({ expected: inner?.hash, message: undefined, text: "Be brief." });
    expect(entry("lookup")).toMatchObject({ expected: contract?.hash, found: contract?.hash, text: "Look." });
  });

  test("without a file, names what may be overridden", () => {
    expect(overrideStatus({ compiled }, undefined).map(({ name, state }) => `${name} ${state}`)).toEqual([
      "system none",
      "system.inner none",
      "text none",
      "lookup none",
      "search none",
    ]);
  });

  test("tells of a text for a param that is not there", async () => {
    const store = memoryOverrides();
    await set(store, { tool: "lookup", params: { limit: "x" } });
    const file = await store.update(id, (before) => ({
      ...id,
      sections: {},
      at: "",
      tools: JSON.parse(JSON.stringify(before?.tools).replace('"limit"', '"limits"')),
    }));
    expect(overrideStatus({ compiled }, file)[0]).toMatchObject({
      state: "same",
      message: 'Tool "lookup" has no param "limits". Did you mean "limit"?',
    });
  });
});
