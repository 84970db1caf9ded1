import { expect, test } from "vitest";
import type { Message, ModelRequest } from "../index.ts";
import { toolChoiceNow } from "./tool-choice.ts";

const begin: Message = { role: "user", content: [{ type: "text", text: "Begin." }] };
const first: ModelRequest = { system: "", messages: [begin], tools: [] };
const later: ModelRequest = { ...first, messages: [begin, { role: "tool", content: [] }] };

test.each([
  [undefined, undefined],
  ["auto", "auto"],
  ["none", "none"],
  ["required", "auto"],
  [{ tool: "add" }, "auto"],
] as const)("%j is %j once a call has come", (choice, then) => {
  expect(toolChoiceNow(choice, first)).toEqual(choice);
  expect(toolChoiceNow(choice, later)).toEqual(then);
});
