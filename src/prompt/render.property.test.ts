/** What must hold for every rendered prompt, stated from the outside. Each property has a fault that it must find. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { createSession, type Slice } from "../session/index.ts";
import { type Draw, type GeneratedPrompt, generatePrompt, Noted } from "../testing/index.ts";
import type { Tool } from "../tool/index.ts";
import {
  definePrompt,
  type Prompt,
  type PromptTemplate,
  type RenderedPrompt,
  renderPrompt,
  section,
  visibility,
} from "./index.ts";

/** What is looked at: binding and rendering, or a faulty stand-in. */
interface Way {
  readonly bind: (template: PromptTemplate, params: object) => Prompt;
  readonly render: typeof renderPrompt;
  readonly hints: (template: PromptTemplate) => PromptTemplate["hints"];
}

interface Property {
  /** What holds for each prompt. */
  readonly holds: (generated: GeneratedPrompt, way: Way, draw: Draw) => void;
  /** Faulty ways, by what is wrong with them. */
  readonly faults: Readonly<Record<string, Partial<Way>>>;
}

const ours: Way = {
  bind: (template, params) => template.bind(params),
  render: renderPrompt,
  hints: ({ hints }) => hints,
};

/** A way whose renders are changed. */
const changed = (change: (rendered: RenderedPrompt, prompt: Prompt) => object): Partial<Way> => ({
  render(prompt, options) {
    const rendered = renderPrompt(prompt, options);
    return { ...rendered, ...change(rendered, prompt) };
  },
});

const check = ({ holds }: Property, way: Way): fc.IProperty<[fc.GeneratorValue]> =>
  fc.property(fc.gen(), (g) => {
    const draw: Draw = (most) => g(fc.nat, most);
    holds(generatePrompt(draw), way, draw);
  });

const textOf = (rendered: RenderedPrompt, path: string): string | undefined => {
  const found = rendered.sections.find((section) => section.path === path);
  return found && rendered[found.part].slice(found.start, found.end);
};
const isIn = (path: string, above: string): boolean => path === above || path.startsWith(`${above}.`);
/** Tools without what is made anew for each render. */
const plain = (tools: readonly Tool[]): readonly object[] => tools.map(({ handler: _handler, ...tool }) => tool);
const ownTools = ({ tools }: RenderedPrompt): readonly Tool[] =>
  tools.filter(({ name }) => name !== "open_sections" && name !== "read_section");
const namesOf = ({ tools }: GeneratedPrompt["sections"][number]): readonly string[] =>
  tools.map(({ tool }) => tool.name);
const notice = /^\n\n---\n\n\[This is a summary: [^\n]*\]$/;
const examples = /^\n\nTools:\n- tool_/;
/** What is told of a section, and its text. */
const facts =
  (rendered: RenderedPrompt) =>
  ({ path, number, visibility, part, tools }: RenderedPrompt["sections"][number]): unknown => [
    path,
    number,
    visibility,
    part,
    tools,
    textOf(rendered, path),
  ];
/** Whether a section must read the same for all params and states, and always stands there. */
function isStable({ sections }: GeneratedPrompt, path: string): boolean {
  const above = sections.filter((one) => isIn(path, one.path) && path !== one.path);
  const below = sections.filter((one) => isIn(one.path, path) && path !== one.path);
  const own = sections.find((one) => one.path === path);
  return (
    own?.section.stable === true &&
    [own, ...above].every(({ enabledBy }) => enabledBy === undefined) &&
    above.every(({ section }) => typeof section.visibility !== "function") &&
    (own.shown !== "summary" || below.every(({ enabledBy }) => enabledBy === undefined)) // a summary names what is below
  );
}
/** Does what can be done to a list; what is frozen needs no protection. */
function spoil(list: readonly unknown[]): void {
  if (!Object.isFrozen(list)) (list as unknown[]).splice(0, list.length, "changed");
}
/** Turns every switch, and gives other values. */
const others = (params: GeneratedPrompt["params"]): object =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === "boolean" ? !value : typeof value === "number" ? value + 1 : `${value}!`,
    ]),
  );
/** A session in which bodies made from state find something. */
function usedSession({ slices }: RenderedPrompt) {
  const session = createSession({ slices });
  session.dispatch(Noted({ text: "noted" }));
  return session;
}

let counter = 0;
const kept = new WeakMap<Prompt, RenderedPrompt>();
const bindAgain = new WeakMap<Prompt, () => Prompt>();

const properties: Readonly<Record<string, Property>> = {
  "the same prompt and state give the same, however often and however bound": {
    holds({ template, params }, { bind, render }) {
      const prompt = bind(template, params);
      const session = usedSession(render(prompt));
      const { tools, ...first } = render(prompt, { session });
      for (const again of [prompt, bind(template, { ...params }), prompt.bind({})]) {
        const rendered = render(again, { session });
        expect({ ...rendered, tools: plain(rendered.tools) }).toEqual({ ...first, tools: plain(tools) });
      }
    },
    faults: {
      "renders that are counted": changed(({ first }) => ({ first: `${first} ${counter++}` })),
    },
  },

  "what is done to a rendered prompt, or to params that were bound, changes no other render": {
    holds({ template, params }, { bind, render }) {
      const given: Record<string, unknown> = { ...params };
      const prompt = bind(template, given);
      const before = JSON.stringify(render(prompt));
      Object.assign(given, others(params), { more: true });
      const { sections, tools, slices, answers } = render(prompt);
      for (const one of sections) {
        spoil(one.tools);
        Reflect.set(one, "path", "changed");
      }
      for (const list of [sections, tools, slices, answers]) spoil(list);
      expect(JSON.stringify(render(prompt))).toBe(before);
      expect(JSON.stringify(render(prompt.bind({})))).toBe(before);
    },
    faults: {
      "renders that are kept": {
        render(prompt, options) {
          const rendered = kept.get(prompt) ?? renderPrompt(prompt, options);
          kept.set(prompt, rendered);
          return rendered;
        },
      },
      "params that are looked at late": {
        bind(template, params) {
          const prompt = template.bind(params);
          bindAgain.set(prompt, () => template.bind(params));
          return prompt;
        },
        render: (prompt, options) => renderPrompt(bindAgain.get(prompt)?.() ?? prompt, options),
      },
    },
  },

  "each section that is shown stands at its span, its values exactly as they were given": {
    holds({ template, params, sections }, { bind, render }) {
      const rendered = render(bind(template, params));
      const shown = sections.filter((one) => one.shown === "full" || one.shown === "summary");
      expect(rendered.sections.map(({ path, visibility, tools }) => [path, visibility, tools])).toEqual(
        shown.map((one) => [one.path, one.shown, one.shown === "full" ? namesOf(one) : []]),
      );
      for (const one of shown) {
        const written = one.shown === "full" ? one.body : one.summary;
        const begins = written === "" ? one.heading : `${one.heading}\n\n${written}`;
        const text = textOf(rendered, one.path) ?? "";
        expect(text.slice(0, begins.length)).toBe(begins);
        const more =
          one.shown === "summary" ? notice : one.tools.some(({ tool }) => tool.examples.length > 0) ? examples : /^$/;
        expect(text.slice(begins.length)).toMatch(more);
      }
    },
    faults: {
      "values that are scanned": changed(({ first }) => ({ first: first.replaceAll("{{{{", "{{") })),
      "values that are taken for patterns": changed(({ first }) => ({
        first: "x".replace("x", first),
      })),
    },
  },

  "tools are those of what is shown in full, slices those of all that takes part": {
    holds({ template, params, sections }, { bind, render }) {
      const rendered = render(bind(template, params));
      const full = sections.filter(({ shown }) => shown === "full");
      expect(ownTools(rendered).map(({ name }) => name)).toEqual(full.flatMap(namesOf));
      const slices = sections.flatMap((one) => (one.shown === "off" ? [] : one.slices));
      const summaries = sections.some(({ summary }) => summary !== undefined);
      expect(rendered.slices).toEqual(summaries ? [...slices, visibility] : slices);
      for (const one of sections.filter(({ shown }) => shown === "summary")) {
        const said = textOf(rendered, one.path)?.split("\n\n---\n\n").at(-1) ?? "";
        const tool = /^\[This is a summary: call (\w+) with "([\w.]+)"/.exec(said);
        expect(tool?.[2]).toBe(one.path);
        expect(rendered.tools.map(({ name }) => name)).toContain(tool?.[1]);
        for (const { shown, path } of one.sections) {
          if (shown !== "off") expect(said).toMatch(new RegExp(`\\b${path.split(".").at(-1)}[,.]`));
        }
      }
    },
    faults: {
      "slices of what is shown in full": changed(({ slices, sections }, { template }) => ({
        slices: slices.filter((slice) =>
          template.nodes.some(
            ({ section, path }) =>
              section.slices.includes(slice) && sections.some((one) => one.path === path && one.visibility === "full"),
          ),
        ),
      })),
      "tools out of order": changed(({ tools }) => ({ tools: tools.toReversed() })),
      "summaries whose tool is missing": changed(({ tools }) => ({
        tools: tools.filter(({ name }) => /\d/.test(name)),
      })),
    },
  },

  "the spans are all of the text, in order, with one empty line between them": {
    holds({ template, params, sections: generated }, { bind, render }) {
      const rendered = render(bind(template, params));
      const headings = new Map(generated.map(({ path, heading }) => [path, heading]));
      for (const part of ["system", "first"] as const) {
        const spans = rendered.sections.filter((one) => one.part === part);
        let end = -2;
        for (const { path, start, ...span } of spans) {
          expect(start).toBe(end + 2);
          if (end >= 0) expect(rendered[part].slice(end, start)).toBe("\n\n");
          end = span.end;
          const [heading = "", ...below] = rendered[part].slice(start, end).split("\n");
          expect(heading).toBe(headings.get(path));
          expect(below[0] ?? "").toBe("");
        }
        if (spans.length > 0) expect(end).toBe(rendered[part].length);
        else expect(rendered[part]).toBe(part === "system" ? "" : "Begin.");
      }
      const parts = rendered.sections.map(({ part }) => part);
      expect(parts).toEqual(parts.toSorted().reverse()); // the system text comes first
    },
    faults: {
      "spans that are one short": changed(({ sections }) => ({
        sections: sections.map((one) => ({ ...one, end: one.end - 1 })),
      })),
      "a text with more at its end": changed(({ first }) => ({ first: `${first}\n` })),
      "sections out of order": changed(({ sections }) => ({ sections: sections.toReversed() })),
    },
  },

  "a section that is switched off takes along its text, tools and slices and those below it, and nothing else": {
    holds({ template, params, sections }, { bind, render }, draw) {
      const switched = sections.filter(
        ({ enabledBy, shown }) => enabledBy !== undefined && (shown === "full" || shown === "summary"),
      );
      const off = switched[draw(Math.max(0, switched.length - 1))];
      if (off?.enabledBy === undefined) return;
      const before = render(bind(template, params));
      const after = render(bind(template, { ...params, [off.enabledBy]: false }));
      const stays = ({ path }: { readonly path: string }): boolean => !isIn(path, off.path);
      expect(after.sections.map(facts(after))).toEqual(before.sections.filter(stays).map(facts(before)));
      const gone = sections.filter((one) => !stays(one));
      const names = gone.flatMap(({ tools }) => tools.map(({ tool }) => tool.name));
      expect(plain(ownTools(after))).toEqual(plain(ownTools(before).filter(({ name }) => !names.includes(name))));
      const slices: readonly Slice[] = gone.flatMap((one) => one.slices);
      expect(after.slices).toEqual(before.slices.filter((slice) => !slices.includes(slice)));
      expect(JSON.stringify(after)).not.toContain(`<body ${off.number}>`);
    },
    faults: {
      "tools that stay": changed((_rendered, { template }) => ({
        tools: template.nodes.flatMap(({ section }) => section.tools),
      })),
      "slices that stay": changed((_rendered, { template }) => ({
        slices: template.nodes.flatMap(({ section }) => section.slices),
      })),
      "numbers that are counted anew": changed(({ sections }) => ({
        sections: sections.map((one, index) => ({ ...one, number: `${index + 1}` })),
      })),
    },
  },

  "params of what stands in a section that is switched off need not be given": {
    holds({ template, params, sections }, { bind, render }) {
      const off = sections.filter(({ shown }) => shown === "off").map(({ path }) => `${path}.`);
      const asked = sections.filter(({ path }) => !off.some((above) => path.startsWith(above)));
      const names = asked.flatMap((one) => one.params.map(({ name }) => name));
      const given = Object.fromEntries(Object.entries(params).filter(([name]) => names.includes(name)));
      expect(JSON.stringify(render(bind(template, given)))).toBe(JSON.stringify(render(bind(template, params))));
    },
    faults: {
      "texts that quote all params": changed(({ first }, { params }) => ({ first: first + JSON.stringify(params) })),
    },
  },

  "the system text is the same whatever params and state are": {
    holds({ template, params }, { bind, render }) {
      const prompt = bind(template, params);
      const rendered = render(prompt);
      const session = usedSession(rendered);
      expect(render(prompt, { session }).system).toBe(rendered.system);
      expect(render(bind(template, others(params)), { session }).system).toBe(rendered.system);
    },
    faults: {
      "a system text that tells how much there is": changed(({ system, sections }) => ({
        system: `${system}\n\n${sections.length} sections`,
      })),
      "a system text that quotes a param": changed(({ system }, { params }) => ({
        system: system + Object.values(params)[0],
      })),
    },
  },

  "what is switched off, hidden or summarised is in no text and no tool": {
    holds({ template, params, sections }, { bind, render }) {
      const { system, first, tools } = render(bind(template, params));
      const all = [system, first, JSON.stringify(tools)].join("\n");
      for (const { shown, number, heading, tools: own } of sections) {
        const isShown = shown === "full" || shown === "summary";
        const secret = [
          ...(isShown ? [] : [heading]),
          ...(shown === "full" ? [] : [`<body ${number}>`, ...own.flatMap(({ mark, tool }) => [mark, tool.name])]),
          ...(shown === "summary" ? [] : [`<summary ${number}>`]),
        ];
        expect(secret.filter((text) => all.includes(text))).toEqual([]);
      }
    },
    faults: {
      "tools of what is hidden": changed((_rendered, { template }) => ({
        tools: template.nodes.flatMap(({ section }) => section.tools),
      })),
      "examples of what is hidden": changed(({ first }, { template }) => ({
        first: [first, ...template.nodes.map(({ examples }) => examples)].join("\n\n"),
      })),
      "summaries beside bodies": changed(({ first }, { template }) => ({
        first: [first, ...template.nodes.map(({ section }) => section.summary?.written)].join("\n\n"),
      })),
    },
  },

  "numbers are those of the definition, whatever is switched off": {
    holds({ template, params, sections }, { bind, render }) {
      const numbers = new Map(sections.map(({ path, number }) => [path, number]));
      for (const given of [params, others(params)]) {
        const rendered = render(bind(template, given));
        for (const { path, number } of rendered.sections) {
          expect(number).toBe(numbers.get(path));
          expect(textOf(rendered, path)).toContain(`# ${number}. `);
        }
      }
    },
    faults: {
      "numbers that are counted": changed(({ sections }) => ({
        sections: sections.map((one, index) => ({ ...one, number: `${index + 1}` })),
      })),
    },
  },

  "hints tell the stable sections behind changing ones, and how many bytes they are": {
    holds(generated, { bind, render, hints }) {
      const { template, params } = generated;
      const rendered = render(bind(template, params));
      const other = render(bind(template, others(params)), { session: usedSession(rendered) });
      const told = hints(template).flatMap(({ stable }) => stable);
      for (const { path, part } of rendered.sections) {
        const isTold = told.includes(path);
        if (part === "first" && isStable(generated, path)) expect([path, isTold]).toEqual([path, true]);
        if (isTold) expect([part, textOf(other, path)]).toEqual(["first", textOf(rendered, path)]);
      }
      for (const { section, stable, bytes } of hints(template)) {
        expect(stable).not.toContain(section);
        expect(bytes).toBe(Buffer.byteLength(stable.map((path) => textOf(rendered, path)).join("")));
      }
    },
    faults: {
      "hints that count characters": {
        hints: ({ hints }) => hints.map((hint) => ({ ...hint, bytes: hint.bytes - 1 })),
      },
      "hints of what comes first": {
        hints: ({ hints, compiled }) => [
          ...compiled.nodes.slice(0, compiled.leading).map(({ path }) => ({
            ...{ kind: "uncached" as const, section: path, stable: [path], bytes: 0, message: "" },
          })),
          ...hints,
        ],
      },
    },
  },
};

describe.each(Object.entries(properties))("%s", (_name, property) => {
  test("for all prompts", () => {
    fc.assert(check(property, ours), { numRuns: Math.ceil(propertyRuns / 10) });
  });

  test.each(Object.entries(property.faults))("but not for %s", (_fault, way) => {
    const { failed, errorInstance } = fc.check(check(property, { ...ours, ...way }), {
      numRuns: 1_000,
      seed: 1,
      endOnFailure: true,
    });
    expect([failed, errorInstance]).toEqual([true, expect.objectContaining({ name: "AssertionError" })]);
  });
});

test("the system text is the same when what a summary in it stands for may be switched off", () => {
  const params = z.object({ on: z.boolean() });
  const child = section({ key: "below", title: "Below", params, body: "Below.", enabled: ({ params: { on } }) => on });
  const above = { key: "above", title: "Above", body: "Above.", summary: "Short.", visibility: "summary" } as const;
  const { bind } = definePrompt({ ns: "test", key: "p", sections: [section({ ...above, sections: [child] })] });
  expect(renderPrompt(bind({ on: false })).system).toBe(renderPrompt(bind({ on: true })).system);
});
