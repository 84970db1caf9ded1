import { type BindOptions, definePrompt, type Prompt, section } from "weakincentives";
import { z } from "zod";
import { check, typeOf } from "../check.ts";

const repository = section({ key: "repository", title: "R", params: z.object({ name: z.string() }), body: "{{name}}" });
const request = section({ key: "request", title: "Q", params: z.object({ request: z.string() }), body: "{{request}}" });
const review = definePrompt({ ns: "types", key: "review", sections: [repository, request] });

check("bind takes the params of all sections as one object", () => {
  typeOf(review.bind).is<
    (
      params: { name: string; request: string },
      options?: BindOptions,
    ) => Prompt<undefined, { name: string; request: string }>
  >();
  typeOf(review.bind({ name: "acme/app", request: "Find bugs" })).is<
    Prompt<undefined, { name: string; request: string }>
  >();
});

check("a missing param is named", () => {
  // error: Property 'request' is missing in type '{ name: string; }' but required in type '{ name: string; request: string; }'.
  review.bind({ name: "acme/app" });
  // error: Expected 1-2 arguments, but got 0.
  review.bind();
});

check("a param that no section declares", () => {
  // error: 'depth' does not exist in type '{ name: string; request: string; }'.
  review.bind({ name: "acme/app", request: "Find bugs", depth: 3 });
});

check("a misspelt param is corrected", () => {
  // error: 'reqest' does not exist in type '{ name: string; request: string; }'. Did you mean to write 'request'?
  review.bind({ name: "acme/app", reqest: "Find bugs" });
});

check("a param of a wrong type", () => {
  // error: Type 'number' is not assignable to type 'string'.
  review.bind({ name: 3, request: "Find bugs" });
});

check("bind takes what the schemas take in", () => {
  const params = z.object({ depth: z.int().default(3), tags: z.array(z.string()).transform((tags) => tags.join()) });
  const prompt = definePrompt({
    ns: "types",
    key: "input",
    sections: [section({ key: "a", title: "A", params, body: "{{depth}} {{tags}}" })],
  });
  typeOf(prompt.bind({ tags: ["a"] })).is<Prompt<undefined, { tags: string[]; depth?: number | undefined }>>();
  // error: Type 'string' is not assignable to type 'string[]'.
  prompt.bind({ tags: "a,b" });
});

check("a transform of the whole object is bound by its input", () => {
  const params = z.object({ first: z.string() }).transform(({ first }) => ({ full: first }));
  const prompt = definePrompt({
    ns: "types",
    key: "whole",
    sections: [section({ key: "a", title: "A", params, body: "{{full}}" })],
  });
  prompt.bind({ first: "Ada" });
  // error: 'full' does not exist in type '{ first: string; }'.
  prompt.bind({ full: "Ada" });
});

check("params that are all optional may be left out", () => {
  const params = z.object({ depth: z.int().default(3) });
  const prompt = definePrompt({
    ns: "types",
    key: "optional",
    sections: [section({ key: "a", title: "A", params, body: "{{depth}}" })],
  });
  prompt.bind();
  prompt.bind({});
  prompt.bind({ depth: 4 });
  // error: Type 'string' is not assignable to type 'number'.
  prompt.bind({ depth: "4" });
});

check("a prompt without params is bound without arguments", () => {
  const prompt = definePrompt({
    ns: "types",
    key: "none",
    sections: [section({ key: "a", title: "A", body: "Hello." })],
  });
  typeOf(prompt.bind()).is<Prompt<undefined, {}>>();
  typeOf(definePrompt({ ns: "types", key: "empty", sections: [] }).bind()).is<Prompt<undefined, {}>>();
});

check("a union of params stays a union", () => {
  const params = z.union([z.object({ path: z.string() }), z.object({ url: z.string() })]);
  const prompt = definePrompt({
    ns: "types",
    key: "union",
    sections: [section({ key: "a", title: "A", params, body: "Read it." })],
  });
  prompt.bind({ path: "a" });
  prompt.bind({ url: "b" });
  // error: Argument of type '{}' is not assignable to parameter of type '{ path: string; } | { url: string; }'.
  prompt.bind({});
});

check("the same param in two sections is given once", () => {
  const again = section({ key: "again", title: "A", params: z.object({ name: z.string() }), body: "{{name}}" });
  const prompt = definePrompt({ ns: "types", key: "same", sections: [repository, again] });
  typeOf(prompt.bind({ name: "x" })).is<Prompt<undefined, { name: string }>>();
});

check("a param that one section requires is required, even if another has a default", () => {
  const params = z.object({ name: z.string().default("x") });
  const easy = section({ key: "easy", title: "E", params, body: "{{name}}" });
  const prompt = definePrompt({ ns: "types", key: "required", sections: [easy, repository] });
  // error: Expected 1-2 arguments, but got 0.
  prompt.bind();
});

check("two sections whose params disagree cannot be bound, and the param is named", () => {
  const other = section({ key: "other", title: "O", params: z.object({ name: z.int() }), body: "{{name}}" });
  const prompt = definePrompt({ ns: "types", key: "conflict", sections: [repository, other] });
  // error: 'Problem<"param 'name' has different types in two sections; use one type or two names">'
  prompt.bind({ name: "x" });
  // error: Expected 1 arguments, but got 0.
  prompt.bind();
});

check("a child that disagrees with its parent cannot be bound", () => {
  const child = section({ key: "child", title: "C", params: z.object({ id: z.int() }), body: "{{id}}" });
  const parent = section({
    key: "p",
    title: "P",
    params: z.object({ id: z.string() }),
    body: "{{id}}",
    sections: [child],
  });
  const prompt = definePrompt({ ns: "types", key: "family", sections: [parent] });
  // error: 'Problem<"param 'id' has different types in two sections; use one type or two names">'
  prompt.bind({ id: "x" });
});

check("sections whose params exclude each other cannot be bound", () => {
  const one = section({ key: "one", title: "1", params: z.object({ mode: z.literal("a") }), body: "{{mode}}" });
  const two = section({ key: "two", title: "2", params: z.object({ mode: z.literal("b") }), body: "{{mode}}" });
  const prompt = definePrompt({ ns: "types", key: "exclude", sections: [one, two] });
  // error: two sections declare a param with values that exclude each other
  prompt.bind({ mode: "a" });
});

check("params that disagree deep inside are refused where they are given", () => {
  const one = section({ key: "one", title: "1", params: z.object({ at: z.object({ line: z.int() }) }), body: "A" });
  const two = section({ key: "two", title: "2", params: z.object({ at: z.object({ line: z.string() }) }), body: "B" });
  const prompt = definePrompt({ ns: "types", key: "deep", sections: [one, two] });
  // error: Type 'number' is not assignable to type 'never'.
  prompt.bind({ at: { line: 3 } });
});

check("a bound prompt is bound again with some params", () => {
  const prompt = review.bind({ name: "a", request: "b" });
  typeOf(prompt.bind({ name: "c" })).is<Prompt<undefined, { name: string; request: string }>>();
  // error: Did you mean to write 'name'?
  prompt.bind({ nam: "c" });
});

check("params are a schema of an object", () => {
  // error: Type 'string' is not assignable to type 'object'.
  section({ key: "a", title: "A", params: z.string(), body: "A" });
  // error: 'name' does not exist in type 'Schema<{}, {}>'.
  section({ key: "b", title: "B", params: { name: z.string() }, body: "B" });
});

check("bind takes resources by their name", () => {
  review.bind({ name: "a", request: "b" }, { resources: [] });
  // error: Did you mean to write 'resources'?
  review.bind({ name: "a", request: "b" }, { resorces: [] });
});
