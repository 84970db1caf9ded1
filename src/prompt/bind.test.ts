import { describe, expect, test } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../test/support/thrown-by.ts";
import type { Schema } from "../base/index.ts";
import { type Binding, token } from "../resources/index.ts";
import { appendAll, createSession, event, type Session, slice } from "../session/index.ts";
import { ok, tool } from "../tool/index.ts";
import { definePrompt, type Prompt, raw, renderPrompt, section } from "./index.ts";

const repository = section({
  key: "repository",
  title: "Repository",
  params: z.object({ name: z.string(), depth: z.int().default(3) }),
  body: "{{name}} at depth {{depth}}",
});
const request = section({
  key: "request",
  title: "Request",
  params: z.object({ request: z.string().min(2) }),
  body: "{{request}}",
});
const review = definePrompt({ ns: "test", key: "review", sections: [repository, request] });

const plain = section({ key: "plain", title: "Plain", body: "Plain." });
const Switched = event("test/switched", z.object({ on: z.boolean() }));
const switched = slice({ name: "switched", item: Switched.schema, reducers: (on) => [on(Switched, appendAll())] });

const textOf = (prompt: Prompt): string => renderPrompt(prompt).first;
/** `bind` as code without types would call it. */
const bind = (template: object, ...args: readonly unknown[]): Prompt =>
  (template as { bind(...given: readonly unknown[]): Prompt }).bind(...args);

describe("params", () => {
  test("are what the schemas take in; texts show what they give out", () => {
    const prompt = review.bind({ name: "acme", request: "Look" });
    expect(textOf(prompt)).toBe("## 1. Repository (repository)\n\nacme at depth 3\n\n## 2. Request (request)\n\nLook");
    expect(prompt.params).toEqual({ name: "acme", request: "Look" });
    expect(prompt.values).toEqual([{ name: "acme", depth: 3 }, { request: "Look" }]);
  });

  test("may be transformed, one by one or as a whole", () => {
    const one = section({
      key: "one",
      title: "One",
      params: z.object({ tags: z.array(z.string()).transform((tags) => tags.join(", ")) }),
      body: "{{tags}}",
    });
    const whole = section({
      key: "whole",
      title: "Whole",
      params: z.object({ first: z.string(), last: z.string() }).transform(({ first, last }) => ({
        full: `${first} ${last}`,
      })),
      body: "{{full}}",
    });
    const prompt = definePrompt({ ns: "test", key: "t", sections: [one, whole] });
    expect(textOf(prompt.bind({ tags: ["a", "b"], first: "Ada", last: "L" }))).toBe(
      "## 1. One (one)\n\na, b\n\n## 2. Whole (whole)\n\nAda L",
    );
  });

  test("may be a union, of which each section gets its own keys", () => {
    const target = z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("file"), path: z.string() }),
      z.strictObject({ kind: z.literal("issue"), number: z.int() }),
    ]);
    const union = section({ key: "u", title: "U", params: target, body: "A {{kind}}." });
    const prompt = definePrompt({ ns: "test", key: "u", sections: [union, request] });
    expect(textOf(prompt.bind({ kind: "issue", number: 3, request: "Fix" }))).toContain("A issue.");
    const error = thrownBy(() => bind(prompt, { kind: "issue", path: "a", request: "Fix" }));
    expect(error.message).toContain('section "u": The params do not fit: `path`: Unknown key; `number`: Invalid input');
  });

  describe("of a section that may be switched off", () => {
    const extra = section({
      key: "extra",
      title: "Extra",
      body: "Extra.",
      enabled: ({ session }) => session.query(switched).length > 0,
      sections: [
        section({ key: "why", title: "Why", params: z.object({ why: z.string() }), body: "Because {{why}}." }),
      ],
    });
    const strict = section({
      key: "strict",
      title: "Strict",
      params: z.object({ strict: z.boolean() }),
      body: "Strict: {{strict}}.",
      enabled: ({ params }) => params.strict,
    });
    const template = definePrompt({ ns: "test", key: "maybe", sections: [plain, extra, strict] });
    const on = (): Session => {
      const session = createSession({ slices: [switched] });
      session.dispatch(Switched({ on: true }));
      return session;
    };

    test("may be missing while it is off", () => {
      const prompt = bind(template, { strict: false });
      expect(renderPrompt(prompt).sections.map(({ path }) => path)).toEqual(["plain"]);
    });

    test("are told when it is rendered", () => {
      const prompt = bind(template, { strict: true });
      const error = thrownBy(() => renderPrompt(prompt, { session: on() }));
      expect(error).toMatchObject({ code: "PARAMS_INVALID", details: { section: "extra.why" } });
      expect(error.message).toContain('Example: bind({ why: "…" })');
      const first = renderPrompt(bind(template, { strict: true, why: "so" }), { session: on() }).first;
      expect(first).toContain("Because so.");
    });

    test("are told when its own predicate looks at them", () => {
      const error = thrownBy(() => renderPrompt(bind(template)));
      expect(error).toMatchObject({ code: "PARAMS_INVALID", details: { section: "strict" } });
    });

    test("are told at once when they are there and wrong", () => {
      expect(thrownBy(() => bind(template, { why: 7, strict: false })).code).toBe("PARAMS_INVALID");
    });
  });

  test("that are left out are told by section and name", () => {
    const error = thrownBy(() => bind(review, { name: "acme" }));
    expect(error).toMatchObject({
      code: "PARAMS_INVALID",
      details: { section: "request", problems: [{ path: "request" }] },
    });
    expect(error.message).toBe(
      'bind of prompt "test:review", section "request": The params do not fit: `request`: Invalid input: expected string, received undefined. ' +
        "Expected params for `request` (string). Received params `name`. Correct the param that the message names. " +
        'Example: bind({ request: "…" })',
    );
    expect(thrownBy(() => bind(review)).message).toContain("Received no params.");
  });

  test("of a wrong form are told by field", () => {
    const error = thrownBy(() => review.bind({ name: "acme", depth: 1.5, request: "x" }));
    expect(error.message).toContain('section "repository": The params do not fit: `depth`');
    expect(thrownBy(() => review.bind({ name: "acme", request: "x" })).message).toContain("`request`: Too small");
  });

  test("that look like misspelt ones are told with what was meant", () => {
    const error = thrownBy(() => bind(review, { name: "acme", reqest: "Look" }));
    expect(error).toMatchObject({
      code: "PARAMS_INVALID",
      details: { param: "reqest", declared: ["name", "depth", "request"] },
    });
    expect(error.message).toContain('No section declares the param "reqest"');
    expect(error.message).toContain("Expected `name`, `depth`, `request`. Received `reqest`.");
    expect(error.message).toContain('Did you mean "request"?');
  });

  test("of which a section takes any are told with what was meant only when one is missing", () => {
    const any = section({ key: "any", title: "Any", params: z.record(z.string(), z.unknown()), body: "" });
    const open = definePrompt({ ns: "test", key: "o", sections: [any, request] });
    expect(textOf(bind(open, { request: "Look", reqest: "as well" }))).toContain("Look");
    const error = thrownBy(() => bind(open, { reqest: "Look" }));
    expect(error.message).toContain('Received params `reqest`. Did you mean "request" by "reqest"?');
    expect(thrownBy(() => bind(open, { other: 1 })).message).toContain("Correct the param that the message names.");
  });

  test("that nobody declares and that look like nothing are let pass", () => {
    const params = { name: "acme", request: "Look", customer: "x", names: "given as well" };
    expect(textOf(bind(review, params))).toContain("acme");
  });

  test.each([null, "text", 7, ["name"]])("%j are no params", (params) => {
    if (params !== null) expect(thrownBy(() => bind(review, params)).message).toContain("The params are not an object");
    else expect(thrownBy(() => bind(review, params)).message).toContain("Received no params");
  });

  test("of an asynchronous schema are refused with a clear error", () => {
    const slow = section({
      key: "slow",
      title: "Slow",
      params: z.object({ name: z.string().refine(async () => true) }),
      body: "{{name}}",
    });
    const error = thrownBy(() => definePrompt({ ns: "test", key: "s", sections: [slow] }).bind({ name: "x" }));
    expect(error.code).toBe("SCHEMA_UNSUPPORTED");
    expect(error.message).toContain("asynchronous");
  });

  test("may all be left out when none is needed", () => {
    const free = section({
      key: "free",
      title: "Free",
      params: z.object({ mood: z.string().default("fine") }),
      body: "{{mood}}",
    });
    expect(textOf(definePrompt({ ns: "test", key: "f", sections: [free] }).bind())).toContain("fine");
  });

  test("stay what they were when the caller changes its own object, or what is in it", () => {
    const where = section({
      key: "where",
      title: "Where",
      params: z.object({ place: z.unknown() }),
      body: { text: "where/v1", write: ({ params }) => JSON.stringify(params.place) },
    });
    const prompt = definePrompt({ ns: "test", key: "w", sections: [request, where] });
    const place = { path: ["a", "b"], at: { line: 1 } };
    const params = { request: "Look", place };
    const bound = prompt.bind(params);
    const before = textOf(bound);
    params.request = "Changed";
    place.path.push("c");
    place.at.line = 2;
    expect(bound.params).toEqual({ request: "Look", place: { path: ["a", "b"], at: { line: 1 } } });
    expect(textOf(bound)).toBe(before);
    expect(textOf(bound.bind({}))).toBe(before);
  });

  test("that are no plain data, or lead back to themselves, come to the section as they are", () => {
    class Place {
      readonly name = "acme";
      shout(): string {
        return this.name.toUpperCase();
      }
    }
    const where = section({
      key: "where",
      title: "Where",
      params: z.object({ place: z.unknown() }),
      body: { text: "where/v1", write: ({ params }) => (params.place as Place).shout() },
    });
    const prompt = definePrompt({ ns: "test", key: "w", sections: [where] });
    const circle: { self?: object; shout: () => string } = { shout: () => "ROUND" };
    circle.self = circle;
    expect(textOf(prompt.bind({ place: new Place() }))).toContain("ACME");
    expect(textOf(prompt.bind({ place: circle }))).toContain("ROUND");
    let deep: object = circle;
    for (let depth = 0; depth < 100_000; depth++) deep = { inner: deep };
    expect(textOf(prompt.bind({ place: { shout: () => "DEEP", deep } }))).toContain("DEEP");
  });

  test.each(["__proto__", "constructor", "toString"])("may be called %s", (name) => {
    // as a JSON parser makes it, with an own key of any name
    const only = (value: unknown): Record<string, unknown> =>
      JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`) as Record<string, unknown>;
    const made = (): Record<string, unknown> => ({ type: "object", properties: only({ type: "string" }) });
    const params: Schema<object, object> = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value) => ({ value: value as object }),
        jsonSchema: { input: made, output: made },
      },
    };
    const odd = section({ key: "odd", title: "Odd", params, body: raw(`It is {{${name}}}.`) });
    const prompt = definePrompt({ ns: "test", key: "odd", sections: [odd] });
    expect(textOf(bind(prompt, only("fine")))).toContain("It is fine.");
  });

  test("can be changed in a new prompt; the old one stays", () => {
    const prompt = review.bind({ name: "acme", request: "Look" });
    const changed = prompt.bind({ request: "Again" });
    expect(textOf(changed)).toContain("acme at depth 3\n\n## 2. Request (request)\n\nAgain");
    expect(textOf(prompt)).toContain("Look");
    expect(thrownBy(() => prompt.bind({ request: "x" })).code).toBe("PARAMS_INVALID");
  });
});

describe("resources", () => {
  const store = token<string>("store");
  const other = token<string>("other");
  const look = tool({
    name: "look",
    description: "Looks.",
    effects: "none",
    resources: { shelf: store },
    handler: (_params, { shelf }) => ok(shelf),
  });
  const template = (given: readonly Binding[], ofSection: readonly Binding[] = []) =>
    definePrompt({
      ns: "test",
      key: "r",
      sections: [section({ key: "s", title: "S", body: "", tools: [look], resources: ofSection })],
      resources: given,
    });
  const storeOf = (prompt: Prompt): unknown => prompt.resources.get("store")?.value;

  test("of bind win over those of the template, and these over those of sections", () => {
    const ofSection = [store.bind("section")];
    expect(storeOf(template([], ofSection).bind({}))).toBe("section");
    expect(storeOf(template([store.bind("template")], ofSection).bind({}))).toBe("template");
    const bound = template([store.bind("template")], ofSection).bind({}, { resources: [store.bind("bind")] });
    expect(storeOf(bound)).toBe("bind");
    expect(storeOf(bound.bind({}, { resources: [store.bind("again")] }))).toBe("again");
    expect(storeOf(bound.bind({}))).toBe("bind");
  });

  test("stay what they were when the caller changes its list", () => {
    const given = [store.bind("bind")];
    const bound = template([]).bind({}, { resources: given });
    given[0] = store.bind("changed");
    expect(storeOf(bound.bind({}))).toBe("bind");
  });

  test("of a later section win over those of an earlier one", () => {
    const of = (key: string, value: string) => section({ key, title: key, body: "", resources: [store.bind(value)] });
    const prompt = definePrompt({ ns: "test", key: "r", sections: [of("a", "first"), of("b", "second")] });
    expect(storeOf(prompt.bind({}))).toBe("second");
  });

  test("that a tool borrows and nobody gives are RESOURCE_MISSING, naming tool and section", () => {
    const error = thrownBy(() => template([]).bind({}, { resources: [token("stroe").bind(1)] }));
    expect(error).toMatchObject({ code: "RESOURCE_MISSING", details: { resource: "store", given: ["stroe"] } });
    expect(error.message).toContain('tool "look" of section "s": Nobody gives the resource "store"');
    expect(error.message).toContain('Did you mean "stroe"?');
    expect(thrownBy(() => template([]).bind({})).message).toContain("Received no resources at all.");
  });

  test("that one list binds twice are RESOURCE_DUPLICATE", () => {
    const twice = [store.bind("a"), other.bind("b"), store.bind("c")];
    for (const work of [
      () => template(twice).bind({}),
      () => template([], twice).bind({}),
      () => template([]).bind({}, { resources: twice }),
    ]) {
      expect(thrownBy(work)).toMatchObject({ code: "RESOURCE_DUPLICATE", details: { resource: "store" } });
    }
  });

  test("are the same by name, so that two copies of a token agree", () => {
    expect(storeOf(template([token<string>("store").bind("copy")]).bind({}))).toBe("copy");
  });
});
