import { z } from "zod";
import { definePrompt, raw, section } from "../../src/prompt/index.ts";
import { ok, tool } from "../../src/tool/index.ts";

/** A tool with two params, one of them described. */
export const lookup = tool({
  name: "lookup",
  description: "Fetch one entity.",
  effects: "none",
  params: z.object({ entity_id: z.string().describe("identifier to look up"), limit: z.int().optional() }),
  result: z.object({ url: z.string() }),
  examples: [{ description: "One.", params: { entity_id: "a" }, result: { url: "https://a.example" } }],
  handler: () => ok({ url: "" }),
});

/** A tool whose params have alternatives. */
export const search = tool({
  name: "search",
  description: "Find entities.",
  effects: "none",
  params: z.discriminatedUnion("by", [
    z.object({ by: z.literal("id"), id: z.int().describe("Number."), most: z.int().describe("How many.") }),
    z.object({ by: z.literal("name"), id: z.string().describe("Name."), most: z.int().describe("How many.") }),
  ]),
  handler: () => ok(""),
});

const fixed = tool({
  name: "fixed",
  description: "Stays.",
  effects: "none",
  overridable: false,
  handler: () => ok(""),
});

/** A prompt of which some can be overridden: `system`, its child `inner` and `text`, and the tools `lookup` and `search`. */
export const welcome = definePrompt({
  ns: "webapp/agents",
  key: "welcome",
  sections: [
    section({
      key: "system",
      title: "System",
      params: z.object({ who: z.string() }),
      body: "You are an assistant for {{who}}.",
      tools: [lookup],
      sections: [
        section({ key: "inner", title: "Inner", body: "Be kind." }),
        section({ key: "locked", title: "Locked", body: "Be quick.", overridable: false, tools: [search, fixed] }),
      ],
    }),
    section({ key: "plan", title: "Plan", body: { text: "plan/v1", write: () => "No plan." } }),
    section({ key: "text", title: "Text", body: raw("  as it is\n    more") }),
  ],
});
