import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { adaptersDocument, type DriverFound } from "../../test/support/adapters-document.ts";
import { modelDrivers } from "../../test/support/model-drivers.ts";
import {
  type ModelCaseSettings,
  type ModelConformanceCase,
  type ModelDriver,
  modelConformance,
} from "../testing/index.ts";
import type { Model, ModelRequest } from "./index.ts";

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

type Fault = (driver: ModelDriver) => ModelDriver;

/** A driver whose models are changed. */
const broken =
  (change: (model: Model) => Partial<Model>): Fault =>
  (driver) => ({
    ...driver,
    async open(script) {
      const harness = await driver.open(script);
      return Object.assign(harness, { model: { ...harness.model, ...change(harness.model) } });
    },
  });

/** A driver whose models are asked for something else. */
const asked = (change: (request: ModelRequest) => Partial<ModelRequest>): Fault =>
  broken((model) => ({
    generate: (request, options) => model.generate({ ...request, ...change(request) }, options),
  }));

/** A driver that asks for the form of answers in one way, whatever it is told. */
const always =
  (output: ModelCaseSettings["output"]): Fault =>
  (driver) => ({
    ...driver,
    open: (script) => driver.open({ ...script, settings: { ...script.settings, output } }),
  });

const forgotten = asked(({ messages }) => ({
  messages: messages.map((message) => ({ ...message, provider: undefined })),
}));

/** Faults, each with the case that sees it and what that says. */
const faults: Readonly<Record<string, [claim: RegExp, told: RegExp, fault: Fault]>> = {
  "says that every answer is whole": [
    /cut off ends with length/,
    /'length'/,
    broken((model) => ({ generate: async (...given) => ({ ...(await model.generate(...given)), finish: "stop" }) })),
  ],
  "turns calls round": [
    /keep their order/,
    /a: 3/,
    broken((model) => ({
      async generate(...given) {
        const response = await model.generate(...given);
        return { ...response, message: { ...response.message, content: response.message.content.toReversed() } };
      },
    })),
  ],
  "asks twice": [
    /503/,
    /the script is over, as it has only 1 answers/,
    broken((model) => ({ generate: (...given) => model.generate(...given).catch(() => model.generate(...given)) })),
  ],
  "throws what it is thrown": [
    /a used-up quota/,
    /expected an error of the library/,
    broken((model) => ({
      async generate(...given) {
        try {
          return await model.generate(...given);
        } catch (error) {
          throw (error as Error).cause; // as: drivers throw errors
        }
      },
    })),
  ],
  "forgets the signal": [
    /an aborted signal sends nothing/,
    /an answer came/,
    broken((model) => ({ generate: (request, options) => model.generate(request, { ...options, signal: never }) })),
  ],
  "loses what the model thought": [
    /thought goes back unchanged with its calls/,
    /the thoughts were not sent back|without (?:its reasoning|the thinking)/,
    forgotten,
  ],
  "loses what the model thought before an answer": [
    /thought before an answer goes back/,
    /the thought was not sent back/,
    forgotten,
  ],
  "sends what another driver wrote": [
    /data of another driver/,
    /it is sent/,
    broken((model) => {
      let own = "";
      return {
        async generate({ messages, ...request }, options) {
          const taken = messages.map((message) =>
            message.role === "assistant" && message.provider
              ? { ...message, provider: { ...message.provider, provider: own } }
              : message,
          );
          const response = await model.generate({ ...request, messages: taken }, options);
          own = response.message.provider?.provider ?? own;
          return response;
        },
      };
    }),
  ],
  "sends an empty system text": [
    /no system text/,
    /an empty text is sent/,
    (driver) => ({
      ...driver,
      async open(script) {
        const harness = await driver.open(script);
        const { requests } = harness;
        const get = () => requests.map(({ body }) => ({ body: { ...body, system: "" } }));
        return Object.defineProperty(harness, "requests", { get });
      },
    }),
  ],
  "sends the system text at the end": [
    /the system text is sent once/,
    /stands behind a message/,
    asked(({ messages, system }) => ({
      system: "",
      messages: [...messages, { role: "user", content: [{ type: "text", text: system }] }],
    })),
  ],
  "opens the schemas of tools": [
    /descriptions and schemas/,
    /"additionalProperties":false is not sent/,
    asked(({ tools }) => ({
      tools: tools.map((tool) => ({ ...tool, parameters: { ...tool.parameters, additionalProperties: true } })),
    })),
  ],
  "asks for every form in words": [/provider's own field/, /the form in words/, always("outputInWords")],
  "asks for no form in words": [/asked for in words/, /the form in words/, always("nativeOutput")],
  "tells no progress": [
    /progress grows/,
    /progress was told as/,
    broken((model) => ({ generate: (request, { signal }) => model.generate(request, { signal }) })),
  ],
  "leaves a request open": [
    /a plain answer comes as a text/,
    /connections were left open/,
    (driver) =>
      broken((model) => ({
        async generate(request, options) {
          const response = await model.generate(request, options);
          model.generate(request, { signal: never }).catch(() => undefined); // only the end of the case ends it
          return response;
        },
      }))({
        ...driver,
        open: (script) => driver.open({ ...script, answers: [...script.answers, { fault: "silence" }] }),
      }),
  ],
};
const never = new AbortController().signal;

describe.each(modelDrivers)("$name", (driver) => {
  test.each(Object.entries(faults))("the suite sees it when it %s", async (_fault, [claim, told, fault]) => {
    const cases = modelConformance(fault(driver)).filter((each) => claim.test(each.claim) && each.claimed);
    expect(cases).not.toEqual([]);
    for (const { check } of cases) await expect(check()).rejects.toThrow(told);
  });
});
