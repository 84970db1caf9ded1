import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { appendAll, createSession, event, slice } from "../session/index.ts";
import { ok, tool } from "../tool/index.ts";
import { definePrompt, type RenderContext, raw, renderPrompt, type Section, type StateText, section } from "./index.ts";

const Said = event("said", z.string());
const notes = slice({ name: "notes", item: z.string(), reducers: (on) => [on(Said, appendAll())] });
const log = slice({ name: "log", item: z.string(), policy: "log", reducers: () => [] });
const tick = (name: string) => tool({ name, description: "Ticks.", effects: "none", handler: () => ok("tick") });

const stable = (key: string): Section => section({ key, title: key.toUpperCase(), body: raw(`${key} body`) });
const named = (key: string): Section =>
  section({ key, title: key.toUpperCase(), params: z.object({ name: z.string() }), body: "for {{name}}" });

function render(sections: readonly Section[], params: object = {}, session = createSession()) {
  const template = definePrompt({ ns: "test", key: "p", sections });
  return renderPrompt((template.bind as (given: object) => ReturnType<typeof template.bind>)(params), { session });
}

describe("system text and first message", () => {
  test("part where the first section is not the same for all runs", () => {
    const { system, first, sections } = render([stable("a"), stable("b"), named("c"), stable("d")], { name: "x" });
    expect(system).toBe("## 1. A (a)\n\na body\n\n## 2. B (b)\n\nb body");
    expect(first).toBe("## 3. C (c)\n\nfor x\n\n## 4. D (d)\n\nd body");
    expect(sections.map(({ path, part }) => [path, part])).toEqual([
      ["a", "system"],
      ["b", "system"],
      ["c", "first"],
      ["d", "first"],
    ]);
  });

  test("part inside a tree too", () => {
    const parent = section({ key: "a", title: "A", body: "", sections: [stable("b"), named("c")] });
    const { system, first } = render([parent], { name: "x" });
    expect(system).toBe("## 1. A (a)\n\n### 1.1. B (a.b)\n\nb body");
    expect(first).toBe("### 1.2. C (a.c)\n\nfor x");
  });

  test("say `Begin.` when all is stable, and are empty before when nothing is", () => {
    expect(render([stable("a")])).toMatchObject({ system: "## 1. A (a)\n\na body", first: "Begin." });
    expect(render([named("a")], { name: "x" })).toMatchObject({ system: "", first: "## 1. A (a)\n\nfor x" });
    expect(render([])).toMatchObject({ system: "", first: "Begin.", sections: [], tools: [], output: undefined });
  });

  test("part at a section that may be disabled, whether it is or not: else what follows would change places", () => {
    const maybe = section({
      key: "m",
      title: "M",
      params: z.object({ on: z.boolean() }),
      body: "m body",
      enabled: ({ params }) => params.on,
    });
    const sections = [stable("a"), maybe, stable("z")];
    const [on, off] = [render(sections, { on: true }), render(sections, { on: false })];
    expect(on.system).toBe(off.system);
    expect(off.first).toBe("## 3. Z (z)\n\nz body");
  });

  test("part at text from state", () => {
    const now: StateText<object> = { text: "now/v1", write: () => "it is late" };
    const { system, first } = render([stable("a"), section({ key: "n", title: "N", body: now })]);
    expect([system, first]).toEqual(["## 1. A (a)\n\na body", "## 2. N (n)\n\nit is late"]);
  });

  test("hold each section where its span says", () => {
    const inner = section({ key: "b", title: "B", body: "", sections: [stable("c"), named("d")] });
    const rendered = render([stable("a"), inner, stable("e")], { name: "x" });
    const texts = rendered.sections.map(({ part, start, end }) => rendered[part].slice(start, end));
    expect(texts).toEqual([
      "## 1. A (a)\n\na body",
      "## 2. B (b)",
      "### 2.1. C (b.c)\n\nc body",
      "### 2.2. D (b.d)\n\nfor x",
      "## 3. E (e)\n\ne body",
    ]);
    expect(rendered.system).toBe(texts.slice(0, 3).join("\n\n"));
    expect(rendered.first).toBe(texts.slice(3).join("\n\n"));
  });
});

describe("what a section brings", () => {
  const bringing = section({
    key: "a",
    title: "A",
    body: "",
    tools: [tick("one"), tick("two")],
    slices: [notes],
    sections: [section({ key: "b", title: "B", body: "", tools: [tick("three")], slices: [log] })],
  });
  const more = section({ key: "c", title: "C", body: "", tools: [tick("four")], slices: [notes] });

  test("comes in the order of the sections", () => {
    const { tools, slices } = render([bringing, more]);
    expect(tools.map(({ name }) => name)).toEqual(["one", "two", "three", "four"]);
    expect(slices).toEqual([notes, log, notes]);
  });

  test("goes with it when it is disabled", () => {
    const off = section({ key: "off", title: "Off", body: "", enabled: () => false, sections: [bringing] });
    const { tools, slices } = render([off, more]);
    expect([tools.map(({ name }) => name), slices]).toEqual([["four"], [notes]]);
  });
});

describe("functions of a section", () => {
  const params = z.object({ name: z.string().transform((name) => name.toUpperCase()) });

  test("are given what the params give out, and the session to look at", () => {
    const seen: unknown[] = [];
    const look = ({ params, session }: RenderContext<{ name: string }>): string => {
      seen.push(params);
      return `${params.name}: ${session.query(notes).all().join(", ")} {{name}}`;
    };
    const looking = section({ key: "l", title: "L", params, body: { text: "look/v1", write: look }, slices: [notes] });
    const session = createSession({ slices: [notes] });
    session.dispatch(Said("hello"));
    expect(render([looking], { name: "ada" }, session).first).toBe("## 1. L (l)\n\nADA: hello {{name}}");
    expect(seen).toEqual([{ name: "ADA" }]);
  });

  const withEnabled = (enabled: unknown): Section =>
    section({ key: "in", title: "In", params, body: "", enabled: enabled as () => boolean });
  const withText = (write: unknown): Section =>
    section({ key: "in", title: "In", body: { text: "t/v1", write: write as () => string } });
  const under = (child: Section): Section => section({ key: "a", title: "A", body: "", sections: [child] });

  test.each([
    ["enabled", withEnabled],
    ["the body", withText],
  ])("that throw for %s are told by section", (what, make) => {
    const fall = (): never => {
      throw new Error("fell over");
    };
    const error = thrownBy(() => render([under(make(fall))], { name: "x" }));
    expect(error).toMatchObject({ code: "RENDER_FAILED", details: { section: "a.in" } });
    expect(error.message).toBe(
      `section "a.in": The function for ${what} threw: fell over. Expected a function that only looks at params and session, and gives its answer. Received an exception. Mend the function that the message names. Example: ${what}: ({ params, session }) => …`,
    );
    expect(error.cause).toBeInstanceOf(Error);
  });

  const wrong: readonly (readonly [string, (give: () => unknown) => Section, () => unknown, string])[] = [
    ["enabled", withEnabled, () => "yes", 'Expected true or false, at once. Received "yes".'],
    ["enabled", withEnabled, () => undefined, "Received undefined."],
    ["enabled", withEnabled, async () => true, "Received a promise."],
    ["the body", withText, () => 7, "Expected a text, at once. Received number."],
    ["the body", withText, async () => "later", "Received a promise."],
  ];

  test.each(wrong)("that give something else for %s are refused", (_what, make, give, message) => {
    const error = thrownBy(() => render([make(give)], { name: "x" }));
    expect(error.code).toBe("RENDER_FAILED");
    expect(error.message).toContain(message);
  });

  const mend = "Mend the section that the message names.";
  const wait = "Wait for it before the prompt is defined.";
  const example = 'Example: body: { text: "plan/v1", write: () => "…" }';
  test.each([
    [
      withEnabled,
      () => "yes",
      `The function for enabled gave something else. Expected true or false, at once. Received "yes". ${mend} Example: enabled: ({ params }) => params.strict`,
    ],
    [
      withText,
      () => 7,
      `The function for the body gave something else. Expected a text, at once. Received number. ${mend} ${example}`,
    ],
    [
      withText,
      async () => "later",
      `The function for the body gave something else. Expected a text, at once. Received a promise. ${wait} ${example}`,
    ],
  ])("are told by section, with what would do: %#", (make, give, message) => {
    const error = thrownBy(() => render([under(make(give))], { name: "x" }));
    expect(error.message).toBe(`section "a.in": ${message}`);
    expect(error.details).toEqual({ section: "a.in" });
  });

  test("that give a promise which rejects leave no rejection unhandled", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    for (const make of [withEnabled, withText]) {
      expect(thrownBy(() => render([make(() => Promise.reject(new Error("late")))], { name: "x" })).code).toBe(
        "RENDER_FAILED",
      );
    }
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  test("are not asked when the parent is disabled", () => {
    const never = withEnabled(() => {
      throw new Error("asked");
    });
    const off = section({ key: "off", title: "Off", body: "", enabled: () => false, sections: [never] });
    expect(render([off], { name: "x" }).sections).toEqual([]);
  });
});

test("a value that no text can be made of is told by section and placeholder", () => {
  const odd = z.object({ name: z.string().transform((name): unknown => [name]) });
  const prompt = [
    section({ key: "s", title: "S", params: odd as z.ZodType<{ name: string }, { name: string }>, body: "{{name}}" }),
  ];
  const error = thrownBy(() => render(prompt, { name: "x" }));
  expect(error).toMatchObject({ code: "RENDER_FAILED", details: { section: "s", placeholder: "name" } });
  expect(error.message).toContain("Received a list.");
});

test("what is no prompt is refused", () => {
  const template = definePrompt({ ns: "test", key: "p", sections: [stable("a")] });
  const message = (received: string): string =>
    `prompt: This is no prompt. Expected what \`bind\` gives. Received ${received}. Bind it first. Example: template.bind(params)`;
  for (const [given, received] of [
    [template, "a prompt template"],
    [undefined, "undefined"],
    [null, "object"],
    ["p", "string"],
  ]) {
    const error = thrownBy(() => renderPrompt(given as never));
    expect([error.code, error.message]).toEqual(["INPUT_INVALID", message(received as string)]);
  }
});

test("a prompt renders the same again", () => {
  const prompt = definePrompt({ ns: "test", key: "p", sections: [stable("a"), named("b")] });
  const bound = (prompt.bind as (params: object) => ReturnType<typeof prompt.bind>)({ name: "x" });
  expect(renderPrompt(bound)).toEqual(renderPrompt(bound));
});
