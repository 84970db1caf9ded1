/**
 * Rendering with params, enabled predicates, numbering and tools, against joining parts that were cut beforehand. What is
 * joined is read once, so that neither side puts the work off.
 */
import { definePrompt, ok, type Prompt, type RenderedPrompt, raw, renderPrompt, section, tool } from "weakincentives";
import { memoryOverrides, resolveOverrides, setOverrides } from "weakincentives/overrides";
import { z } from "zod";
import { against, type Bench, type Row } from "./bench.ts";
import { bodyOf, compile, type FloorSection, paramsOf, render } from "./floors/render.ts";
import { sideBySide } from "./floors/side-by-side.ts";

/** A prompt as the floor renders it; besides, each section has a predicate, and every tenth brings a tool. */
function define(count: number) {
  const sections = Array.from({ length: count }, (_, i) => {
    const limit = `limit${i}`;
    return section({
      key: `section-${i + 1}`,
      title: `Section ${i + 1}`,
      params: z.object({ [`subject${i}`]: z.string(), [limit]: z.int(), [`owner${i}`]: z.string() }),
      body: raw(bodyOf(i)),
      enabled: ({ params }) => params[limit] !== -1,
      tools:
        i % 10 === 0
          ? [tool({ name: `tool_${i}`, description: "Does a thing.", effects: "none", handler: () => ok("done") })]
          : [],
    });
  });
  return definePrompt({ ns: "bench", key: "render", sections });
}

/** Reads a text that was put together, so that it is one piece in memory. */
const read = (text: string): number => Number(text) + text.charCodeAt(text.length - 1);
const readAll = ({ system, first }: RenderedPrompt): number => read(system) + read(first);

const many = (count: number, work: () => unknown) => () => {
  for (let repeat = 0; repeat < count; repeat++) work();
};

/** Many renders of one prompt. */
async function* warm(): AsyncIterable<Row> {
  const once: number[] = [];
  for (const count of [100, 400, 10_000]) {
    const repeats = 20_000 / count;
    const prompt = define(count).bind(paramsOf(count));
    const floor = compile(count);
    const params = paramsOf(count);
    const times = await sideBySide(
      {
        ours: many(repeats, () => readAll(renderPrompt(prompt))),
        floor: many(repeats, () => read(render(floor, params))),
      },
      15,
    );
    const each = (total: number | undefined): number => (total ?? Number.NaN) / repeats;
    once.push(each(times.ours?.median));
    if (count !== 400) yield against(`${count}-sections`, each(times.ours?.median), each(times.floor?.median));
  }
  const [hundred = Number.NaN, fourHundred = Number.NaN] = once;
  yield against("growth-400-to-100", fourHundred, hundred);
  yield { metric: "roadmap-100-sections-under-50-ms", value: hundred, unit: "ms" };
}

/** The first render of prompts and the first joining of parts that were made just before. */
async function* first(): AsyncIterable<Row> {
  const count = 100;
  const fresh = 4;
  const params = paramsOf(count);
  let prompts: Prompt[] = [];
  let floors: FloorSection[][] = [];
  const times = await sideBySide(
    {
      ours: () => {
        prompts = Array.from({ length: fresh }, () => define(count).bind(params));
        return timed(() => prompts.forEach((prompt) => void readAll(renderPrompt(prompt))));
      },
      floor: () => {
        floors = Array.from({ length: fresh }, () => compile(count));
        return timed(() => floors.forEach((parts) => void read(render(parts, params))));
      },
    },
    9,
  );
  yield against(
    "first-render",
    (times.ours?.median ?? Number.NaN) / fresh,
    (times.floor?.median ?? Number.NaN) / fresh,
  );
}

/** The time of work alone: what was made for it is not collected in its time. */
function timed(work: () => void): number {
  globalThis.gc?.();
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** A thousand sections, each with a text from a store in its place, against the same prompt as it stands in the code. */
async function* overridden(): AsyncIterable<Row> {
  const count = 1_000;
  const repeats = 20;
  const template = define(count);
  const plain = template.bind(paramsOf(count));
  const store = memoryOverrides();
  const changes = Array.from({ length: count }, (_, i) => ({ section: `section-${i + 1}`, body: `${bodyOf(i)} ` }));
  await setOverrides(template, changes, { store });
  const { prompt, applied } = await resolveOverrides(plain, { store });
  if (applied.sections.length !== count) throw new Error(`only ${applied.sections.length} overrides apply`);
  const times = await sideBySide(
    {
      ours: many(repeats, () => readAll(renderPrompt(prompt))),
      floor: many(repeats, () => readAll(renderPrompt(plain))),
    },
    21,
  );
  const each = (total: number | undefined): number => (total ?? Number.NaN) / repeats;
  yield against("1000-overrides", each(times.ours?.median), each(times.floor?.median));
}

export const bench: Bench = {
  name: "render",
  async *run() {
    yield* warm();
    yield* first();
    yield* overridden();
  },
};
