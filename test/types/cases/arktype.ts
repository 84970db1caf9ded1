import { type } from "arktype";
import {
  append,
  definePrompt,
  event,
  ok,
  type Prompt,
  type PromptTemplate,
  type Slice,
  section,
  slice,
  type Tool,
  tool,
} from "weakincentives";
import { z } from "zod";
import { check, typeOf } from "../check.ts";

const about = { name: "t", description: "A tool.", effects: "none" } as const;

check("params of another schema library", () => {
  const made = section({
    key: "a",
    title: "A",
    params: type({ name: "string", age: "number = 3" }),
    body: "{{name}} {{age}}",
  });
  const prompt = definePrompt({ ns: "types", key: "ark", sections: [made] });
  typeOf(prompt.bind({ name: "x" })).is<Prompt<undefined, { name: string; age?: number }>>();
  // error: TextProblem<"{{nam}} is not declared in params", "name">
  section({ key: "b", title: "B", params: type({ name: "string" }), body: "{{nam}}" });
  // error: "{{nick}} must be text, a number or a boolean, and never undefined
  section({ key: "c", title: "C", params: type({ "nick?": "string" }), body: "{{nick}}" });
});

check("two schema libraries in one prompt", () => {
  const ark = section({ key: "a", title: "A", params: type({ name: "string" }), body: "{{name}}" });
  const zod = section({ key: "z", title: "Z", params: z.object({ age: z.int() }), body: "{{age}}" });
  const prompt = definePrompt({ ns: "types", key: "both", output: type({ summary: "string" }), sections: [ark, zod] });
  typeOf(prompt).is<PromptTemplate<{ name: string; age: number }, { summary: string }>>();
});

check("tools, events and slices of another schema library", () => {
  const made = tool({
    ...about,
    params: type({ path: "string", "limit?": "number" }),
    result: type({ text: "string" }),
    handler: ({ path, limit }) => ok({ text: path.slice(0, limit) }),
  });
  typeOf(made).is<Tool<{ path: string; limit?: number }, { text: string }>>();
  const Read = event("read", type({ path: "string" }));
  const reads = slice({
    name: "reads",
    item: type({ path: "string" }),
    reducers: (on) => [on(Read, (_, { payload }) => append(payload))],
  });
  typeOf(reads).is<Slice<{ path: string }>>();
  // error: Type 'number' is not assignable to type 'string'
  tool({ ...about, result: type({ text: "string" }), handler: () => ok({ text: 3 }) });
  // error: "`at` is a Date, which JSON cannot hold
  event("b", type({ at: "Date" }));
});
