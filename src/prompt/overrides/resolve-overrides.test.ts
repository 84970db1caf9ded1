import { describe, expect, test } from "vitest";
import { lookup, search, welcome } from "../../../test/support/override-sample.ts";
import { rejectionOf } from "../../../test/support/thrown-by.ts";
import type { JsonObject, Logger } from "../../base/index.ts";
import { createSession } from "../../session/index.ts";
import { renderPrompt } from "../index.ts";
import {
  describeTemplate,
  memoryOverrides,
  type OverrideFile,
  type OverrideStore,
  type ResolveOptions,
  resolveOverrides,
} from "./index.ts";

const { compiled } = welcome;
const prompt = welcome.bind({ who: "Ada" });
const described = describeTemplate({ compiled });
const hashOf = (path: string): string => described.sections.find((one) => one.path === path)?.hash ?? "";
const contractOf = (name: string): string => described.tools.find((one) => one.name === name)?.hash ?? "";
const stale = "0".repeat(64);

/** A store with one file that has these entries. */
async function storing(entries: Partial<OverrideFile>, tag = "latest"): Promise<OverrideStore> {
  const store = memoryOverrides();
  const id = { ns: "webapp/agents", key: "welcome", tag };
  await store.update(id, () => ({ ...id, sections: {}, tools: {}, at: "", ...entries }));
  return store;
}

async function resolving(entries: Partial<OverrideFile>, options: Partial<ResolveOptions> = {}) {
  return resolveOverrides(prompt, { store: await storing(entries), ...options });
}

const body = (path: string, text: unknown, hash: unknown = hashOf(path)): JsonObject => ({
  [path]: { expected_hash: hash, body: text } as JsonObject, // as: also what JSON can hold and an entry cannot
});
const texts = (name: string, more: JsonObject, hash: unknown = contractOf(name)): JsonObject => ({
  [name]: { expected_contract_hash: hash, ...more } as JsonObject, // as: the same
});

describe("a prompt with overrides", () => {
  test("renders their texts in the place of those in the code", async () => {
    const {
      prompt: overridden,
      applied,
      problems,
      tag,
    } = await resolving({
      sections: { ...body("system", "Help {{who}}, {{who}}!"), ...body("system.inner", "Be brief.") },
    });
    expect({ applied, problems, tag }).toEqual({
      applied: { sections: ["system", "system.inner"], tools: [] },
      problems: [],
      tag: "latest",
    });
    const [before, after] = [prompt, overridden].map((one) => renderPrompt(one).first);
    expect(after).toBe(
      before?.replace("You are an assistant for Ada.", "Help Ada, Ada!").replace("Be kind.", "Be brief."),
    );
    expect(renderPrompt(prompt).first).toBe(before);
  });

  test("keeps them through bind, and all else that a prompt has", async () => {
    const { prompt: overridden } = await resolving({ sections: body("system", "Help {{who}}.") });
    const bound = overridden.bind({ who: "Bob" });
    expect(renderPrompt(bound).first).toContain("Help Bob.");
    expect(renderPrompt(bound.bind({}).bind({ who: "Cy" })).first).toContain("Help Cy.");
    const { template, bind: _bind, texts: _texts, "~code": code, ...rest } = overridden;
    const { template: original, bind: _original, texts: _written, ...others } = prompt;
    expect(rest).toEqual(others);
    expect(code).toBe(prompt);
    expect(template.nodes.map(({ path, number, heading }) => [path, number, heading])).toEqual(
      original.nodes.map(({ path, number, heading }) => [path, number, heading]),
    );
    expect(template.nodes[2]).toBe(original.nodes[2]);
    expect(template.hash()).toBe(original.hash()); // that of the code: what overrides say is told beside it
  });

  test("shows the new descriptions of a tool in its schema and its examples", async () => {
    const { prompt: overridden, applied } = await resolving({
      tools: texts("lookup", {
        description: "Look it up.",
        param_descriptions: { entity_id: "Which.", limit: "Most." },
      }),
    });
    expect(applied).toEqual({ sections: [], tools: ["lookup"] });
    const rendered = renderPrompt(overridden, { session: createSession() });
    const tool = rendered.tools.find(({ name }) => name === "lookup");
    expect(tool).toMatchObject({ description: "Look it up.", params: lookup.params, handler: lookup.handler });
    expect(tool?.parameters).toEqual({
      ...lookup.parameters,
      properties: {
        entity_id: { type: "string", description: "Which." },
        limit: { ...((lookup.parameters.properties as JsonObject).limit as JsonObject), description: "Most." }, // as: it is one
      },
    });
    expect(rendered.first).toContain("- lookup: Look it up.");
    expect(rendered.first).not.toContain("Fetch one entity.");
    expect(renderPrompt(prompt).first).toContain("- lookup: Fetch one entity.");
    expect(JSON.stringify(lookup.parameters)).not.toContain("Which.");
  });

  test("has a param's new description in every alternative", async () => {
    const { prompt: overridden } = await resolving({
      tools: texts("search", { param_descriptions: { id: "Any.", most: "Up to." } }),
    });
    const [found] = overridden.template.nodes[2]?.section.tools ?? [];
    expect(found?.description).toBe(search.description);
    const properties = { id: { description: "Any." }, most: { description: "Up to." } };
    expect(found?.parameters.oneOf).toMatchObject([{ properties }, { properties }]);
  });

  test("treats a text like the one it replaces: a literal is dedented, raw text is not", async () => {
    const written = "\n      One\n        two\n    ";
    const { prompt: overridden } = await resolving({
      sections: { ...body("system.inner", written), ...body("text", written) },
    });
    const { nodes } = overridden.template;
    const textOf = (path: string): unknown => {
      const { body: made } = nodes.find((node) => node.path === path)?.section ?? {};
      return made?.kind === "parts" ? made.parts : undefined;
    };
    expect(textOf("system.inner")).toEqual(["One\n  two"]);
    expect(textOf("text")).toEqual(["      One\n        two"]);
  });

  test("is the prompt itself when nothing says anything else than the code", async () => {
    const same = { sections: body("system.inner", "Be kind."), tools: texts("lookup", { description: null }) };
    for (const entries of [{}, same]) {
      const resolved = await resolving(entries);
      expect(resolved).toMatchObject({ applied: { sections: [], tools: [] }, problems: [] });
      expect(resolved.prompt).toBe(prompt);
    }
    expect((await resolveOverrides(prompt, { store: memoryOverrides() })).prompt).toBe(prompt);
  });

  test("can be resolved again: overrides do not pile up", async () => {
    const store = await storing({ sections: body("system", "Help {{who}}.") });
    const other = await storing({ sections: body("system.inner", "Be brief.") }, "stable");
    const first = await resolveOverrides(prompt, { store });
    const again = await resolveOverrides(first.prompt, { store });
    expect(again.applied.sections).toEqual(["system"]);
    expect(renderPrompt(again.prompt).first).toBe(renderPrompt(first.prompt).first);
    const second = await resolveOverrides(again.prompt, { store: other, tag: "stable" });
    expect(second.tag).toBe("stable");
    expect(renderPrompt(second.prompt).first).toContain("You are an assistant for Ada.");
    expect(renderPrompt(second.prompt).first).toContain("Be brief.");
    const none = await resolveOverrides(second.prompt, { store: other, tag: "none" });
    expect(renderPrompt(none.prompt.bind({ who: "Ada" }))).toEqual(renderPrompt(prompt));
  });
});

describe("an entry that does not apply", () => {
  test.each([
    ["stale section", { sections: body("system", "x", stale) }, { kind: "stale", section: "system", expected: stale }],
    ["stale and malformed", { sections: body("system", 3, stale) }, { kind: "stale", found: hashOf("system") }],
    [
      "stale tool",
      { tools: texts("lookup", {}, stale) },
      { kind: "stale", tool: "lookup", found: contractOf("lookup") },
    ],
    ["unknown section", { sections: body("sytem", "x", stale) }, { kind: "unknown", section: "sytem" }],
    ["unknown, without a hash", { sections: { "system.x": null } }, { kind: "unknown", section: "system.x" }],
    ["unknown and malformed tool", { tools: { constructor: 5 } }, { kind: "unknown", tool: "constructor" }],
    ["locked", { sections: body("system.locked", "x", stale) }, { kind: "not-overridable", section: "system.locked" }],
    ["state", { sections: body("plan", "x", stale) }, { kind: "not-overridable", section: "plan" }],
    ["locked tool", { tools: { fixed: { description: 1 } } }, { kind: "not-overridable", tool: "fixed" }],
  ])("is told: %s", async (_what, entries, problem) => {
    const resolved = await resolving(entries);
    expect(resolved.prompt).toBe(prompt);
    expect(resolved.applied).toEqual({ sections: [], tools: [] });
    expect(resolved.problems).toMatchObject([problem]);
  });

  test("names what was surely meant", async () => {
    const { problems } = await resolving({ sections: { sytem: {} }, tools: { lokup: {} } });
    expect(problems.map(({ message }) => message)).toEqual([
      'Section "sytem" is not in prompt "webapp/agents:welcome". Did you mean "system"?',
      'Tool "lokup" is not in prompt "webapp/agents:welcome". Did you mean "lookup"?',
    ]);
  });

  test("does not stop the others", async () => {
    const { applied, problems } = await resolving({
      sections: { ...body("gone", "x"), ...body("system", "x", stale), ...body("system.inner", "x") },
      tools: texts("lookup", { description: "New.", param_descriptions: { entity: "Which.", limit: "Most." } }),
    });
    expect(applied).toEqual({ sections: ["system.inner"], tools: ["lookup"] });
    expect(problems.map(({ kind }) => kind)).toEqual(["unknown", "stale", "unknown-param"]);
    expect(problems[2]?.message).toBe('Tool "lookup" has no param "entity". Did you mean "entity_id"?');
  });
});

describe("an entry that would apply and is malformed is refused", () => {
  const long = "x".repeat(201);
  test.each([
    [
      "no object",
      { sections: { system: "x" } },
      'sections.system: This is not an object. Expected an object. Received "x"',
    ],
    ["without a hash", { sections: { system: { body: "x" } } }, "sections.system.expected_hash: The hash is not well"],
    ["a number as hash", { sections: body("system", "x", 1) }, "sections.system.expected_hash: The hash is not well"],
    ["upper case", { sections: body("system", "x", "A".repeat(64)) }, ".expected_hash: The hash is not well formed"],
    ["a short hash", { tools: texts("lookup", {}, "ab") }, "tools.lookup.expected_contract_hash: The hash is not"],
    [
      "a number as body",
      { sections: body("system", 3) },
      "sections.system.body: This is not a text. Expected a text. Received 3",
    ],
    ["without a body", { sections: { system: { expected_hash: hashOf("system") } } }, ".body: This is not a text"],
    ["an odd field", { tools: texts("lookup", { desciption: "x" }) }, 'Did you mean "description"?'],
    ["an odd placeholder", { sections: body("system", "{{wo}}") }, 'Did you mean "who"?'],
    ["a near placeholder", { sections: body("system", "{{ who }}") }, "{{ who }} looks like a placeholder"],
    [
      "a placeholder without params",
      { sections: body("system.inner", "{{who}}") },
      'sections["system/inner"].body: The placeholder',
    ],
    [
      "a number as description",
      { tools: texts("lookup", { description: 1 }) },
      "tools.lookup.description: This is not a text",
    ],
    ["an empty description", { tools: texts("lookup", { description: "" }) }, "The description is not well formed"],
    ["a long description", { tools: texts("lookup", { description: long }) }, "Expected 1 to 200 printable ASCII"],
    ["not ASCII", { tools: texts("lookup", { description: "Größe." }) }, "The description is not well formed"],
    ["two lines", { tools: texts("lookup", { description: "a\nb" }) }, "The description is not well formed"],
    ["space around", { tools: texts("lookup", { description: " a" }) }, "The description is not well formed"],
    [
      "params as list",
      { tools: texts("lookup", { param_descriptions: ["x"] }) },
      "lookup.param_descriptions: This is not an object",
    ],
    [
      "a number for a param",
      { tools: texts("lookup", { param_descriptions: { limit: 3 } }) },
      "param_descriptions.limit: This is not a text",
    ],
  ])("%s", async (_what, entries, message) => {
    const error = await rejectionOf(resolving(entries));
    expect(error.code).toBe("OVERRIDES_INVALID");
    expect(error.message).toContain('overrides "latest" of prompt "webapp/agents:welcome", ');
    expect(error.message).toContain(message);
    for (const part of ["expected", "received", "fix", "example"] as const) expect(error.parts[part]).toBeTruthy();
  });

  test("a placeholder's error has what the error of the code would have", async () => {
    const error = await rejectionOf(resolving({ sections: body("system", "For {{whom}}.") }));
    expect(error.message).toContain(
      'prompt "webapp/agents:welcome", sections.system.body: The placeholder {{whom}} is not declared in params. ' +
        'Expected one of {{who}}. Received {{whom}}. Did you mean "who"?',
    );
    expect(error.details).toMatchObject({ placeholder: "whom", declared: ["who"], place: "sections.system.body" });
  });
});

describe("what is logged", () => {
  function recording(): Logger & { readonly records: unknown[] } {
    const records: unknown[] = [];
    return { records, log: (...record) => void records.push(record) };
  }

  test("what applies each time, and each problem once a store", async () => {
    const entries = {
      sections: { ...body("system.inner", "x"), ...body("system", "x", stale), ...body("gone", "x") },
    };
    const [store, other] = [await storing(entries), await storing(entries)];
    const logger = recording();
    await resolveOverrides(prompt, { store }); // nobody was told
    await resolveOverrides(prompt, { store, logger });
    const facts = { prompt: "webapp/agents:welcome", tag: "latest" };
    const told = [
      ["warn", "prompt_override_unknown", expect.objectContaining({ ...facts, kind: "unknown", section: "gone" })],
      ["warn", "prompt_override_stale", expect.objectContaining({ ...facts, section: "system", expected: stale })],
      ["info", "prompt_override_resolved", { ...facts, sections: ["system.inner"], tools: [] }],
    ];
    expect(logger.records).toEqual(told);
    await resolveOverrides(prompt, { store, logger });
    expect(logger.records.splice(0)).toEqual([...told, told[2]]);
    await resolveOverrides(prompt, { store: other, logger });
    expect(logger.records).toEqual(told);
  });

  test("nothing when there is nothing to tell", async () => {
    const logger = recording();
    await resolving({}, { logger });
    await resolving({ sections: body("system.inner", "Be kind.") }, { logger });
    expect(logger.records).toEqual([]);
  });
});

test("an aborted signal ends the wait, and a bad tag is refused", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(resolving({}, { signal })).rejects.toThrow("enough");
  expect((await rejectionOf(resolving({}, { tag: "../x" }))).message).toContain("`tag` is not well formed");
});
