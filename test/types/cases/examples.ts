import {
  definePrompt,
  ok,
  type Section,
  section,
  step,
  type Tool,
  taskExample,
  taskExamples,
  tool,
} from "weakincentives";
import { z } from "zod";
import { check, some, typeOf } from "../check.ts";

const read = tool({
  name: "read",
  description: "Read a file.",
  effects: "none",
  params: z.object({ path: z.string(), limit: z.int().default(10) }),
  result: z.object({ text: z.string() }),
  handler: ({ path }) => ok({ text: path }),
});
const list = tool({
  name: "list",
  description: "List files.",
  effects: "none",
  result: z.array(z.string()),
  handler: () => ok(["a.md"]),
});
const count = tool({
  name: "count",
  description: "Count lines.",
  effects: "none",
  result: z.object({ lines: z.array(z.string()).transform((lines) => lines.length) }),
  handler: () => ok({ lines: ["a"] }),
});
const say = tool({ name: "say", description: "Say it.", effects: "none", handler: () => ok("a") });

const steps = [
  step(list, { description: "Look around", params: {}, result: ["a.md"] }),
  step(read, { description: "Read it", params: { path: "a.md" }, result: { text: "# A" } }),
  step(count, { description: "Count its lines", params: {}, result: { lines: ["# A"] } }),
  step(say, { description: "Say it", params: {}, result: "One" }),
];

check("task examples are sections that need no params", () => {
  const first = taskExample({ key: "first", objective: "Count the lines", outcome: "One.", steps });
  typeOf(first).is<Section<{}>>();
  const second = taskExample({ key: "second", title: "S", objective: "Count", outcome: { lines: 1 }, steps });
  const examples = taskExamples({ examples: [first, second] });
  typeOf(examples).is<Section<{}>>();
  const tools = section({ key: "tools", title: "T", body: "", tools: [list, read, count, say] });
  definePrompt({ ns: "n", key: "k", sections: [tools, examples] }).bind();
});

check("a step of other params", () => {
  const result = { text: "" };
  // error: 'pth' does not exist in type '{ path: string; limit?: number | undefined; }'. Did you mean to write 'path'?
  step(read, { description: "d", params: { pth: "a.md" }, result });
  // error: Type 'number' is not assignable to type 'string'.
  step(read, { description: "d", params: { path: 7 }, result });
});

check("a step of another result", () => {
  const params = { path: "a.md" };
  // error: Type 'string' is not assignable to type '{ text: string; }'.
  step(read, { description: "d", params, result: "" });
  // error: Type 'number' is not assignable to type 'string'.
  step(list, { description: "d", params: {}, result: [7] });
  // error: Type 'number' is not assignable to type 'string[]'.
  step(count, { description: "d", params: {}, result: { lines: 1 } });
  // error: Type 'number' is not assignable to type 'string'.
  step(say, { description: "d", params: {}, result: 7 });
  // error: Property 'result' is missing in type
  step(read, { description: "d", params });
});

check("a step of a tool by its name", () => {
  // error: Argument of type 'string' is not assignable to parameter of type 'Tool<
  step("read", { description: "d", params: {}, result: "" });
});

check("a step of a tool that is known only as one is checked when the example is made", () => {
  step(some<Tool>(), { description: "d", params: { any: 1 }, result: 7 });
});

check("a step that was written down without a tool", () => {
  // error: Property 'tool' is missing in type
  taskExample({ key: "k", objective: "o", outcome: "x", steps: [{ description: "d", params: {}, result: "" }] });
});

check("an outcome is text, an object or a list", () => {
  taskExample({ key: "k", objective: "o", outcome: [{ title: "a" }], steps });
  // error: Type 'number' is not assignable to type 'string | object'.
  taskExample({ key: "k", objective: "o", outcome: 7, steps });
});
