import { raw, section } from "weakincentives";
import { z } from "zod";
import { check, some } from "../check.ts";

const person = z.object({ name: z.string(), age: z.int() });

check("text, numbers and booleans can be shown", () => {
  const params = z.object({ name: z.string(), age: z.number(), adult: z.boolean() });
  section({ key: "a", title: "A", params, body: "{{name}} is {{age}}, adult: {{adult}}, {{name}}" });
});

check("literals, enums, brands and unions of what can be shown can be shown", () => {
  const params = z.object({
    kind: z.enum(["bug", "idea"]),
    level: z.literal([1, 2]),
    id: z.string().brand<"Id">(),
    either: z.union([z.string(), z.boolean()]),
  });
  section({ key: "a", title: "A", params, body: "{{kind}} {{level}} {{id}} {{either}}" });
});

check("a misspelt placeholder is named, with the names there are", () => {
  // error: TextProblem<"{{nam}} is not declared in params", "age" | "name">
  section({ key: "a", title: "A", params: person, body: "Hello {{nam}}" });
});

check("a misspelt placeholder in a long body is told without the body", () => {
  section({
    key: "a",
    title: "A",
    params: person,
    // error: Type 'string' is not assignable to type 'TextProblem<"{{nam}} is not declared in params", "age" | "name">'.
    body: `You are a careful reviewer of code. Read before you judge, and judge only what you have read.
      Say for each finding in which file and on which line it stands, and quote the line as it stands there.
      A finding without a quoted line is worth nothing, because nobody can look it up. Say what goes wrong, for whom,
      and when; then say what to do about it in one sentence. Begin with what does most harm. Leave out what a
      formatter would find. When you are not sure, say so. The author is {{nam}}, who is {{age}} years old and has
      asked for your honest word. Do not write more than a page: three findings that matter are worth more than
      thirty that do not. If there is nothing to say, say that there is nothing to say, and stop.`,
  });
});

check("all that is wrong with a text is told", () => {
  const params = z.object({ name: z.string(), tags: z.array(z.string()) });
  // error: "{{nam}} is not declared in params" … "{{tags}} must be text, a number or a boolean
  section({ key: "a", title: "A", params, body: "{{nam}} {{name}} {{tags}}" });
});

check("a placeholder without any params", () => {
  // error: TextProblem<"{{name}} is not declared in params", never>
  section({ key: "a", title: "A", body: "Hello {{name}}" });
});

check("what may be missing cannot be shown", () => {
  const params = z.object({ nick: z.string().optional(), born: z.string().nullable() });
  // error: "{{nick}} must be text, a number or a boolean, and never undefined; use .transform() or .default()"
  section({ key: "a", title: "A", params, body: "{{nick}}" });
  // error: "{{born}} must be text, a number or a boolean, and never undefined; use .transform() or .default()"
  section({ key: "b", title: "B", params, body: "{{born}}" });
});

check("lists, objects, dates and bigints cannot be shown", () => {
  const params = z.object({
    list: z.array(z.string()),
    one: z.object({}),
    day: z.date(),
    big: z.bigint(),
    any: z.unknown(),
  });
  // error: "{{list}} must be text
  section({ key: "a", title: "A", params, body: "{{list}}" });
  // error: "{{one}} must be text
  section({ key: "b", title: "B", params, body: "{{one}}" });
  // error: "{{day}} must be text
  section({ key: "c", title: "C", params, body: "{{day}}" });
  // error: "{{big}} must be text
  section({ key: "d", title: "D", params, body: "{{big}}" });
  // error: "{{any}} must be text
  section({ key: "e", title: "E", params, body: "{{any}}" });
});

check("a default or a transform makes a param one that can be shown", () => {
  const params = z.object({
    nick: z.string().default("you"),
    tags: z.array(z.string()).transform((tags) => tags.join(", ")),
  });
  section({ key: "a", title: "A", params, body: "{{nick}} {{tags}}" });
});

check("placeholders show what the schema gives out, not what it takes in", () => {
  const params = z
    .object({ first: z.string(), last: z.string() })
    .transform(({ first, last }) => ({ full: `${first} ${last}` }));
  section({ key: "a", title: "A", params, body: "{{full}}" });
  // error: TextProblem<"{{first}} is not declared in params", "full">
  section({ key: "b", title: "B", params, body: "{{first}}" });
});

check("a schema of any keys takes any placeholder", () => {
  section({ key: "a", title: "A", params: z.record(z.string(), z.string()), body: "{{whatever}}" });
});

check("only an identifier in double braces is a placeholder", () => {
  section({ key: "a", title: "A", body: "{name} {{na-me}} {{name.first}} {{1st}} {{}} { {x} } {{{{name}} ${name}" });
});

check("text known only at run time is refused, and the way is named", () => {
  const loaded = some<string>();
  // error: Problem<"this must be one string literal, without ${…}; wrap text known only at run time in raw()">
  section({ key: "a", title: "A", body: loaded });
  section({ key: "b", title: "B", body: raw(loaded) });
});

check("an interpolation is refused", () => {
  const name = some<string>();
  // error: this must be one string literal, without ${…}
  section({ key: "a", title: "A", body: `Hello ${name}` });
  // error: this must be one string literal, without ${…}
  // biome-ignore lint/style/useTemplate: this form is the case
  section({ key: "b", title: "B", body: "Hello " + name });
});

check("a choice between two literals is checked in both", () => {
  const short = some<boolean>();
  section({ key: "a", title: "A", params: person, body: short ? "{{name}}" : "{{name}}, {{age}}" });
  // error: "{{nam}} is not declared in params"
  section({ key: "b", title: "B", params: person, body: short ? "{{name}}" : "{{nam}}, {{age}}" });
  // error: this must be one string literal
  section({ key: "c", title: "C", params: person, body: short ? "{{name}}" : some<string>() });
});

check("a literal with a name of its own is a literal", () => {
  const text = "Hello {{name}}";
  section({ key: "a", title: "A", params: person, body: text });
  const other = "Hello {{nam}}";
  // error: TextProblem<"{{nam}} is not declared in params", "age" | "name">
  section({ key: "b", title: "B", params: person, body: other });
});

check("a section without a body", () => {
  // error: Property 'body' is missing in type
  section({ key: "a", title: "A" });
});

check("an object is no text", () => {
  // error: Property 'write' is missing in type '{ text: string; }' but required in type 'StateText<{}>'.
  section({ key: "a", title: "A", body: { text: "x" } });
});
