/** Rendering 100 and 10,000 sections with params, against joining parts that were cut beforehand. */
import { createSession, definePrompt, raw, renderPrompt, type Session, section } from "weakincentives";
import { z } from "zod";
import { against, type Bench } from "./bench.ts";
import { bodyOf, compile, paramsOf, render } from "./floors/render.ts";
import { sideBySide } from "./floors/side-by-side.ts";

function promptOf(count: number, session: Session): () => unknown {
  const sections = Array.from({ length: count }, (_, i) =>
    section({
      key: `section-${i + 1}`,
      title: `Section ${i + 1}`,
      params: z.object({ [`subject${i}`]: z.string(), [`limit${i}`]: z.int(), [`owner${i}`]: z.string() }),
      body: raw(bodyOf(i)),
    }),
  );
  const prompt = definePrompt({ ns: "bench", key: "render", sections }).bind(paramsOf(count));
  return () => renderPrompt(prompt, session);
}

export const bench: Bench = {
  name: "render",
  async *run() {
    for (const count of [100, 10_000]) {
      const repeats = 20_000 / count;
      const ours = promptOf(count, createSession());
      const floor = compile(count);
      const params = paramsOf(count);
      const many = (work: () => unknown) => () => {
        for (let repeat = 0; repeat < repeats; repeat++) work();
      };
      const times = await sideBySide({ ours: many(ours), floor: many(() => render(floor, params)) }, 15);
      const once = (total: number | undefined): number => (total ?? Number.NaN) / repeats;
      yield against(`${count}-sections`, once(times.ours?.median), once(times.floor?.median));
    }
  },
};
