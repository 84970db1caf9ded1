import { fail, type KeyedToolContext, ok, type Returns, type Tool, type ToolContext, tool } from "weakincentives";
import { z } from "zod";
import { check, some, typeOf } from "../check.ts";

const about = { name: "t", description: "A tool." } as const;
const lookUp = z.object({ path: z.string(), limit: z.int().default(2000) });
const found = z.object({ text: z.string() });

check("a handler is given what its schema gives out", () => {
  const made = tool({
    ...about,
    effects: "none",
    params: lookUp,
    result: found,
    handler(params, context) {
      typeOf(params).is<{ path: string; limit: number }>();
      typeOf(context.callId).is<string>();
      return ok({ text: params.path });
    },
  });
  typeOf(made).is<Tool<{ path: string; limit?: number | undefined }, { text: string }>>();
});

check("the order of properties does not matter", () => {
  tool({
    handler: async ({ path, limit }, { signal }) => {
      typeOf(path).is<string>();
      typeOf(limit).is<number>();
      typeOf(signal).is<AbortSignal>();
      return ok({ text: path });
    },
    render: ({ text }) => text,
    result: found,
    params: lookUp,
    effects: "workspace",
    ...about,
  });
});

check("without params there are none, without a result there is text", () => {
  const made = tool({
    ...about,
    effects: "none",
    render: (value) => value.toUpperCase(),
    handler: (params) => {
      typeOf(params).is<{}>();
      return ok("done");
    },
  });
  typeOf(made).is<Tool<{}, string>>();
});

check("a handler may fail only, throw only, or wait", () => {
  tool({ ...about, effects: "none", result: found, handler: () => fail("No.") });
  tool({ ...about, effects: "none", result: found, handler: async () => fail("No.") });
  tool({
    ...about,
    effects: "none",
    result: found,
    handler: () => {
      throw new Error("broken");
    },
  });
  tool({
    ...about,
    effects: "none",
    result: found,
    handler: (_, { signal }) => (signal.aborted ? fail("x") : ok({ text: "" })),
  });
});

check("a function or a method that exists can be the handler", () => {
  async function read({ path }: { path: string }, { signal }: ToolContext) {
    return signal.aborted ? fail("Too late.") : ok({ text: path });
  }
  class Reader {
    read = (params: { path: string }) => ok({ text: params.path });
  }
  tool({ ...about, effects: "none", params: lookUp, result: found, handler: read });
  tool({ ...about, effects: "none", params: lookUp, result: found, handler: new Reader().read });
});

check("a union of params is told apart", () => {
  const params = z.discriminatedUnion("by", [
    z.object({ by: z.literal("path"), path: z.string() }),
    z.object({ by: z.literal("id"), id: z.int() }),
  ]);
  tool({ ...about, effects: "none", params, handler: (asked) => ok(asked.by === "path" ? asked.path : `${asked.id}`) });
});

check("a result is given as its schema takes it in and seen as it gives it out", () => {
  const result = z.object({ lines: z.array(z.string()).transform((lines) => lines.length) });
  const made = tool({
    ...about,
    effects: "none",
    result,
    render: ({ lines }) => lines.toFixed(),
    handler: () => ok({ lines: ["a", "b"] }),
  });
  typeOf(made).is<Tool<{}, { lines: number }> & Returns<{ lines: string[] }>>();
  const written: Tool<{}, { lines: number }> = made;
  typeOf(written.render).is<(value: { lines: number }) => string>();
  // error: Type 'number' is not assignable to type 'string[]'
  tool({ ...about, effects: "none", result, handler: () => ok({ lines: 2 }) });
});

check("a wrong result", () => {
  // error: Type 'number' is not assignable to type 'string'
  tool({ ...about, effects: "none", result: found, handler: () => ok({ text: 3 }) });
});

check("a wrong result of a handler that waits", () => {
  // error: Type 'number' is not assignable to type 'string'
  tool({ ...about, effects: "none", result: found, handler: async () => ok({ text: 3 }) });
});

check("a misspelt field of a result", () => {
  // error: Property 'text' is missing in type '{ txt: string; }' but required in type '{ text: string; }'
  tool({ ...about, effects: "none", result: found, handler: () => ok({ txt: "x" }) });
});

check("a result that is not text needs a schema", () => {
  // error: Type '{ text: string; }' is not assignable to type 'string'
  tool({ ...about, effects: "none", handler: () => ok({ text: "x" }) });
});

check("a value without ok(…)", () => {
  // error: Type '{ text: string; }' is not assignable to type 'Awaitable<ToolResult<
  tool({ ...about, effects: "none", result: found, handler: () => ({ text: "x" }) });
  // error: is not assignable to type 'Awaitable<ToolResult<
  tool({ ...about, effects: "none", handler: () => {} });
});

check("what a handler adds to its value compiles: the schema drops it", () => {
  tool({ ...about, effects: "none", result: found, handler: () => ok({ text: "x", more: 1 }) });
});

check("a parameter that is not there", () => {
  // error: Property 'pth' does not exist on type '{ path: string; limit: number; }'. Did you mean 'path'?
  tool({ ...about, effects: "none", params: lookUp, handler: (params) => ok(params.pth) });
  // error: Property 'path' does not exist on type '{}'.
  tool({ ...about, effects: "none", handler: (params) => ok(params.path) });
});

check("parameters are a schema of an object", () => {
  // error: Type 'string' is not assignable to type 'object'.
  tool({ ...about, effects: "none", params: z.string(), handler: () => ok("x") });
});

check("text for the model is text, made from the value", () => {
  tool({
    ...about,
    effects: "none",
    result: found,
    // error: Type 'number' is not assignable to type 'string'.
    render: ({ text }) => text.length,
    handler: () => ok({ text: "" }),
  });
  // error: Property 'txt' does not exist on type '{ text: string; }'.
  tool({ ...about, effects: "none", result: found, render: ({ txt }) => txt, handler: () => ok({ text: "" }) });
});

check("a misspelt or missing property of a definition", () => {
  // error: Did you mean to write 'timeoutMs'?
  tool({ ...about, effects: "none", timeoutMS: 3, handler: () => ok("x") });
  // error: Property 'handler' is missing
  tool({ ...about, effects: "none" });
  // error: Property 'description' is missing
  tool({ name: "t", effects: "none", handler: () => ok("x") });
});

check("a tool may be costly, and nothing but a yes or no", () => {
  typeOf(tool({ ...about, effects: "none", costly: true, handler: () => ok("x") }).costly).is<boolean>();
  // error: Type 'string' is not assignable to type 'boolean'
  tool({ ...about, effects: "none", costly: "yes", handler: () => ok("x") });
});

check("an example gives what the schema takes in and what the handler may return", () => {
  tool({
    ...about,
    effects: "none",
    overridable: false,
    examples: [
      { description: "The whole file", params: { path: "a.md" }, result: { text: "# A" } },
      { description: "One line", params: { path: "a.md", limit: 1 }, result: { text: "# A" } },
    ],
    params: lookUp,
    result: found,
    handler: ({ limit }) => ok({ text: limit.toFixed() }),
  });
  tool({
    ...about,
    effects: "none",
    result: z.array(z.string()).transform((lines) => lines.length),
    examples: [{ description: "Two lines", params: {}, result: ["a", "b"] }],
    handler: () => ok(["a"]),
  });
  tool({
    ...about,
    effects: "none",
    examples: [{ description: "Nothing", params: {}, result: "" }],
    handler: () => ok(""),
  });
});

check("an example of other params", () => {
  const more = { ...about, effects: "none", params: lookUp, result: found, handler: () => ok({ text: "" }) } as const;
  const result = { text: "" };
  // error: 'pth' does not exist in type '{ path: string; limit?: number | undefined; }'. Did you mean to write 'path'?
  tool({ ...more, examples: [{ description: "d", params: { pth: "a.md" }, result }] });
  // error: Type 'number' is not assignable to type 'string'.
  tool({ ...more, examples: [{ description: "d", params: { path: 7 }, result }] });
  // error: Property 'path' is missing in type '{}' but required in type '{ path: string; limit?: number | undefined; }'.
  tool({ ...more, examples: [{ description: "d", params: {}, result }] });
  // error: Property 'params' is missing in type
  tool({ ...more, examples: [{ description: "d", result }] });
});

check("an example of another result", () => {
  const more = { ...about, effects: "none", params: lookUp, result: found, handler: () => ok({ text: "" }) } as const;
  const params = { path: "a.md" };
  // error: 'txt' does not exist in type '{ text: string; }'. Did you mean to write 'text'?
  tool({ ...more, examples: [{ description: "d", params, result: { txt: "" } }] });
  // error: Type 'string' is not assignable to type '{ text: string; }'.
  tool({ ...more, examples: [{ description: "d", params, result: "" }] });
  // error: Type 'number' is not assignable to type 'string'.
  tool({ ...about, effects: "none", examples: [{ description: "d", params: {}, result: 7 }], handler: () => ok("") });
});

check("a tool written down as a type", () => {
  const made: Tool<{ path: string; limit?: number | undefined }, { text: string }> = tool({
    ...about,
    effects: "none",
    params: lookUp,
    result: found,
    handler: ({ path, limit }) => ok({ text: path.slice(0, limit) }),
  });
  const list: readonly Tool[] = [made, tool({ ...about, effects: "none", handler: () => ok("x") })];
  typeOf(list).is<readonly Tool[]>();
});

check("a maker of tools can leave the types open", () => {
  function counted<In extends object, Out extends object>(
    params: import("weakincentives").Schema<In, Out>,
  ): Tool<In, string> {
    return tool({ ...about, effects: "none", params, handler: (given) => ok(String(Object.keys(given).length)) });
  }
  typeOf(counted(lookUp)).is<Tool<{ path: string; limit?: number | undefined }, string>>();
});

check("a context of a call that changes the outside is one of any call", () => {
  const context: ToolContext = some<KeyedToolContext>();
  typeOf(context.runId).is<string>();
});
