/**
 * Sections that are opened and read in real runs of random prompts, by a model that calls at random: right and wrong keys,
 * twice, side by side, below others. What the run shows is compared with what the description of the prompt lets expect.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../test/support/property-runs.ts";
import { modelAdapter } from "../adapter/index.ts";
import { countedIds } from "../base/index.ts";
import type { ModelRequest, ToolResultPart } from "../model/index.ts";
import { answerWith, type ScriptCall, say, scriptedModel } from "../model/scripted/index.ts";
import { createSession, type Session } from "../session/index.ts";
import {
  createFakeClock,
  type Draw,
  type GeneratedPrompt,
  type GeneratedSection,
  generatePrompt,
  Noted,
} from "../testing/index.ts";
import { fail, ok, type ToolResult } from "../tool/index.ts";
import { type Prompt, type RenderedPrompt, renderPrompt, type Visibility, VisibilitySet, visibility } from "./index.ts";

type Turns = readonly (readonly ScriptCall[])[];
/** What a session keeps: how much of a section is shown, by path. */
type Kept = Readonly<Record<string, Visibility>>;

/** What a run showed. */
interface Observed {
  readonly prompt: Prompt;
  readonly session: Session;
  readonly status: string;
  /** One for each turn, and the one that is answered with text. */
  readonly requests: readonly ModelRequest[];
  /** What the session kept when each request was made. */
  readonly kept: readonly Kept[];
  readonly results: readonly (readonly ToolResultPart[])[];
}

/** What must come of it. */
interface Expected {
  /** For each request. */
  readonly kept: readonly Kept[];
  readonly tools: readonly (readonly string[])[];
  /** For each call of each turn: nothing if it fails, else its result, or the texts that stand in it. */
  readonly results: readonly (readonly (string | readonly string[] | undefined)[])[];
}

interface Property {
  readonly holds: (observed: Observed, expected: Expected, generated: GeneratedPrompt) => void | Promise<void>;
  /** What a faulty library would show, by what is wrong with it. */
  readonly faults: Readonly<Record<string, (observed: Observed) => Observed>>;
}

function generateTurns(draw: Draw, { sections }: GeneratedPrompt): Turns {
  const pick = <Item>(items: readonly Item[]): Item => items[draw(items.length - 1)] as Item;
  const tools = sections.flatMap((one) => one.tools);
  const paths = sections.map(({ path }) => path);
  const closed = sections.filter(({ shown }) => isClosed(shown)).map(({ path }) => path);
  const wrong = ["", "none", "__proto__", "constructor", "x".repeat(300), ...paths.map((path) => `${path}.none`)];
  const key = (): string => pick(pick([closed, closed, closed, paths, wrong].filter(({ length }) => length > 0)));
  const open = (section_keys: unknown): ScriptCall => ({
    name: "open_sections",
    arguments: { section_keys, reason: "to see it" },
  });
  const kinds: readonly (() => ScriptCall)[] = [
    () => open([key()]),
    () => open(Array.from({ length: 1 + draw(2) }, key)),
    () => ({ name: "read_section", arguments: { section_key: key() } }),
    () => pick([...tools.map(({ tool, call }) => ({ name: tool.name, arguments: call })), { name: "none" }]),
    () => pick([open([]), open("s1"), open([1]), { name: "open_sections", arguments: "{" }, { name: "read_section" }]),
  ];
  const weighted = [0, 0, 1, 1, 2, 3, 3, 4].map((index) => kinds[index] as () => ScriptCall);
  return Array.from({ length: 1 + draw(3) }, () => Array.from({ length: 1 + draw(2) }, () => pick(weighted)()));
}

/** What earlier runs have left: some sections opened, some closed, whether they can be or not. */
function generateKept(draw: Draw, { sections }: GeneratedPrompt): Kept {
  const some = sections.filter(() => draw(4) === 4);
  return Object.fromEntries(some.map(({ path }) => [path, draw(1) === 1 ? "summary" : "full"]));
}

async function play({ template, params, answer }: GeneratedPrompt, before: Kept, turns: Turns): Promise<Observed> {
  const prompt = template.bind(params);
  const session = createSession({ slices: [visibility] });
  for (const [section, visibility] of Object.entries(before)) {
    session.dispatch(VisibilitySet({ prompt: prompt.name, section, visibility }));
  }
  const kept: Kept[] = [];
  const look = (): void => {
    const all = session.query(visibility).all();
    kept.push(Object.fromEntries(all.map((one) => [one.section, one.visibility])));
  };
  const model = scriptedModel([
    ...turns.map((calls) =>
      answerWith(() => {
        look();
        return { calls };
      }),
    ),
    answerWith(() => {
      look();
      return { text: answer };
    }),
  ]);
  const { status } = await modelAdapter(model).run(prompt, { session, clock: createFakeClock(), ids: countedIds() })
    .outcome;
  const results = (model.requests.at(-1)?.messages ?? []).flatMap(({ role, content }) =>
    role === "tool" ? [content as readonly ToolResultPart[]] : [],
  );
  return { prompt, session, status, requests: model.requests, kept, results };
}

type Shown = GeneratedSection["shown"];

/** What is shown of each section. */
function shownWith(sections: GeneratedPrompt["sections"], kept: Kept): ReadonlyMap<string, Shown> {
  const shown = new Map<string, Shown>();
  for (const one of sections) {
    const above = shown.get(one.path.slice(0, one.path.lastIndexOf("."))) ?? "full";
    const wanted = kept[one.path] ?? one.visibility;
    const own = one.summary === undefined ? "full" : wanted;
    shown.set(one.path, one.shown === "off" ? "off" : above === "full" ? own : "hidden");
  }
  return shown;
}

const isIn = (path: string, above: string): boolean => path === above || path.startsWith(`${above}.`);
const isClosed = (shown: Shown | undefined): boolean => shown === "summary" || shown === "hidden";
const fullText = ({ heading, body }: GeneratedSection): string => (body === "" ? heading : `${heading}\n\n${body}`);
const toolsOf = (sections: GeneratedPrompt["sections"], shown: ReadonlyMap<string, Shown>): readonly string[] =>
  sections.flatMap(({ path, tools }) => (shown.get(path) === "full" ? tools.map(({ tool }) => tool.name) : []));

/** The tools for what is summarised. */
function disclosing(sections: GeneratedPrompt["sections"], shown: ReadonlyMap<string, Shown>): readonly string[] {
  const brings = sections
    .filter(({ path }) => shown.get(path) === "summary")
    .map(({ path: above }) =>
      sections.some(({ path, tools }) => isIn(path, above) && shown.get(path) !== "off" && tools.length > 0),
    );
  return [...(brings.includes(true) ? ["open_sections"] : []), ...(brings.includes(false) ? ["read_section"] : [])];
}

/** The keys that a call of a disclosure tool names; undefined where its arguments do not fit. */
function keysIn({ name, arguments: given }: ScriptCall): readonly string[] | undefined {
  const { section_keys: keys, section_key: key } = Object(given) as { section_keys?: unknown; section_key?: unknown };
  if (name === "read_section") return typeof key === "string" ? [key] : undefined;
  const fits = Array.isArray(keys) && keys.length > 0 && keys.every((one) => typeof one === "string");
  return fits ? keys : undefined;
}

/** Does the calls on the description of the prompt. */
function foresee({ sections }: GeneratedPrompt, before: Kept, turns: Turns): Expected {
  const own = new Map(sections.flatMap(({ tools }) => tools).map((one) => [one.tool.name, one]));
  let kept = before;
  const atFirst = shownWith(sections, kept);
  let offered = [...toolsOf(sections, atFirst), ...disclosing(sections, atFirst)];
  const all = { kept: [kept], tools: [offered], results: [] as Expected["results"][number][] };
  for (const calls of turns) {
    let seen = kept; // calls side by side do not see what the others do
    const settle = (call: ScriptCall): Expected["results"][number][number] => {
      const called = own.get(call.name);
      const isOffered = offered.includes(call.name);
      if (!isOffered || (called?.tool.effects ?? "none") !== "none") seen = kept; // it stands alone
      if (!isOffered || called !== undefined) return isOffered ? called?.answer : undefined;
      const keys = keysIn(call);
      const shown = shownWith(sections, seen);
      if (keys?.every((key) => isClosed(shown.get(key))) !== true) return undefined;
      if (call.name === "read_section") return sections.filter(({ path }) => keys.includes(path)).map(fullText);
      const more = sections.filter(({ path }) => isClosed(shown.get(path)) && keys.some((key) => isIn(key, path)));
      kept = { ...kept, ...Object.fromEntries(more.map(({ path }) => [path, "full"])) };
      return more.map(fullText);
    };
    all.results.push(calls.map(settle));
    offered = [...new Set([...offered, ...toolsOf(sections, shownWith(sections, kept))])];
    all.kept.push(kept);
    all.tools.push(offered);
  }
  return all;
}

const textOf = (rendered: RenderedPrompt, path: string): string =>
  rendered.sections
    .filter((one) => isIn(one.path, path))
    .map(({ part, start, end }) => rendered[part].slice(start, end))
    .join("\n\n");
const pairs = <Item>(items: readonly Item[]): readonly (readonly [Item, Item])[] =>
  items.slice(1).map((item, index) => [items[index] as Item, item]);
/** The same with its last request changed. */
const lastRequest = (observed: Observed, change: (request: ModelRequest) => Partial<ModelRequest>): Observed => ({
  ...observed,
  requests: observed.requests.map((request, index, { length }) =>
    index === length - 1 ? { ...request, ...change(request) } : request,
  ),
});

const properties: Readonly<Record<string, Property>> = {
  "all that the model was sent stays as it was, and more comes only at the end": {
    holds({ requests, status }) {
      expect(status).toBe("completed");
      for (const [before, after] of pairs(requests)) {
        expect(after.system).toBe(before.system);
        expect(after.output).toEqual(before.output);
        expect(after.messages.slice(0, before.messages.length)).toEqual(before.messages);
        expect(after.tools.slice(0, before.tools.length)).toEqual(before.tools);
      }
    },
    faults: {
      "a system text that is rendered anew": (observed) =>
        lastRequest(observed, ({ system }) => ({ system: `${system}.` })),
      "a first message that is rendered anew": (observed) =>
        lastRequest(observed, ({ messages }) => ({
          messages: [{ role: "user", content: [{ type: "text", text: "new" }] }, ...messages.slice(1)],
        })),
      "tools that are sorted": (observed) => lastRequest(observed, ({ tools }) => ({ tools: tools.toReversed() })),
    },
  },

  "each call gets one result: what was opened or read, in full, or what is wrong": {
    holds({ requests, results }, expected) {
      const calls = (requests.at(-1)?.messages ?? []).flatMap(({ role, content }) =>
        role === "assistant" ? [content.flatMap((part) => (part.type === "tool-call" ? [part.id] : []))] : [],
      );
      expect(results.map((turn) => turn.map(({ id }) => id))).toEqual(calls);
      for (const [turn, texts] of expected.results.entries()) {
        for (const [index, parts] of texts.entries()) {
          const result = results[turn]?.[index];
          expect(result?.failed).toBe(parts === undefined);
          if (typeof parts === "string") expect(result?.text).toBe(parts);
          else for (const part of parts ?? []) expect(result?.text.split(part)).toHaveLength(2); // once
        }
      }
    },
    faults: {
      "results that are missing": (observed) => ({
        ...observed,
        results: observed.results.map((turn) => turn.slice(1)),
      }),
      "results that only say that it was done": (observed) => ({
        ...observed,
        results: observed.results.map((turn) => turn.map((result) => ({ ...result, text: "Done." }))),
      }),
      "wrong calls that seem to be right": (observed) => ({
        ...observed,
        results: observed.results.map((turn) => turn.map((result) => ({ ...result, failed: false }))),
      }),
    },
  },

  "tools of what was opened are offered from the next turn on, each once": {
    holds({ requests }, expected) {
      expect(requests.map(({ tools }) => tools.map(({ name }) => name))).toEqual(expected.tools);
    },
    faults: {
      "tools that come with the next run only": (observed) => ({
        ...observed,
        requests: observed.requests.map((request) => ({ ...request, tools: observed.requests[0]?.tools ?? [] })),
      }),
    },
  },

  "the session keeps what was opened, and what stood above it; a wrong call changes nothing": {
    holds({ kept, session }, expected) {
      expect(kept).toEqual(expected.kept);
      expect(
        session
          .history()
          .all()
          .filter(({ rolledBack }) => rolledBack),
      ).toEqual([]);
    },
    faults: {
      "a session that keeps nothing": (observed) => ({ ...observed, kept: observed.kept.map(() => ({})) }),
      "a session that keeps what is shown in full anyway": (observed) => ({
        ...observed,
        kept: observed.kept.map((kept) => ({
          ...Object.fromEntries(renderPrompt(observed.prompt).sections.map(({ path }) => [path, "full"])),
          ...kept,
        })),
      }),
    },
  },

  "the next run of the session shows in place what was opened, and offers its tools at once": {
    async holds({ prompt, session }, expected, { sections, answer }) {
      const shown = shownWith(sections, expected.kept.at(-1) ?? {});
      const model = scriptedModel([say(answer)]);
      await modelAdapter(model).evaluate(prompt, { session, clock: createFakeClock(), ids: countedIds() });
      const rendered = renderPrompt(prompt, { session });
      expect(rendered.sections.map(({ path, visibility }) => [path, visibility])).toEqual(
        [...shown].filter(([, state]) => state === "full" || state === "summary"),
      );
      const request = model.requests[0];
      expect(request?.tools.map(({ name }) => name)).toEqual([
        ...toolsOf(sections, shown),
        ...disclosing(sections, shown),
      ]);
      const text = `${request?.system}\n\n${JSON.stringify(request?.messages)}`;
      expect(text).toBe(
        `${rendered.system}\n\n${JSON.stringify([{ role: "user", content: [{ type: "text", text: rendered.first }] }])}`,
      );
      for (const one of sections) {
        const begins = rendered.sections.some(({ path }) => path === one.path) ? textOf(rendered, one.path) : "";
        if (shown.get(one.path) === "full") expect(begins.slice(0, fullText(one).length)).toBe(fullText(one));
      }
    },
    faults: {
      "a session that forgets": (observed) => ({ ...observed, session: createSession() }),
    },
  },
};

const check = ({ holds }: Property, seen: (observed: Observed) => Observed) =>
  fc.asyncProperty(fc.gen(), async (g) => {
    const draw: Draw = (most) => g(fc.nat, most);
    const generated = generatePrompt(draw);
    const before = generateKept(draw, generated);
    const turns = generateTurns(draw, generated);
    await holds(seen(await play(generated, before, turns)), foresee(generated, before, turns), generated);
  });

const runs = { numRuns: Math.ceil(propertyRuns / 10) };
/** Long enough to make a counterexample small. */
const timeout = 60_000;

async function expectFault(property: fc.IAsyncProperty<[fc.GeneratorValue]>): Promise<void> {
  const { failed, errorInstance } = await fc.check(property, { numRuns: 1_000, seed: 1, endOnFailure: true });
  expect([failed, errorInstance]).toEqual([true, expect.objectContaining({ name: "AssertionError" })]);
}

describe.each(Object.entries(properties))("%s", (_name, property) => {
  test("in all runs", { timeout }, () =>
    fc.assert(
      check(property, (observed) => observed),
      runs,
    ),
  );

  test.each(Object.entries(property.faults))("but not with %s", (_fault, seen) => expectFault(check(property, seen)));
});

describe("a section that is read", () => {
  type Read = (rendered: RenderedPrompt, path: string, session: Session) => Promise<ToolResult<string>>;
  const read: Read = async ({ tools }, path, session) =>
    tools.find(({ name }) => name === "read_section")?.handler({ section_key: path }, { session }) ?? fail("no tool");

  /** It gives what opening would show, of what is closed, and changes nothing. */
  const readsOnly = (reading: Read) =>
    fc.asyncProperty(fc.gen(), async (g) => {
      const { template, params, sections } = generatePrompt((most) => g(fc.nat, most));
      const prompt = template.bind(params);
      const session = createSession({ slices: renderPrompt(prompt).slices });
      session.dispatch(Noted({ text: "noted" }));
      const rendered = renderPrompt(prompt, { session });
      const open = rendered.tools.find(({ name }) => name === "open_sections");
      if (!rendered.tools.some(({ name }) => name === "read_section")) return;
      for (const { path, shown } of sections) {
        const result = await reading(rendered, path, session);
        expect(session.history().length).toBe(1);
        expect(result.ok).toBe(isClosed(shown));
        if (!result.ok) continue;
        const above = sections.filter((one) => isIn(path, one.path)).map((one) => [one.path, "full"] as const);
        const opened = renderPrompt(prompt, { session, visibility: Object.fromEntries(above) });
        expect(result.value).toBe(textOf(opened, path));
        const given = await open?.handler({ section_keys: [path], reason: "" }, { session: session.fork() });
        if (open !== undefined) expect(given).toMatchObject({ value: expect.stringContaining(result.value) });
      }
    });

  test("is what opening would show, and changes nothing", { timeout }, () => fc.assert(readsOnly(read), runs));

  const faults: Readonly<Record<string, Read>> = {
    "one that is opened by that": async (rendered, path, session) => {
      session.dispatch(VisibilitySet({ prompt: "generated:prompt", section: path, visibility: "full" }));
      return read(rendered, path, session);
    },
    "one that is cut": async (...given) => {
      const result = await read(...given);
      return result.ok ? ok(result.value.slice(0, -1)) : result;
    },
    "one that is shown already": async (...given) => ok((await read(...given)).message),
  };
  test.each(Object.entries(faults))("but not %s", (_fault, faulty) => expectFault(readsOnly(faulty)));
});
