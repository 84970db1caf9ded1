import { event, type JsonOnly, ok, type Slice, slice, tool } from "weakincentives";
import { z } from "zod";
import { check, some, typeOf } from "../check.ts";

const about = { name: "t", description: "A tool.", effects: "none" } as const;

check("everything that JSON can hold can be a payload", () => {
  event("a", z.string());
  event(
    "b",
    z.object({ n: z.number().nullable(), list: z.array(z.object({ on: z.boolean() })), may: z.string().optional() }),
  );
  event("c", z.record(z.string(), z.int()));
  event(
    "d",
    z.discriminatedUnion("kind", [z.object({ kind: z.literal("x") }), z.object({ kind: z.literal("y"), n: z.int() })]),
  );
  event("e", z.tuple([z.string(), z.number()]));
  event("f", z.string().brand<"Id">());
  event("g", z.json());
  event("h", z.object({ any: z.any(), unknown: z.unknown() }));
  event("i", z.enum(["on", "off"]).readonly());
});

check("a payload that refers to itself", () => {
  const Node = z.object({
    name: z.string(),
    get children() {
      return z.array(Node);
    },
  });
  const grown = event("grown", Node);
  typeOf(grown({ name: "a", children: [] }).payload.children[0]?.name).is<string | undefined>();
});

check("a date in a payload", () => {
  // error: Problem<"this is a Date, which JSON cannot hold: keep text, a number or a plain object">
  event("a", z.date());
  // error: Problem<"`at` is a Date, which JSON
  event("b", z.object({ at: z.date() }));
  // error: Problem<"`days[].at` is a Date, which JSON
  event("c", z.object({ days: z.array(z.object({ at: z.date().optional() })) }));
});

check("maps, sets, bigints, symbols and functions in a payload", () => {
  // error: `names` is a Map, which JSON
  event("a", z.object({ names: z.map(z.string(), z.string()) }));
  // error: `names` is a Set, which JSON
  event("b", z.object({ names: z.set(z.string()) }));
  // error: `size` is a bigint, which JSON
  event("c", z.object({ size: z.bigint() }));
  // error: `key` is a symbol, which JSON
  event("d", z.object({ key: z.symbol() }));
  // error: `call` is a function, which JSON
  event("e", z.object({ call: z.custom<() => void>() }));
  // error: is a Date, which JSON cannot hold
  event("f", z.record(z.string(), z.date()));
});

check("an object of a class, which would come back as something else", () => {
  // error: Problem<"`page` is an object of a class, which JSON cannot hold
  event("a", z.object({ page: z.instanceof(URL) }));
  // error: Problem<"`bytes` is an object of a class, which JSON cannot hold
  event("b", z.object({ bytes: z.instanceof(Uint8Array) }));
});

check("all fields that JSON cannot hold are named", () => {
  // error: "`at` is a Date, which JSON … "`size` is a bigint, which JSON
  event("a", z.object({ at: z.date(), size: z.bigint(), name: z.string() }));
});

check("a field deep inside is refused, if not named", () => {
  const deep = z.object({
    a: z.object({ b: z.object({ c: z.object({ d: z.object({ e: z.object({ f: z.date() }) }) }) }) }),
  });
  // error: Problem<"JSON cannot hold all of this: keep only text, numbers, booleans, null, lists and plain objects">
  event("a", deep);
});

check("a function that takes any schema of JSON and hands it on", () => {
  function kept<Item>(name: string, item: JsonOnly<any, Item>): Slice<Item> {
    return slice({ name, item, reducers: () => [] });
  }
  typeOf(kept("s", z.object({ n: z.int() }))).is<Slice<{ n: number }>>();
  // error: "`at` is a Date, which JSON cannot hold
  kept("t", z.object({ at: z.date() }));
});

check("one branch of a union that JSON cannot hold", () => {
  // error: `at` is a Date, which JSON
  event("a", z.union([z.string(), z.object({ at: z.date() })]));
  // error: `at` is a Date, which JSON
  event("b", z.object({ at: z.union([z.string(), z.date()]) }));
});

check("what is taken in may be a date if what is given out is text", () => {
  const stamped = event("a", z.object({ at: z.date().transform((at) => at.toISOString()) }));
  typeOf(stamped({ at: some<Date>() }).payload).is<{ at: string }>();
  // error: `at` is a Date, which JSON
  event("b", z.object({ at: z.string().transform((at) => new Date(at)) }));
});

check("items of a slice", () => {
  // error: `at` is a Date, which JSON
  slice({ name: "s", item: z.object({ at: z.date() }), reducers: () => [] });
});

check("results of a tool", () => {
  tool({ ...about, result: z.object({ at: z.iso.datetime() }), handler: () => ok({ at: "2026-01-01T00:00:00Z" }) });
  // error: `at` is a Date, which JSON
  tool({ ...about, result: z.object({ at: z.date() }), handler: () => ok({ at: some<Date>() }) });
});
