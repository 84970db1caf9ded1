import { type Effects, fail, ok, tool } from "weakincentives";
import { z } from "zod";
import { check, some, typeOf } from "../check.ts";

const about = { name: "t", description: "A tool." } as const;
const params = z.object({ to: z.string(), times: z.int().default(1) });
const result = z.object({ id: z.string().transform((id) => id.length) });

check("a tool without effects", () => {
  // error: Property 'effects' is missing in type
  tool({ ...about, params, handler: ({ to }) => ok(to) });
});

check("a misspelt effect is corrected", () => {
  // error: Type '"compensible"' is not assignable to type 'Effects'. Did you mean '"compensable"'?
  tool({ ...about, effects: "compensible", handler: () => ok("x") });
});

check("only a call that changes the outside has a key", () => {
  tool({ ...about, effects: "idempotent", handler: (_, { key }) => ok(key.slice(1)) });
  tool({ ...about, effects: "external", handler: (_, { key }) => ok(key.slice(1)) });
  // error: Property 'key' does not exist on type 'ToolContext
  tool({ ...about, effects: "none", handler: (_, { key }) => ok(key) });
  // error: Property 'key' does not exist on type 'ToolContext
  tool({ ...about, effects: "workspace", handler: (_, { key }) => ok(key) });
});

check("undo is given what the handler was given, and the value if there is one", () => {
  tool({
    ...about,
    effects: "compensable",
    params,
    result,
    handler: ({ to }) => ok({ id: to }),
    undo: async (given, value, context) => {
      typeOf(given).is<{ to: string; times: number }>();
      typeOf(value).is<{ id: number } | undefined>();
      typeOf(context.key).is<string>();
    },
  });
});

check("a compensable tool without undo", () => {
  // error: Property 'undo' is missing in type
  tool({ ...about, effects: "compensable", params, result, handler: ({ to }) => ok({ id: to }) });
});

check("undo cannot count on the value", () => {
  // error: 'value' is possibly 'undefined'.
  tool({ ...about, effects: "compensable", result, handler: () => ok({ id: "a" }), undo: (_, value) => void value.id });
});

check("an undo that is not asked for", () => {
  // error: 'undo' does not exist in type
  tool({ ...about, effects: "none", handler: () => ok("x"), undo: () => {} });
  // error: 'undo' does not exist in type
  tool({ ...about, effects: "external", handler: () => ok("x"), undo: () => {} });
});

check("an external tool may find out what happened", () => {
  tool({
    ...about,
    effects: "external",
    params,
    result,
    onUnknown: "suspend",
    handler: ({ to }) => ok({ id: to }),
    reconcile: async (given, { key }) => {
      typeOf(given).is<{ to: string; times: number }>();
      return key === "" ? undefined : given.times > 1 ? fail("It was not sent.") : ok({ id: given.to });
    },
  });
  tool({ ...about, effects: "external", handler: () => ok("x") });
});

check("a reconcile with a wrong value", () => {
  // error: Type 'number' is not assignable to type 'string'
  tool({ ...about, effects: "external", result, handler: () => ok({ id: "a" }), reconcile: () => ok({ id: 3 }) });
});

check("a reconcile or an onUnknown that is not asked for", () => {
  // error: 'reconcile' does not exist in type
  tool({ ...about, effects: "idempotent", handler: () => ok("x"), reconcile: () => undefined });
  // error: 'onUnknown' does not exist in type
  tool({ ...about, effects: "workspace", handler: () => ok("x"), onUnknown: "tell" });
});

check("a misspelt way to go on", () => {
  // error: Type '"ask"' is not assignable to type '"suspend" | "tell"'.
  tool({ ...about, effects: "external", handler: () => ok("x"), onUnknown: "ask" });
});

check("effects known only as a union still infer the rest", () => {
  tool({
    ...about,
    effects: some<"none" | "workspace">(),
    params,
    handler: ({ to, times }) => {
      typeOf(to).is<string>();
      typeOf(times).is<number>();
      return ok(to);
    },
  });
});

check("effects known only at run time demand nothing and give no key", () => {
  tool({ ...about, effects: some<Effects>(), params, handler: ({ to }) => ok(to) });
});
