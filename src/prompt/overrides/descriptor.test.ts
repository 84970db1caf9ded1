import { describe, expect, test } from "vitest";
import { z } from "zod";
import { lookup, search, welcome } from "../../../test/support/override-sample.ts";
import { sha256 } from "../../base/index.ts";
import { ok, type Tool, tool } from "../../tool/index.ts";
import { definePrompt, raw, section } from "../index.ts";
import { asciiJson } from "./ascii-json.ts";
import { contentHash, contractHash, describeTemplate } from "./index.ts";

describe("asciiJson", () => {
  test.each([
    [{ b: 1, a: ["é", null, true, 1.5] }, '{"a":["\\u00e9",null,true,1.5],"b":1}'],
    [{ ü: "\u007f\u0080~" }, '{"\\u00fc":"\\u007f\\u0080~"}'],
    ["😀\u2028\ud800", '"\\ud83d\\ude00\\u2028\\ud800"'],
    [{ a: { z: 1, B: 2, _: [] }, "": {} }, '{"":{},"a":{"B":2,"_":[],"z":1}}'],
    [[0, -0.5, 1e21, 1e-7], "[0,-0.5,1e+21,1e-7]"],
    [JSON.parse('{"z":1,"__proto__":{"a":1}}'), '{"__proto__":{"a":1},"z":1}'],
  ])("%j", (value, text) => {
    expect(asciiJson(value)).toBe(text);
    expect(JSON.parse(asciiJson(value, 2))).toEqual(value);
  });
});

describe("hashes", () => {
  test("of a text is that of its bytes as written", () => {
    expect(contentHash("Be kind.")).toBe("5499befb38dbf3fcc08107141cb2a9e7f42a6aae403361dc3601b8296d7967ea");
    expect(contentHash(" Be kind.")).not.toBe(contentHash("Be kind."));
    expect(contentHash("é")).toBe(sha256("é"));
  });

  const contract = { description: "Does.", parameters: { type: "object" }, result: { type: "string" } };

  test("of a contract does not change with the order of keys", () => {
    const turned = { ...contract, parameters: { b: { y: 1, x: 2 }, a: 1 } };
    expect(contractHash({ ...contract, parameters: { a: 1, b: { x: 2, y: 1 } } })).toBe(contractHash(turned));
  });

  test.each([
    { ...contract, description: "Does it." },
    { ...contract, parameters: { type: "object", properties: {} } },
    { ...contract, result: null },
    { ...contract, parameters: contract.result, result: contract.parameters },
  ])("of a contract changes with each part: %j", (other) => {
    expect(contractHash(other)).not.toBe(contractHash(contract));
  });
});

describe("describeTemplate", () => {
  test("names what may be overridden, in order", () => {
    const described = describeTemplate(welcome);
    expect(described).toMatchObject({ ns: "webapp/agents", key: "welcome" });
    expect(described.sections).toEqual([
      { path: "system", number: "1", hash: contentHash("You are an assistant for {{who}}.") },
      { path: "system.inner", number: "1.1", hash: contentHash("Be kind.") },
      { path: "text", number: "3", hash: contentHash("  as it is\n    more") },
    ]);
    expect(described.tools.map(({ path, name }) => [path, name])).toEqual([
      ["system", "lookup"],
      ["system.locked", "search"],
    ]);
    const { description, parameters } = search;
    expect(described.tools[1]?.hash).toBe(contractHash({ description, parameters, result: { type: "string" } }));
  });

  const hashOf = (changed: object): string | undefined => {
    const made = (tool as (definition: object) => Tool)({ ...definition, ...changed });
    const only = section({ key: "s", title: "S", body: "", tools: [made] });
    return describeTemplate(definePrompt({ ns: "a", key: "b", sections: [only] })).tools[0]?.hash;
  };
  const definition = {
    name: "t",
    description: "Does.",
    effects: "none",
    params: z.object({ a: z.string() }),
    result: z.object({ b: z.string() }),
    handler: () => ok({ b: "" }),
  };

  test("the hash of a tool stays when name, examples or handler change", () => {
    expect(hashOf({ name: "u", handler: () => ok({ b: "x" }), timeoutMs: 5 })).toBe(hashOf({}));
    expect(hashOf({ examples: [{ description: "X.", params: { a: "" }, result: { b: "" } }] })).toBe(hashOf({}));
  });

  test.each([
    { description: "Does it." },
    { params: z.object({ a: z.string().describe("Which.") }) },
    { params: z.object({ a: z.string().optional() }) },
    { params: undefined },
    { result: z.object({ b: z.string(), c: z.string() }) },
    { result: undefined },
  ])("the hash of a tool changes with its contract: %#", (changed) => {
    expect(hashOf(changed)).not.toBe(hashOf({}));
  });

  test("a result without a JSON Schema still has a hash", () => {
    expect(hashOf({ result: z.custom<object>(() => true).transform(() => new Date()) })).toMatch(/^[0-9a-f]{64}$/);
  });

  test("the text of a section counts as written, not as shown", () => {
    const hashes = ["\n    Two\n      lines\n  ", "Two\n  lines", raw("Two\n  lines")].map((body) => {
      const only = section({ key: "s", title: "S", body: typeof body === "string" ? raw(body) : body });
      return describeTemplate(definePrompt({ ns: "a", key: "b", sections: [only] })).sections[0]?.hash;
    });
    expect(hashes[1]).toBe(hashes[2]);
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  test("is made once a template", () => {
    const started = { count: 0 };
    const counting = {
      ...lookup,
      get parameters() {
        started.count++;
        return lookup.parameters;
      },
    };
    const only = section({ key: "s", title: "S", body: "", tools: [counting] });
    const { compiled } = definePrompt({ ns: "a", key: "b", sections: [only] });
    describeTemplate({ compiled });
    const once = started.count;
    describeTemplate({ compiled });
    expect([once > 0, started.count]).toEqual([true, once]);
  });
});
