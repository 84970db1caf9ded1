/** Every error of the prompt system says where, what was expected, what came, and shows an example that works. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import { appendAll, event, slice } from "../session/index.ts";
import { ok, type Tool, tool } from "../tool/index.ts";
import { definePrompt, raw, renderPrompt, type Section, section } from "./index.ts";

const at = { title: "S", body: "" } as const;
const loosely = (definition: object): Section => section({ key: "s", ...at, ...definition } as never);
const define = (...sections: Section[]) =>
  definePrompt({ ns: "n", key: "k", sections: sections as readonly Section[] });
const bind = (params: object, ...sections: Section[]) =>
  (define(...sections).bind as (given: unknown) => ReturnType<ReturnType<typeof define>["bind"]>)(params);
const named = (name: string): Tool => tool({ name, description: "Does.", effects: "none", handler: () => ok("") });
const sliceCalled = (name: string) => {
  const Seen = event("n/seen", z.object({ id: z.string() }));
  return slice({ name, item: Seen.schema, reducers: (on) => [on(Seen, appendAll())] });
};
const person = z.object({ name: z.string() });
const nested = (depth: number): Section => loosely({ sections: depth === 0 ? [] : [nested(depth - 1)] });
const summarised = section({ key: "sum", ...at, summary: "x", visibility: "summary" });

/** What goes wrong, and the place that the error must name. */
const wrong: Readonly<Record<string, readonly [() => unknown, string]>> = {
  "a key": [() => loosely({ key: "Code Style" }), "section"],
  "a title": [() => loosely({ title: "a\nb" }), 'section "s"'],
  "a body": [() => loosely({ body: 7 }), 'section "s"'],
  "an unknown placeholder": [() => loosely({ params: person, body: raw("{{nmae}}") }), 'section "s"'],
  "a near placeholder": [() => loosely({ params: person, body: raw("{{ name }}") }), 'section "s"'],
  "an unknown placeholder of a summary": [() => loosely({ params: person, summary: raw("{{nmae}}") }), 'section "s"'],
  "a visibility": [() => loosely({ visibility: "summary" }), 'section "s"'],
  "a stable body made from state": [() => loosely({ stable: true, body: { text: "a/v1", write: () => "" } }), '"s"'],
  "params without JSON Schema": [() => loosely({ params: z.object({ at: z.date() }) }), 'section "s"'],
  "the name of a prompt": [() => definePrompt({ ns: "N", key: "k", sections: [] }), 'prompt "N:k"'],
  "two sections of one key": [() => define(loosely({}), loosely({})), '"s"'],
  "a deep tree": [() => define(nested(40)), "s.s.s"],
  "a very deep tree": [() => define(nested(1_000)), "s.s.s"],
  "two tools of one name": [() => define(loosely({ tools: [named("a"), named("a")] })), '"s"'],
  "a reserved tool": [() => define(summarised, loosely({ tools: [named("open_sections")] })), '"s"'],
  "two slices of one name": [() => define(loosely({ slices: [sliceCalled("a"), sliceCalled("a")] })), '"s"'],
  "params that disagree": [
    () => define(loosely({ params: person }), loosely({ key: "t", params: z.object({ name: z.int() }) })),
    '"t"',
  ],
  "an output": [() => definePrompt({ ns: "n", key: "k", output: z.string() as never, sections: [] }), 'prompt "n:k"'],
  "params that are none": [() => bind([], loosely({})), 'prompt "n:k"'],
  "a missing param": [() => bind({}, loosely({ params: person })), 'section "s"'],
  "a misspelt param": [() => bind({ nmae: "x" }, loosely({ params: person })), 'prompt "n:k"'],
  "a predicate that throws": [
    () =>
      renderPrompt(
        bind(
          {},
          loosely({
            enabled: () => {
              throw new Error("boom");
            },
          }),
        ),
      ),
    'section "s"',
  ],
  "a predicate without answer": [() => renderPrompt(bind({}, loosely({ enabled: () => "yes" }))), 'section "s"'],
  "a value that cannot be written": [
    () => {
      const anything = z.object({ name: z.any() }).transform((value): { name: unknown } => value);
      return renderPrompt(bind({ name: [1] }, loosely({ params: anything, body: raw("{{name}}") })));
    },
    'section "s"',
  ],
  "visibility of no section": [() => renderPrompt(bind({}, summarised), { visibility: { smu: "full" } }), '"smu"'],
};

describe("an error about", () => {
  test.each(Object.entries(wrong))(
    "%s says where, expected, received, and gives an example",
    (_what, [work, place]) => {
      const error = thrownBy(work);
      expect(error.parts.at ?? "").not.toBe("");
      expect(error.message).toContain(place);
      for (const part of ["problem", "expected", "received", "example"] as const) {
        expect(error.parts[part] ?? "", part).not.toBe("");
      }
      expect(error.message).not.toContain("Received undefined");
      expect(error.message).toContain(`Example: ${error.parts.example}`);
      expect(error.message.length).toBeLessThan(2_000);
    },
  );

  test.each([
    ["a placeholder", () => loosely({ params: person, body: raw("{{nmae}}") }), '"name"'],
    ["a param", () => bind({ nmae: "x" }, loosely({ params: person })), '"name"'],
    ["a section", () => renderPrompt(bind({}, summarised), { visibility: { smu: "full" } }), '"sum"'],
  ])("%s that is misspelt names the nearest", (_what, work, near) => {
    expect(thrownBy(work).message).toContain(`Did you mean ${near}?`);
  });
});

test("a body of ten megabytes is rendered like any other", () => {
  const line = "Follow the rules of {{name}}, with care. ";
  const body = line.repeat(Math.ceil(10_000_000 / line.length));
  const { first } = renderPrompt(bind({ name: "acme" }, loosely({ params: person, body: raw(body) })));
  expect(first.length).toBe("## 1. S (s)\n\n".length + body.length - 4 * (body.length / line.length));
});
