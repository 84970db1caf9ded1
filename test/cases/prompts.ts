import { expect } from "vitest";
import { z } from "zod";
import { type Schema, WinkError } from "../../src/base/index.ts";
import { definePrompt, parseOutput, raw, renderPrompt, section } from "../../src/prompt/index.ts";
import { outputName } from "../../src/prompt/output.ts";
import { ok, tool } from "../../src/tool/index.ts";
import { type Case, mapped, passed, type RunCase, textOf, type Verdict } from "./case.ts";
import { holds } from "./expectation.ts";
import { placeholders } from "./python-names.ts";

const asWritten = "a key is refused or taken as it is written, never trimmed or lower-cased (decision 0008)";

async function sectionKey({ input, expected }: Case): Promise<Verdict> {
  const key = textOf(input);
  const work = (): string => section({ key, title: "T", body: "" }).key;
  const { ok: normal } = expected as { ok?: string };
  if (normal === undefined || normal === key) {
    await holds(expected, work);
    return passed;
  }
  expect(key.trim().toLowerCase()).toBe(normal);
  await holds({ error: "ValueError" }, work);
  if (!normal.includes(".")) return mapped(asWritten);
  return mapped(`${asWritten}; and no key has the "." that joins the keys of a path`);
}

async function promptName({ input, expected }: Case): Promise<Verdict> {
  const { ns, key } = input as { ns: string; key: string };
  const work = (): readonly string[] => {
    const template = definePrompt({ ns, key, sections: [] });
    return [template.ns, template.key];
  };
  const { ok: normal } = expected as { ok?: string[] };
  if (normal === undefined) {
    await holds(expected, work);
    return passed;
  }
  expect([ns, key].map((part) => part.toLowerCase())).toEqual(normal);
  await holds({ error: "PromptValidationError" }, work);
  return mapped(asWritten);
}

const named = (name: string, description: string) =>
  tool({ name, description, effects: "none", handler: () => ok("") });

async function toolName({ input, expected }: Case): Promise<Verdict> {
  const described = input as { len?: number };
  const name = described.len === undefined ? textOf(input) : "a".repeat(described.len);
  await holds(expected, () => named(name, "d").name);
  return passed;
}

async function toolDescription({ input, expected }: Case): Promise<Verdict> {
  await holds(expected, () => named("t", textOf(input)).description);
  return passed;
}

async function template({ input, expected }: Case): Promise<Verdict> {
  const { template: text, params } = input as { template: string; params: { who?: string } };
  const written = placeholders(text);
  await holds(expected, () => {
    const only = section({
      key: "t",
      title: "T",
      params: z.object({ who: z.string().default("world") }),
      body: raw(written),
    });
    return renderPrompt(definePrompt({ ns: "n", key: "k", sections: [only] }).bind(params)).first;
  });
  return written === text
    ? passed
    : mapped("a placeholder is `{{who}}`, and `$` is an ordinary character (src/prompt/placeholder.ts)");
}

async function structuredOutput({ input, expected }: Case): Promise<Verdict> {
  const { container, text, allow_extra_keys: extra } = input as Record<string, unknown>;
  const shape = { title: z.string(), n: z.int().default(0) };
  const item = extra === true ? z.looseObject(shape) : z.strictObject(shape);
  const output: Schema<unknown, object> = container === "array" ? z.array(item) : item;
  const { compiled } = definePrompt({ ns: "n", key: "k", output, sections: [] });
  await holds(expected, async () => {
    if (compiled.output === undefined) throw new Error("no output");
    const parsed = await parseOutput(compiled.output, text as string);
    if (parsed.ok) return parsed.output;
    throw new WinkError("OUTPUT_INVALID", { problem: JSON.stringify(parsed.problems) });
  });
  return passed;
}

/** What holds of prompts, sections, tools' names and answers. */
export const prompts: Readonly<Record<string, RunCase>> = {
  "key.section": sectionKey,
  "prompt.ns_key": promptName,
  "tool.name": toolName,
  "tool.description": toolDescription,
  "render.template": template,
  structured_output: structuredOutput,
  schema_name: ({ input, expected }) => {
    expect(outputName(input as string)).toBe(expected);
    return passed;
  },
};
