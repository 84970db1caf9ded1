/** Long answers that would take minutes if they were read again from each of their brackets. */
import { expect, test } from "vitest";
import { z } from "zod";
import { present } from "../base/index.ts";
import { definePrompt, parseOutput } from "./index.ts";

const prompt = definePrompt({ ns: "test", key: "out", output: z.object({ title: z.string() }), sections: [] });
const megabyte = 1_000_000;
const deep = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;

test.each([
  ["opening braces only", "{".repeat(megabyte)],
  ["opening brackets only", "[".repeat(megabyte)],
  ["closing braces only", "}".repeat(megabyte)],
  ["quotes only", '"'.repeat(megabyte)],
  ["backslashes in a string", `["${"\\".repeat(megabyte)}`],
  ["objects within objects", '{"a":'.repeat(megabyte / 5)],
  ["lists in a string that does not end", `["${"[ ".repeat(megabyte / 2)}`],
  ["a list that does not end within many", `${"[".repeat(190)}${"1,".repeat(megabyte / 2)}`],
  ["fences", "```json\n".repeat(megabyte / 8)],
  ["a fence and space", `\`\`\`json${" ".repeat(megabyte)}`],
  ["fences behind text", "x```json\n".repeat(megabyte / 9)],
  ["fences without an end of line", "```json ".repeat(megabyte / 8)],
  ["ticks", "`".repeat(megabyte)],
  ["carriage returns in a fence", `\`\`\`json\n${"\r".repeat(megabyte)}`],
  ["line separators in a fence", `\`\`\`json\n${"\u2028".repeat(megabyte)}x\`\`\``],
  ["ticks that begin no line", `\`\`\`json\n${" `".repeat(megabyte / 4)}${" ```".repeat(megabyte / 8)}`],
  ["lines of space in a fence", `\`\`\`json\n${" \n".repeat(megabyte / 2)}`],
  ["nesting deeper than anybody needs", deep],
  ["nesting deeper than anybody needs in a fence", `\`\`\`json\n${deep}\n\`\`\``],
  ["wrong numbers", "[01]".repeat(megabyte / 4)],
  ["a wrong number after much nesting", `${"[".repeat(150)}${"0".repeat(megabyte)}`],
])("an answer of %s is refused soon", async (_what, text) => {
  const output = present(prompt.compiled.output, "the prompt asks for an output");
  expect((await parseOutput(output, text)).ok).toBe(false);
});
