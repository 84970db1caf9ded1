/** What once went wrong with prompts. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { type Logger, parseAsync } from "../base/index.ts";
import { createSession } from "../session/index.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import {
  definePrompt,
  deleteOverrides,
  memoryOverrides,
  type Prompt,
  renderPrompt,
  resolveOverrides,
  type Section,
  section,
  setOverrides,
  step,
  taskExample,
} from "./index.ts";

const named = (name: string): Tool => tool({ name, description: "Does.", effects: "none", handler: () => ok("done") });
const deploy = named("deploy");
const search = named("search");
const example = taskExample({
  key: "example",
  objective: "Deploy",
  outcome: "Done.",
  steps: [step(deploy, { description: "Deploy", params: {}, result: "done" })],
});
const hidden = section({ key: "hidden", title: "H", body: "", summary: "h", visibility: "summary", tools: [deploy] });
const promptOf = (...sections: Section[]): Prompt =>
  definePrompt({ ns: "test", key: "regression", sections: sections as readonly Section[] }).bind({});
const toolOf = (prompt: Prompt, name: string): Tool => {
  const found = renderPrompt(prompt).tools.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found;
};

describe("examples of tasks that cannot be followed", () => {
  test("take no tools of the section that they stand in along", () => {
    const how = section({ key: "how", title: "How", body: "", tools: [search], sections: [example] });
    const { tools, sections } = renderPrompt(promptOf(how, hidden));
    expect(tools.map(({ name }) => name)).toEqual(["search", "open_sections"]);
    expect(sections.map(({ path }) => path)).toEqual(["how", "hidden"]);
  });

  test("are not read either", async () => {
    const guide = section({
      key: "guide",
      title: "G",
      body: "G",
      summary: "g",
      visibility: "summary",
      sections: [example],
    });
    const read = toolOf(promptOf(guide, hidden), "read_section");
    const result = await read.handler({ section_key: "guide" }, { session: createSession() });
    expect(JSON.stringify(result)).not.toContain("deploy");
  });
});

test("a model that opens thousands of sections is told so shortly", async () => {
  const open = toolOf(promptOf(hidden), "open_sections");
  const many = Array.from({ length: 20_000 }, (_, index) => `wrong-${index}`);
  const result = await open.handler({ section_keys: many, reason: "" }, { session: createSession() });
  expect(result).toEqual({ ok: false, message: "That are 20000 sections at once. Open at most 50." });
  const some = await open.handler({ section_keys: many.slice(0, 50), reason: "" }, { session: createSession() });
  expect(JSON.stringify(some).length).toBeLessThan(1_000);
});

test("an asynchronous check that rejects is a problem of the value, and of nothing else", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  let asked = 0;
  const schema = z.object({
    a: z.string().refine(async () => {
      asked++;
      throw new Error("the database is down");
    }),
  });
  expect(await parseAsync(schema, { a: "x" })).toMatchObject({ ok: false });
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", note);
  expect([unhandled, asked]).toEqual([[], 1]);
});

test("params of a section that may be off are forgiven when they are missing, not when they are wrong inside", () => {
  const maybe = section({
    key: "maybe",
    title: "M",
    params: z.object({ user: z.object({ name: z.string() }), tags: z.array(z.string()) }),
    body: "M",
    enabled: () => false,
  });
  const template = definePrompt({ ns: "test", key: "inner", sections: [maybe] });
  const bind = template.bind as (params: object) => Prompt;
  expect(bind({}).values).toHaveLength(1);
  expect(thrownBy(() => bind({ user: { name: 5 }, tags: ["a"] })).code).toBe("PARAMS_INVALID");
  expect(thrownBy(() => bind({ user: { name: "a" }, tags: [1] })).code).toBe("PARAMS_INVALID");
});

test("functions of sections cannot change the params that they are given", () => {
  const growing = section({
    key: "growing",
    title: "G",
    params: z.object({ list: z.array(z.string()) }),
    body: { text: "growing/v1", write: ({ params }) => `${params.list.push("!")}` },
  });
  const prompt = definePrompt({ ns: "test", key: "frozen", sections: [growing] }).bind({ list: ["a"] });
  expect(thrownBy(() => renderPrompt(prompt)).code).toBe("RENDER_FAILED");
  expect(prompt.values).toEqual([{ list: ["a"] }]);
});

describe("overrides", () => {
  const template = definePrompt({
    ns: "test",
    key: "over",
    sections: [section({ key: "a", title: "A", body: "A" })],
  });

  test("that are resolved again and again do not pile up", async () => {
    const store = memoryOverrides();
    await setOverrides(template, [{ section: "a", body: "Over." }], { store });
    let prompt: Prompt = template.bind();
    for (let count = 0; count < 3_000; count++) prompt = (await resolveOverrides(prompt, { store })).prompt;
    expect(renderPrompt(prompt.bind({})).system).toContain("Over.");
  });

  test("are not all deleted by a section that is undefined", async () => {
    const store = memoryOverrides();
    await setOverrides(template, [{ section: "a", body: "Over." }], { store });
    await deleteOverrides(template, { store, section: undefined } as never); // as: what other compilers let pass
    expect(await store.list()).toHaveLength(1);
  });

  test("are told to a log that cannot be written, and the run goes on", async () => {
    const store = memoryOverrides();
    await setOverrides(template, [{ section: "a", body: "Over." }], { store });
    const logger: Logger = {
      log: () => {
        throw new Error("disk full");
      },
    };
    expect((await resolveOverrides(template.bind(), { store, logger })).applied.sections).toEqual(["a"]);
  });

  test.each(["latest.json", "a.json"])("of a key or tag that is a file's name are refused: %s", async (name) => {
    const store = memoryOverrides();
    await expect(store.load({ ns: "a", key: name, tag: "latest" })).rejects.toMatchObject({
      code: "OVERRIDES_INVALID",
    });
    await expect(store.load({ ns: "a", key: "b", tag: name })).rejects.toMatchObject({ code: "OVERRIDES_INVALID" });
  });
});
