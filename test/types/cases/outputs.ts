import { definePrompt, type Prompt, type PromptTemplate, section } from "weakincentives";
import { modelAdapter } from "weakincentives/adapter";
import type { Model } from "weakincentives/model";
import { z } from "zod";
import { check, some, typeOf } from "../check.ts";

const sections = [section({ key: "a", title: "A", body: "Do it." })] as const;
const adapter = modelAdapter(some<Model>());

check("the output of a prompt has the type of its schema", async () => {
  const output = z.object({ summary: z.string(), issues: z.array(z.string()) });
  const prompt = definePrompt({ ns: "types", key: "o", output, sections });
  typeOf(prompt).is<PromptTemplate<{}, { summary: string; issues: string[] }>>();
  typeOf((await adapter.evaluate(prompt.bind())).output).is<{ summary: string; issues: string[] }>();
});

check("an output can be a list or a union", async () => {
  const list = definePrompt({ ns: "types", key: "l", output: z.array(z.object({ line: z.int() })), sections });
  typeOf((await adapter.evaluate(list.bind())).output).is<{ line: number }[]>();
  const either = z.union([z.object({ found: z.string() }), z.object({ reason: z.string() })]);
  const union = definePrompt({ ns: "types", key: "u", output: either, sections });
  typeOf((await adapter.evaluate(union.bind())).output).is<{ found: string } | { reason: string }>();
});

check("an output is what the schema gives out", async () => {
  const output = z.object({ day: z.iso.date().transform((day) => new Date(day)) });
  const prompt = definePrompt({ ns: "types", key: "t", output, sections });
  typeOf((await adapter.evaluate(prompt.bind())).output.day).is<Date>();
});

check("without an output there is text only", async () => {
  const prompt = definePrompt({ ns: "types", key: "n", sections });
  typeOf(prompt.bind()).is<Prompt<undefined, {}>>();
  const result = await adapter.evaluate(prompt.bind());
  typeOf(result.output).is<undefined>();
  typeOf(result.text).is<string>();
});

check("an output that is neither an object nor a list", () => {
  // error: Type 'string' is not assignable to type 'object'.
  definePrompt({ ns: "types", key: "s", output: z.string(), sections });
  // error: Type '"no" | "yes"' is not assignable to type 'object | undefined'.
  definePrompt({ ns: "types", key: "e", output: z.enum(["yes", "no"]), sections });
});

check("a misspelt property of an output", async () => {
  const prompt = definePrompt({ ns: "types", key: "m", output: z.object({ summary: z.string() }), sections });
  // error: Property 'sumary' does not exist on type '{ summary: string; }'. Did you mean 'summary'?
  return (await adapter.evaluate(prompt.bind())).output.sumary;
});

check("a misspelt property of a prompt", () => {
  // error: 'section' does not exist in type … Did you mean to write 'sections'?
  definePrompt({ ns: "types", key: "p", section: [] });
});
