import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { modelAdapter } from "../adapter/index.ts";
import { parse } from "../base/index.ts";
import { callTools, say, scriptedModel } from "../model/scripted/index.ts";
import { definePrompt, renderPrompt } from "../prompt/index.ts";
import { createSession } from "../session/index.ts";
import {
  type GeneratedPrompt,
  type GeneratedSection,
  generatePrompt,
  generateSection,
  generateTool,
  Noted,
  seededDraw,
} from "./index.ts";

const many = Array.from({ length: 150 }, (_, seed) => generatePrompt(seededDraw(seed)));
const facts = ({ template, params, answer }: GeneratedPrompt): unknown => [template.compiled.hash(), params, answer];

describe("generatePrompt", () => {
  test("gives the same for the same seed, and another for another", () => {
    expect(facts(generatePrompt(seededDraw("a")))).toEqual(facts(generatePrompt(seededDraw("a"))));
    expect(new Set(many.map((one) => JSON.stringify(facts(one)))).size).toBeGreaterThan(100);
  });

  test("gives the simplest for zeros: a prompt without sections", () => {
    expect(generatePrompt(() => 0)).toMatchObject({ params: {}, sections: [], answer: "Done." });
  });

  test("gives all kinds of sections, tools, params and outputs", () => {
    const sections = many.flatMap((one) => one.sections);
    const tools = sections.flatMap((one) => one.tools.map(({ tool }) => tool));
    const params = sections.flatMap((one) => one.params);
    const has = (...found: readonly boolean[]): void => expect(found).not.toContain(false);
    expect(new Set(sections.map(({ shown }) => shown))).toEqual(new Set(["off", "hidden", "full", "summary"]));
    expect(new Set(sections.map(({ number }) => number.split(".").length))).toEqual(new Set([1, 2, 3, 4]));
    expect(new Set(sections.map(({ section }) => section.body.kind))).toEqual(new Set(["parts", "state"]));
    expect(new Set(tools.map(({ effects }) => effects)).size).toBe(5);
    expect(new Set(params.map(({ value }) => typeof value))).toEqual(new Set(["string", "number", "boolean"]));
    has(
      sections.some(({ body }) => body === ""),
      sections.some(({ section }) => typeof section.visibility === "function"),
      sections.some(({ section, shown }) => section.stable && shown === "summary"),
      sections.some(({ slices }) => slices.length > 0),
      tools.some(({ examples }) => examples.length > 0),
      tools.some(({ params: schema }) => schema === undefined),
      tools.some(({ result }) => result !== undefined),
      params.some(({ given }) => !given),
      params.some(({ value }) => typeof value === "string" && value.includes("{{")),
      many.some(({ template }) => template.compiled.output !== undefined),
      many.some(({ template }) => template.hints.length > 0),
    );
  });

  test("tells what a render shows", () => {
    for (const { template, params, sections } of many) {
      const { sections: rendered, system, first } = renderPrompt(template.bind(params));
      const shown = sections.filter((one) => one.shown === "full" || one.shown === "summary");
      expect(rendered.map(({ path, visibility }) => [path, visibility])).toEqual(
        shown.map((one) => [one.path, one.shown]),
      );
      for (const one of shown) {
        const text = `${one.heading}\n\n${one.shown === "full" ? one.body : one.summary}`;
        expect(`${system}\n\n${first}\n\n`).toContain(text);
      }
    }
  });

  test("gives as many levels as are asked for", () => {
    const flat = Array.from({ length: 50 }, (_, seed) => generatePrompt(seededDraw(seed), { depth: 1 }));
    expect(new Set(flat.flatMap(({ sections }) => sections.map((one) => one.sections.length)))).toEqual(new Set([0]));
  });

  test("shrinks with fast-check", () => {
    const failing: GeneratedPrompt[] = [];
    fc.check(
      fc.property(fc.gen(), (g) => {
        const generated = generatePrompt((most) => g(fc.nat, most));
        const fails = generated.sections.some(({ tools }) => tools.some(({ tool }) => tool.examples.length > 1));
        if (fails) failing.push(generated);
        return !fails;
      }),
      { seed: 3 },
    );
    const [first, smallest] = [failing[0], failing.at(-1)].map((one) => JSON.stringify(one?.sections).length);
    expect(smallest).toBeLessThan((first ?? 0) / 3);
    expect(failing.at(-1)?.sections.flatMap(({ tools }) => tools)).toHaveLength(1);
  });

  test("gives an answer that ends a run", async () => {
    for (const { template, params, answer } of many.slice(0, 40)) {
      const run = modelAdapter(scriptedModel([say(answer)])).run(template.bind(params));
      expect(await run.outcome).toMatchObject({ status: "completed", text: answer });
    }
  });
});

describe("generateSection", () => {
  test("gives sections that stand side by side in a prompt of one's own", () => {
    const draw = seededDraw(2);
    const sections = [generateSection(draw), generateSection(draw, { place: "2", depth: 2 })];
    const template = definePrompt({ ns: "test", key: "own", sections: sections.map(({ section }) => section) });
    const inOrder = (one: GeneratedSection): readonly GeneratedSection[] => [one, ...one.sections.flatMap(inOrder)];
    expect(template.compiled.nodes.map(({ path, number, heading }) => [path, number, heading])).toEqual(
      sections.flatMap(inOrder).map(({ path, number, heading }) => [path, number, heading]),
    );
    const bind = template.bind as (params: object) => ReturnType<typeof template.bind>;
    const { first } = renderPrompt(bind({ ...sections[0]?.given, ...sections[1]?.given }));
    expect(first).not.toBe("");
  });

  test("gives slices that keep what is noted, and bodies that tell how much", () => {
    const found = many.find(({ sections }) =>
      sections.some(({ section, slices, shown }) => section.body.kind === "state" && slices[0] && shown === "full"),
    );
    const prompt = found?.template.bind(found.params);
    if (prompt === undefined) throw new Error("no seed gave a body made from state");
    const session = createSession({ slices: renderPrompt(prompt).slices });
    session.dispatch(Noted({ text: "noted" }));
    expect(renderPrompt(prompt, { session }).first).not.toBe(renderPrompt(prompt).first);
    const slices = found?.sections.flatMap((one) => one.slices) ?? [];
    expect(slices.map((slice) => session.query(slice).all())).toContainEqual([{ text: "noted" }]);
  });
});

describe("generateTool", () => {
  test("gives tools whose call fits, and whose examples give their answer", () => {
    for (let seed = 0; seed < 40; seed++) {
      const { tool, call, answer, mark } = generateTool(seededDraw(seed), { name: "mine" });
      expect([tool.name, tool.description.includes(mark)]).toEqual(["mine", true]);
      expect(tool.examples.every(({ output, params }) => output === answer && params !== call)).toBe(true);
      if (tool.params !== undefined) {
        expect(parse(tool.params, call).ok).toBe(true);
        expect(parse(tool.params, { ...call, more: 1 }).ok).toBe(false);
        expect(parse(tool.params, []).ok).toBe(false);
      }
    }
  });

  test("gives tools that can be called in a run", async () => {
    const { tool, call, answer } = generateTool(seededDraw(3));
    const section = generateSection(() => 0).section;
    const prompt = definePrompt({ ns: "test", key: "own", sections: [{ ...section, tools: [tool] }] }).bind();
    const model = scriptedModel([callTools([{ name: "tool", arguments: call }]), say("Done.")]);
    await modelAdapter(model).evaluate(prompt);
    expect(model.requests[1]?.messages.at(-1)?.content).toMatchObject([{ text: answer, failed: false }]);
  });
});
