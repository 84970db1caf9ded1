import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { adaptersDocument, type DriverFound } from "../../test/support/adapters-document.ts";
import { modelDrivers } from "../../test/support/model-drivers.ts";
import { type ModelConformanceCase, type ModelDriver, modelConformance } from "../testing/index.ts";
import type { Model } from "./index.ts";

const found: (DriverFound & { readonly passed: Set<ModelConformanceCase> })[] = [];
/** How many cases were run: fewer than there are, when somebody looks for one. */
let begun = 0;

for (const driver of modelDrivers) {
  const { client, name } = driver;
  const cases = modelConformance(driver);
  const passed = new Set<ModelConformanceCase>();
  found.push({ name, client, cases, passed });
  const claimed = cases.flatMap((each) => (each.claimed ? [[each.claim, each.way, each] as const] : []));
  describe(name, () => {
    test.each(claimed)("%s (%s)", async (_claim, _way, each) => {
      begun++;
      await each.check();
      passed.add(each);
    });
  });
}

test("docs/adapters.md is what `npm run docs:adapters` writes", ({ skip }) => {
  const claimed = found.flatMap(({ cases }) => cases.filter((each) => each.claimed));
  skip(begun < claimed.length, "only a run of all cases knows what to say");
  const path = new URL("../../docs/adapters.md", import.meta.url);
  const text = adaptersDocument(found);
  if (process.env.WINK_WRITE_ADAPTERS === "1") writeFileSync(path, text);
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("each case has a name of its own", () => {
  for (const { cases } of found) {
    const names = cases.map(({ claim, way }) => `${claim} (${way})`);
    expect(names.length).toBe(new Set(names).size);
  }
});

const [sound] = modelDrivers;

/** Drivers with one fault each, and the case that sees it. */
const faults: Readonly<Record<string, [RegExp, (model: Model) => Partial<Model>]>> = {
  "says that every answer is whole": [
    /cut off ends with length/,
    (model) => ({ generate: async (...given) => ({ ...(await model.generate(...given)), finish: "stop" }) }),
  ],
  "turns calls round": [
    /keep their order/,
    (model) => ({
      async generate(...given) {
        const response = await model.generate(...given);
        return { ...response, message: { ...response.message, content: response.message.content.toReversed() } };
      },
    }),
  ],
  "asks twice": [
    /503/,
    (model) => ({ generate: (...given) => model.generate(...given).catch(() => model.generate(...given)) }),
  ],
  "throws what it is thrown": [
    /a used-up quota/,
    (model) => ({
      async generate(...given) {
        try {
          return await model.generate(...given);
        } catch (error) {
          throw (error as Error).cause; // as: drivers throw errors
        }
      },
    }),
  ],
  "forgets the signal": [
    /an aborted signal sends nothing/,
    (model) => ({ generate: (request, options) => model.generate(request, { ...options, signal: never }) }),
  ],
  "loses what the model thought": [
    /thought goes back unchanged with its calls/,
    (model) => ({
      generate(request, options) {
        const messages = request.messages.map((message) => ({ ...message, provider: undefined }));
        return model.generate({ ...request, messages }, options);
      },
    }),
  ],
  "tells no progress": [
    /progress grows/,
    (model) => ({ generate: (request, { signal }) => model.generate(request, { signal }) }),
  ],
  "leaves a request open": [
    /a plain answer comes as a text/,
    (model) => ({
      async generate(request, options) {
        const response = await model.generate(request, options);
        model.generate(request, { signal: never }).catch(() => undefined); // nothing answers it
        return response;
      },
    }),
  ],
};
const never = new AbortController().signal;

test.each(Object.entries(faults))("the suite sees a driver that %s", async (_fault, [claim, broken]) => {
  if (sound === undefined) throw new Error("there is no driver");
  const driver: ModelDriver = {
    ...sound,
    async open(script) {
      const harness = await sound.open(script);
      return Object.assign(harness, { model: { ...harness.model, ...broken(harness.model) } });
    },
  };
  const case_ = modelConformance(driver).filter((each) => claim.test(each.claim) && each.claimed);
  const ends = await Promise.allSettled(case_.map(({ check }) => check()));
  expect(ends.map(({ status }) => status)).toContain("rejected");
});
