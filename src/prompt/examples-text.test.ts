import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ok, tool } from "../tool/index.ts";
import { examplesText } from "./examples-text.ts";

const plain = tool({ name: "plain", description: "Has none.", effects: "none", handler: () => ok("") });
const grep = tool({
  name: "grep",
  description: "Find lines.",
  effects: "none",
  params: z.object({ pattern: z.string(), in: z.array(z.string()).default([]) }),
  handler: () => ok(""),
  examples: [
    { description: "Two hits", params: { pattern: "é|{{x}}", in: ["a, b", "c: d"] }, result: "a:1\n\r\n  b:2\n" },
    { description: "None", params: { pattern: "x", in: [] }, result: "" },
  ],
});
const shout = tool({
  name: "shout",
  description: "Say it.",
  effects: "none",
  handler: () => ok(""),
  examples: [{ description: "Loud", params: {}, result: "```\nHEY\n`````" }],
});

describe("the text of examples", () => {
  test("is empty when no tool has any", () => {
    expect(examplesText([])).toBe("");
    expect(examplesText([plain])).toBe("");
  });

  test("shows only tools that have some, their params on one line, their output line by line", () => {
    expect(examplesText([plain, grep])).toBe(
      [
        "Tools:",
        "- grep: Find lines.",
        "  - grep examples:",
        "    - description: Two hits",
        "      input:",
        "        ```json",
        '        {"pattern": "é|{{x}}", "in": ["a, b", "c: d"]}',
        "        ```",
        "      output:",
        "        ```",
        "        a:1",
        "",
        "          b:2",
        "",
        "        ```",
        "    - description: None",
        "      input:",
        "        ```json",
        '        {"pattern": "x", "in": []}',
        "        ```",
        "      output:",
        "        ```",
        "        ```",
      ].join("\n"),
    );
  });

  test("has fences that the text within cannot end", () => {
    expect(examplesText([shout])).toContain(
      ["", "``````", "```", "HEY", "`````", "``````"].map((line) => (line === "" ? "" : `        ${line}`)).join("\n"),
    );
  });

  test("takes tools as they are shown", () => {
    expect(examplesText([{ ...shout, description: "Überlaut." }])).toContain("- shout: Überlaut.\n");
  });
});
