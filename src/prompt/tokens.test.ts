import { expect, test } from "vitest";
import { z } from "zod";
import { ok, tool } from "../tool/index.ts";
import { definePrompt, renderPrompt, section } from "./index.ts";

const look = tool({ name: "look", description: "Look.", effects: "none", handler: () => ok("") });
const rules = section({ key: "rules", title: "Rules", body: "Be brief.", tools: [look] });
const more = section({ key: "more", title: "More", body: "Long.", summary: "Short.", visibility: "summary" });
const ask = section({ key: "ask", title: "Ask", params: z.object({ name: z.string() }), body: "For {{name}}." });
const prompt = definePrompt({
  ns: "test",
  key: "tokens",
  output: z.object({ done: z.boolean() }),
  sections: [rules, more, ask],
}).bind({ name: "Ada" });

test("tokens are counted for each section's text and tools, and for what belongs to none", () => {
  const { tokens, tools, output } = renderPrompt(prompt, { countTokens: (text) => text.length });
  const specs = tools.map(
    ({ name, description, parameters }) => JSON.stringify({ name, description, parameters }).length,
  );
  expect(tokens?.sections).toEqual([
    { path: "rules", text: "## 1. Rules (rules)\n\nBe brief.".length, tools: specs[0] },
    { path: "more", text: expect.any(Number), tools: 0 },
    { path: "ask", text: "## 3. Ask (ask)\n\nFor Ada.".length, tools: 0 },
  ]);
  expect(tokens?.rest).toBe((specs[1] ?? 0) + JSON.stringify(output?.jsonSchema).length);
  const ofSections = (tokens?.sections ?? []).reduce((sum, { text, tools }) => sum + text + tools, 0);
  expect(tokens?.total).toBe(ofSections + (tokens?.rest ?? 0));
});

test("tokens are counted when they are read, and once", () => {
  let counted = 0;
  const rendered = renderPrompt(prompt, {
    countTokens: () => {
      counted++;
      return 1;
    },
  });
  expect(counted).toBe(0);
  expect(rendered.tokens).toBe(rendered.tokens);
  expect(counted).toBe(6);
});

test("without a counter nothing is known of tokens", () => {
  expect(renderPrompt(prompt).tokens).toBeUndefined();
});
